using System.Text;
using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>Decides about commits that depend on what is there: on the disk, and when the group under way was published.</summary>
/// <remarks>For the thread of the journal, which alone changes what is there. Most commits replace what there may be: they cost nothing.</remarks>
internal sealed class CommitPlanner
{
    private const int NumberMax = 1 << 24;

    private readonly IFileStore _files;
    private readonly int _nameBytesMax;
    private readonly List<(Commit Commit, CommitEntry Entry)> _group;
    private readonly HashSet<string> _stored, _unsettled; // names that the group gives a file; that it takes one from, or moves one to
    private int _seen; // so many of the group are among them

    /// <param name="files">what is there</param>
    /// <param name="nameBytesMax">numbered names are not longer</param>
    /// <param name="group">what will be published before</param>
    public CommitPlanner(IFileStore files, int nameBytesMax, List<(Commit Commit, CommitEntry Entry)> group)
    {
        (_files, _nameBytesMax, _group) = (files, nameBytesMax, group);
        (_stored, _unsettled) = (new HashSet<string>(files.NameComparer), new HashSet<string>(files.NameComparer));
    }

    public CommitPlan For(Commit commit)
    {
        if (commit is Commit.Whole or Commit.Part && commit.Exists == ExistsRule.Replace)
            return new CommitPlan(commit.Name);
        LookAtGroup();
        try
        {
            return commit switch
            {
                Commit.Removal removal => ForRemoval(removal),
                Commit.Renaming renaming => ForRenaming(renaming),
                _ => _unsettled.Contains(commit.Name.Value) ? CommitPlan.Later : ForNew(commit.Name, commit.Exists),
            };
        }
        catch (StorageException e)
        {
            return CommitPlan.No(new Verdict.Outcome.Failed(e));
        }
    }

    /// <summary>The group was published, or given up.</summary>
    public void BeginGroup()
    {
        _seen = 0;
        _stored.Clear();
        _unsettled.Clear();
    }

    private void LookAtGroup()
    {
        for (; _seen < _group.Count; _seen++)
        {
            var entry = _group[_seen].Entry;
            (entry.Kind is CommitKind.Removal or CommitKind.Renaming ? _unsettled : _stored).Add(entry.Name.Value);
            if (entry.To is { } to)
                _unsettled.Add(to.Value);
        }
    }

    private CommitPlan ForRemoval(Commit.Removal removal)
    {
        if (IsTouched(removal.Name))
            return CommitPlan.Later;
        if (_files.Stat(removal.Name) is not { } found)
            return NotThere(removal.Name, $"cannot delete '{removal.Name}'");
        return removal.OnlyIf is { } expected && !IsStill(expected, found)
            ? No(Rejection.Changed)
            : new CommitPlan(removal.Name) { Found = found };
    }

    private CommitPlan ForRenaming(Commit.Renaming renaming)
    {
        if (IsTouched(renaming.Name) || IsTouched(renaming.To))
            return CommitPlan.Later;
        if (_files.Stat(renaming.Name) is not { } found)
            return NotThere(renaming.Name, $"cannot rename '{renaming.Name}'");
        var isItself = _files.NameComparer.Equals(renaming.Name.Value, renaming.To.Value);
        return ForNew(renaming.To, isItself ? ExistsRule.Replace : renaming.Exists) with { Found = found };
    }

    private CommitPlan ForNew(FileName name, ExistsRule rule) => rule switch
    {
        ExistsRule.Refuse when IsTaken(name) => No(Rejection.Exists),
        ExistsRule.KeepBoth when IsTaken(name) => new CommitPlan(FirstFree(name)),
        _ => new CommitPlan(name),
    };

    /// <summary>
    /// The first few numbers are tried one after the other; then in growing steps and back by halves, or a client could keep all
    /// others waiting with a name that it sends again and again.
    /// </summary>
    private FileName FirstFree(FileName name)
    {
        var (taken, free) = (1, 2);
        while (IsTaken(name.Numbered(free, _nameBytesMax)))
        {
            taken = free;
            free = free < 16 ? free + 1 : free * 2;
            if (free > NumberMax)
                throw new StorageException(StorageFault.NameTaken, $"cannot store '{name}'", "its numbers are used up", "remove some");
        }
        while (free - taken > 1)
        {
            var middle = (taken + free) / 2;
            if (IsTaken(name.Numbered(middle, _nameBytesMax)))
                taken = middle;
            else
                free = middle;
        }
        var numbered = name.Numbered(free, _nameBytesMax);
        if (Encoding.UTF8.GetByteCount(numbered.Value) > Math.Max(_nameBytesMax, Encoding.UTF8.GetByteCount(name.Value)))
        {
            throw new StorageException(StorageFault.NameRefused, $"cannot store '{name}'", "with a number it is too long",
                "send it under a shorter name");
        }
        return numbered;
    }

    private bool IsTouched(FileName name) => _stored.Contains(name.Value) || _unsettled.Contains(name.Value);

    private bool IsTaken(FileName name) => IsTouched(name) || _files.Exists(name);

    /// <summary>The same file, or one of the same content that took its place.</summary>
    private static bool IsStill(in StoredFile expected, in StoredFile found) =>
        found.IsSameAs(expected) || (found.Size == expected.Size && found.Md5 is { } md5 && md5 == expected.Md5);

    private CommitPlan NotThere(FileName name, string what) => _files.Exists(name)
        ? CommitPlan.No(new Verdict.Outcome.Failed(new StorageException(
            StorageFault.NameTaken, what, "what has this name is no file", "name a file")))
        : No(Rejection.NameUnknown);

    private static CommitPlan No(Rejection rejection) =>
        CommitPlan.No(new Verdict.Outcome.Refused(new Refusal(rejection, ""), Offset: null));
}
