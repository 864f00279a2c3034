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
    private readonly Dictionary<string, string> _inLog = []; // names of files whose bodies the log has, and which are not synced
    private readonly List<long> _numbers = [];
    private readonly Dictionary<DateTimeOffset, string> _bodies = []; // of large files, by the time of their commits
    private DateTimeOffset _time = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);
    private FileHistoryTests.Left _left;
    private long _published;
    private int _parts;

    public void Dispose() => _scratch.Dispose();

    /// <summary>Some groups, checkpoints in between, and an end in the middle of publishing the last group.</summary>
    public void LiveAndDie(FileHistoryTests.Left left)
    {
        _left = left;
        using var store = _scratch.Open(portable);
        using var log = Begin(store);
        _published = log.NextNumber - 1;
        _numbers.Clear();
        _inLog.Clear();
        for (var groups = random.Next(1, 6); groups > 0; groups--)
        {
            if (random.Next(4) == 0 && log.TrySwitch() is { } checkpoint)
            {
                store.SyncAll();
                checkpoint.Complete();
                _numbers.Clear();
                _inLog.Clear();
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
                Publish(store, entry);
            if (groups > 1)
                log.MarkPublished(_published = log.NextNumber - 1);
        }
    }

    /// <summary>The next start, which is interrupted some times.</summary>
    public void StartAgain()
    {
        if (_left == FileHistoryTests.Left.WithoutBodies)
            LoseBodies();
        var (run, syncFailed) = (_left == FileHistoryTests.Left.ByTheProcess ? Commits.ThisRun : Commits.NextRun, false);
        for (var interruptions = random.Next(3); interruptions >= 0; interruptions--)
        {
            using var store = _scratch.Open(portable);
            using var log = Commits.Open(store, run);
            log.CacheIsUnsure.ShouldBe(syncFailed);
            log.Published.ShouldBe(run == Commits.ThisRun && !syncFailed ? _published : 0);
            var told = new List<long>();
            try
            {
                var failing = new FailsAtStep(store, interruptions == 0 ? int.MaxValue : random.Next(1, 8));
                var recovered = CommitRecovery.Replay(log, failing, (entry, hasLine) =>
                {
                    hasLine.ShouldBeTrue();
                    told.Add(entry.Number);
                });
                recovered.LostCount.ShouldBe(0);
            }
            catch (StorageException) when (interruptions > 0)
            {
                syncFailed |= told.Count > 0; // the sync is the last step
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
        if (portable)
            return;
        using var store = _scratch.Open();
        foreach (var (name, body) in _expected)
            store.Stat(Name(name))!.Value.Md5.ShouldBe(DigestOf(Encoding.UTF8.GetBytes(body)), name);
    }

    private static CommitLog Begin(IFileStore store) => Commits.Begin(store, Commits.ThisRun);

    private static FileName Name(string name) => Commits.Name(name);

    /// <summary>As the journal gathers them: what was found on the disk is so when it is its turn.</summary>
    private List<CommitEntry> Group(FileRoot store)
    {
        var group = new List<CommitEntry>();
        var (stored, unsettled) = (new HashSet<string>(), new HashSet<string>());
        for (var count = random.Next(1, 6); count > 0; count--)
        {
            var (name, to) = (names[random.Next(names.Length)], names[random.Next(names.Length)]);
            _time = _time.AddTicks(random.Next(1, 100_000));
            switch (random.Next(6))
            {
                case 0 or 1 when !stored.Contains(name) && !unsettled.Contains(name) && store.Stat(Name(name)) is { } found:
                    group.Add(CommitEntry.Removal(_time, "c", Name(name), found));
                    unsettled.Add(name);
                    break;
                case 2 or 3 when !stored.Overlaps([name, to]) && !unsettled.Overlaps([name, to]) && store.Stat(Name(name)) is { } found:
                    group.Add(CommitEntry.Renaming(_time, "c", Name(name), Name(to), found));
                    unsettled.UnionWith([name, to]);
                    break;
                case 4:
                    group.Add(Large(store, name));
                    stored.Add(name);
                    break;
                default:
                    var body = Encoding.UTF8.GetBytes($"small {_time.Ticks}");
                    group.Add(CommitEntry.Whole(_time, "c", Name(name), DigestOf(body), body));
                    stored.Add(name);
                    break;
            }
        }
        return group;
    }

    private CommitEntry Large(FileRoot store, string name)
    {
        var body = Encoding.UTF8.GetBytes($"large {_time.Ticks}");
        using var file = store.Create($"c-{++_parts}", Name(name), body.Length);
        file.Write(body);
        _bodies[_time] = Encoding.UTF8.GetString(body);
        return CommitEntry.Part(_time, "c", Name(name), body.Length, DigestOf(body), file.Seal(new FileDigests(DigestOf(body))));
    }

    private static Md5Digest DigestOf(byte[] body) => Md5Digest.FromBytes(MD5.HashData(body));

    private void Expect(in CommitEntry entry)
    {
        var name = entry.Name.Value;
        switch (entry.Kind)
        {
            case CommitKind.Whole:
                _inLog[name] = _expected[name] = Encoding.UTF8.GetString(entry.Body.Span);
                break;
            case CommitKind.Part:
                _expected[name] = _bodies[entry.Time];
                _inLog.Remove(name);
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
            if (!_inLog.ContainsValue(File.ReadAllText(path)))
                continue;
            switch (random.Next(4))
            {
                case 0: File.Delete(path); break;
                case 1: File.WriteAllText(path, ""); break;
                case 2: File.WriteAllBytes(path, new byte[new FileInfo(path).Length]); break;
            }
        }
    }
}
