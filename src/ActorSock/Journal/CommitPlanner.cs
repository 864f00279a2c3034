using System.Text;
using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>Decides about commits that depend on what is there: on the disk, and when the group under way was published.</summary>
/// <remarks>
/// For the thread of the journal, which alone changes what is there. What could not be published is refused before it is in the log:
/// there it would seem to have replaced what stands in its way, until it is taken back.
/// </remarks>
internal sealed class CommitPlanner
{
    private const int NumberMax = 1 << 24;

    private readonly IFileStore _files;
    private readonly int _nameBytesMax;
    private readonly List<(Commit Commit, CommitEntry Entry)> _group;
    private readonly GroupNames _names;
    private int _seen; // so many of the group are among them

    /// <param name="files">what is there</param>
    /// <param name="nameBytesMax">numbered names are not longer</param>
    /// <param name="group">what will be published before</param>
    public CommitPlanner(IFileStore files, int nameBytesMax, List<(Commit Commit, CommitEntry Entry)> group)
    {
        (_files, _nameBytesMax, _group) = (files, nameBytesMax, group);
        _names = new GroupNames(files.NameComparer);
    }

    public CommitPlan For(Commit commit)
    {
        LookAtGroup();
        try
        {
            var plan = commit switch
            {
                Commit.Removal removal => ForRemoval(removal),
                Commit.Renaming renaming => ForRenaming(renaming),
                _ => ForNew(commit.Name, commit.Exists),
            };
            if (plan.Waits || plan.Refused is not null)
                return plan;
            if (MustWait(commit, plan.Name))
                return CommitPlan.Later;
            _files.ThrowIfTaken(plan.Name);
            return plan;
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
        _names.Clear();
    }

    private void LookAtGroup()
    {
        for (; _seen < _group.Count; _seen++)
            _names.Add(_group[_seen].Entry);
    }

    private bool MustWait(Commit commit, FileName name) => commit switch
    {
        Commit.Removal => false,
        Commit.Renaming renaming => _names.AreInTheWayOf(name.Value) || _names.UpsetOrder(renaming.Name.Folder, name.Folder),
        Commit.Part => _names.AreInTheWayOf(name.Value) || _names.UpsetOrder(from: null, name.Folder),
        _ => _names.AreInTheWayOf(name.Value),
    };

    private CommitPlan ForRemoval(Commit.Removal removal)
    {
        if (_names.Touch(removal.Name.Value))
            return CommitPlan.Later;
        if (_files.Stat(removal.Name) is not { } found)
            return NotThere(removal.Name, $"cannot delete '{removal.Name}'");
        return removal.OnlyIf is { } expected && !IsStill(expected, found)
            ? No(Rejection.Changed)
            : new CommitPlan(removal.Name) { Found = found };
    }

    private CommitPlan ForRenaming(Commit.Renaming renaming)
    {
        if (_names.Touch(renaming.Name.Value) || _names.Touch(renaming.To.Value))
            return CommitPlan.Later;
        if (_files.Stat(renaming.Name) is not { } found)
            return NotThere(renaming.Name, $"cannot rename '{renaming.Name}'");
        if (renaming.OnlyIf is { } expected && !IsStill(expected, found))
            return No(Rejection.Changed);
        var isItself = _files.NameComparer.Equals(renaming.Name.Value, renaming.To.Value);
        return ForNew(renaming.To, isItself ? ExistsRule.Replace : renaming.Exists) with { Found = found };
    }

    private CommitPlan ForNew(FileName name, ExistsRule rule) => rule switch
    {
        ExistsRule.Replace => new CommitPlan(name),
        _ when _names.Unsettle(name.Value) => CommitPlan.Later,
        // Whether the file of the group will be there is known when it is: nobody is told of one that never was.
        ExistsRule.Refuse when _names.Touch(name.Value) => CommitPlan.Later,
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

    private bool IsTaken(FileName name) => _names.Touch(name.Value) || _files.Exists(name);

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
