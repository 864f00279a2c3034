using System.Security.Cryptography;
using System.Text;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Tests.Files;
using ActorSock.Wire;

namespace ActorSock.Tests.Journal;

/// <summary>Does to a root what a node does, in random order, as far as to some step; and knows what has to be there in the end.</summary>
internal sealed class FileHistory(Random random, bool portable, string[] names, Action<string> tell) : IDisposable
{
    private readonly ScratchRoot _scratch = new();
    private readonly Dictionary<string, string> _expected = [];
    private readonly HashSet<string> _unsynced = []; // bodies that the log has, and which are not synced
    private readonly FolderStates? _states = FolderStates.CanBeKept ? new FolderStates() : null;
    private readonly List<long> _numbers = [];
    private readonly Dictionary<DateTimeOffset, string> _bodies = []; // of large files, by the time of their commits
    private DateTimeOffset _time = new(2126, 11, 20, 12, 0, 0, TimeSpan.Zero); // files are sealed before they are committed
    private FileHistoryTests.Left _left;
    private long _published;
    private int _parts;

    public void Dispose()
    {
        _scratch.Dispose();
        _states?.Dispose();
    }

    /// <summary>Some groups, checkpoints in between, and an end in the middle of publishing the last group.</summary>
    public void LiveAndDie(FileHistoryTests.Left left)
    {
        _left = left;
        using var store = _scratch.Open(portable);
        using var log = Begin(store);
        _published = log.NextNumber - 1;
        _numbers.Clear();
        _unsynced.Clear();
        _states?.Begin(_scratch);
        for (var groups = random.Next(1, 6); groups > 0; groups--)
        {
            if (random.Next(4) == 0 && log.TrySwitch() is { } checkpoint)
            {
                store.SyncAll();
                checkpoint.Complete();
                _numbers.Clear();
                _unsynced.Clear();
                _states?.Begin(_scratch);
            }
            if (random.Next(2) == 0 && names[random.Next(names.Length)] is var folder && store.RemoveEmptyFolder(Name(folder)))
            {
                tell($"  somebody removes the folder {folder}");
                _states?.Keep(_scratch);
            }
            var group = Group(store);
            foreach (var entry in group)
            {
                log.TryAdd(entry, out var number).ShouldBeTrue();
                _numbers.Add(number);
                Expect(entry);
            }
            log.Flush();
            var done = groups > 1 ? group.Count : random.Next(group.Count + 1);
            tell($"  {string.Join(", ", group.Select((entry, i) => $"{entry.Kind} {entry.Name} {entry.To}{(i < done ? "" : " (not done)")}"))}");
            foreach (var entry in group.Take(done))
            {
                Publish(store, entry); // what the planner lets through can be published
                _states?.Keep(_scratch);
            }
            if (groups > 1)
                log.MarkPublished(_published = log.NextNumber - 1);
        }
    }

    /// <summary>The next start, which is interrupted some times.</summary>
    public void StartAgain()
    {
        if (_left == FileHistoryTests.Left.SomeOfIt)
            tell($"  the disk has what was done up to step {_states!.GoBack(random, _scratch)}");
        if (_left is FileHistoryTests.Left.WithoutBodies or FileHistoryTests.Left.SomeOfIt)
            LoseBodies();
        var (run, syncFailed) = (_left == FileHistoryTests.Left.ByTheProcess ? Commits.ThisRun : Commits.NextRun, false);
        for (var interruptions = random.Next(3); interruptions >= 0; interruptions--)
        {
            using var store = _scratch.Open(portable);
            using var log = Commits.Open(store, run);
            log.CacheIsUnsure.ShouldBe(syncFailed);
            log.Published.ShouldBe(run == Commits.ThisRun && !syncFailed ? _published : 0);
            var told = new List<long>();
            var failing = new FailsAtStep(store, interruptions == 0 ? int.MaxValue : random.Next(1, 8));
            try
            {
                var recovered = CommitRecovery.Replay(log, failing, (entry, hasLine) =>
                {
                    hasLine.ShouldBeTrue();
                    told.Add(entry.Number);
                });
                if (_left != FileHistoryTests.Left.SomeOfIt)
                    recovered.LostCount.ShouldBe(0);
            }
            catch (StorageException) when (interruptions > 0)
            {
                syncFailed |= failing.SyncFailed;
                continue;
            }
            told.ShouldBe(_numbers.Where(number => number > log.Published));
            log.Reset();
            store.Recover();
            return;
        }
    }

    public void ShouldBeAsItWasDone()
    {
        _scratch.Visible().Select(name => $"{name}={File.ReadAllText(_scratch.Below(name))}")
            .ShouldBe(_expected.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key}={file.Value}"));
        _scratch.Parts().ShouldBeEmpty();
        NothingWasLost();
        if (portable)
            return;
        using var store = _scratch.Open();
        foreach (var (name, body) in _expected)
            store.Stat(Name(name))!.Value.Md5.ShouldBe(DigestOf(Encoding.UTF8.GetBytes(body)), name);
    }

    private void NothingWasLost()
    {
        var lost = new DirectoryInfo(_scratch.Below(".actorsock/lost"));
        if (!lost.Exists)
            return;
        // What was replaced, and then deleted, may be back after a power failure: it could be somebody else's.
        _left.ShouldBe(FileHistoryTests.Left.SomeOfIt);
        var kept = lost.GetFiles();
        kept.Select(file => file.Name).ShouldAllBe(name => name.Contains("-found-"));
        kept.Select(file => File.ReadAllText(file.FullName)).Intersect(_expected.Values).ShouldBeEmpty();
    }

    private static CommitLog Begin(IFileStore store) => Commits.Begin(store, Commits.ThisRun);

    private static FileName Name(string name) => Commits.Name(name);

    /// <summary>As the journal gathers them.</summary>
    private List<CommitEntry> Group(FileRoot store)
    {
        var group = new List<(Commit Commit, CommitEntry Entry)>();
        var planner = new CommitPlanner(store, nameBytesMax: 1024, group);
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var (name, to) = (Name(names[random.Next(names.Length)]), Name(names[random.Next(names.Length)]));
            _time = _time.AddTicks(random.Next(1, 100_000));
            var whole = new Commit.Whole(
                name, "c", FileWriterActor.Promise.None.Instance, new Verdict(), ActorRefs.Nobody, Body: null, Window: null!);
            Commit commit = random.Next(6) switch
            {
                0 or 1 => new Commit.Removal(name, "c", new Verdict(), ActorRefs.Nobody),
                2 or 3 => new Commit.Renaming(name, to, "c", new Verdict(), ActorRefs.Nobody),
                4 => new Commit.Part(name, "c", Digest: null, new Verdict(), ActorRefs.Nobody, Size: 0, PartName: ""),
                _ => whole,
            };
            var plan = planner.For(commit);
            if (plan.Refused is not null) // there was no such file
                plan = planner.For(commit = whole);
            if (plan.Waits)
                break;
            if (plan.Refused is null)
                group.Add((commit, EntryOf(commit, plan, store)));
        }
        return group.ConvertAll(static one => one.Entry);
    }

    private CommitEntry EntryOf(Commit commit, in CommitPlan plan, FileRoot store)
    {
        if (commit is Commit.Part)
            return Large(store, commit.Name);
        if (commit is not Commit.Whole)
            return commit.Entry(_time, plan);
        var body = Encoding.UTF8.GetBytes($"small {_time.Ticks}");
        return CommitEntry.Whole(_time, "c", commit.Name, DigestOf(body), body);
    }

    private CommitEntry Large(FileRoot store, FileName name)
    {
        var body = Encoding.UTF8.GetBytes($"large {_time.Ticks}");
        using var file = store.Create($"c-{++_parts}", name, body.Length);
        file.Write(body);
        _bodies[_time] = Encoding.UTF8.GetString(body);
        var partName = file.Seal(new FileDigests(DigestOf(body)));
        _states?.Seal(Path.Combine(_scratch.Staging, partName));
        return CommitEntry.Part(_time, "c", name, body.Length, DigestOf(body), partName);
    }

    private static Md5Digest DigestOf(byte[] body) => Md5Digest.FromBytes(MD5.HashData(body));

    private void Expect(in CommitEntry entry)
    {
        var name = entry.Name.Value;
        switch (entry.Kind)
        {
            case CommitKind.Whole:
                _unsynced.Add(_expected[name] = Encoding.UTF8.GetString(entry.Body.Span));
                break;
            case CommitKind.Part:
                _expected[name] = _bodies[entry.Time];
                break;
            case CommitKind.Removal:
                _expected.Remove(name).ShouldBeTrue();
                break;
            case CommitKind.Renaming:
                _expected.Remove(name, out var body).ShouldBeTrue();
                _expected[entry.To!.Value.Value] = body!;
                break;
        }
    }

    private static void Publish(FileRoot store, in CommitEntry entry)
    {
        switch (entry.Kind)
        {
            case CommitKind.Whole: store.Store(entry.Name, entry.Body.Span, entry.Stamp); break;
            case CommitKind.Part: store.PublishPart(entry.PartName, entry.Name); break;
            case CommitKind.Removal: store.Remove(entry.Name); break;
            case CommitKind.Renaming: store.Rename(entry.Name, entry.To!.Value); break;
        }
    }

    /// <summary>As a file system leaves files whose names were durable before what is in them.</summary>
    private void LoseBodies()
    {
        foreach (var name in _scratch.Visible())
        {
            var path = _scratch.Below(name);
            if (!_unsynced.Contains(File.ReadAllText(path)))
                continue;
            var modified = File.GetLastWriteTimeUtc(path); // which was set before the file had a name
            switch (random.Next(4))
            {
                case 0: File.Delete(path); break;
                case 1: File.WriteAllText(path, ""); break;
                case 2: File.WriteAllBytes(path, new byte[new FileInfo(path).Length]); break;
            }
            if (File.Exists(path))
                File.SetLastWriteTimeUtc(path, modified);
        }
    }
}
