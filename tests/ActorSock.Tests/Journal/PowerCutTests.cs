using System.Text;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Settings;
using ActorSock.Tests.Files;
using static ActorSock.Tests.Journal.Commits;

namespace ActorSock.Tests.Journal;

/// <summary>A disk from which the power is taken, with a file system whose writes wait in the page cache.</summary>
[Collection(StartsPrograms.Name)]
public sealed class PowerCutTests : IDisposable
{
    private static readonly FilesSettings s_settings = new()
    {
        Root = "", Threads = 1, SmallBytesMax = 64 * KiB, DirectBytesMin = 64 * KiB, PreallocateBytes = 0, FreeBytesMin = 0,
        KeepParts = TimeSpan.Zero, NameBytesMax = 1024, KeepUploads = TimeSpan.FromHours(24), KeptUploadsMax = 10,
        KeptBytesMax = 1L << 40, CheckpointBytes = 1024 * KiB, CheckpointInterval = TimeSpan.FromHours(1), TakeoverLimit = TimeSpan.FromSeconds(30),
    };

    private readonly DirectoryInfo _scratch = Directory.CreateTempSubdirectory("actorsock-");

    public void Dispose() => _scratch.Delete(recursive: true);

    [LoopDiskTheory, InlineData(true), InlineData(false)]
    public void Whatever_was_flushed_to_the_log_is_whole_after_the_power_went(bool withJournal)
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var disk = LoopDisk.Make(_scratch.FullName, withJournal);
        using var volume = LinuxVolume.Open(Root(disk));
        var store = new FileRoot(volume, s_settings, TimeProvider.System);
        using var log = Begin(store, ThisRun);
        Commit("checkpointed");
        var checkpoint = log.TrySwitch().ShouldNotBeNull();
        store.SyncAll();
        checkpoint.Complete();
        Commit("in-the-older");
        log.TrySwitch().ShouldNotBeNull();
        Commit("in-the-newer");

        using var found = disk.AfterPowerCut();
        using var storeFound = new FileRoot(LinuxVolume.Open(Root(found)), s_settings, TimeProvider.System);
        var survived = Contents(found);
        using (var logFound = Commits.Open(storeFound, NextRun))
        {
            CommitRecovery.Replay(logFound, storeFound, (_, _) => { }).LostCount.ShouldBe(0);
            logFound.Reset();
        }
        storeFound.Recover();

        string[] whole = [.. expected.Select(file => $"{file.Key}={file.Value}")];
        Contents(found).ShouldBe(whole);
        survived.Intersect(whole).Count().ShouldBeInRange(25, 60, "without the log; what was checkpointed, and not everything");

        void Commit(string folder)
        {
            for (var group = 0; group < 5; group++)
            {
                var small = Enumerable.Range(0, 4).Select(i => ($"{folder}/small-{group}-{i}", $"{folder} {i} {new string('.', i * 900)}"));
                var large = ($"{folder}/large-{group}", $"{folder} {new string('L', 100_000 + group)}");
                var partName = $"{folder}-{group}.part";
                Seal(volume, partName, large);
                log.Commit([.. small.Select(file => Whole(file.Item1, file.Item2)), Part(large.Item1, large.Item2, partName)]);
                foreach (var (name, body) in small)
                    store.Store(Name(name), Encoding.UTF8.GetBytes(body));
                store.PublishPart(partName, Name(large.Item1));
                if (!withJournal)
                    store.SyncFolder(Name(large.Item1));
                log.MarkPublished(log.NextNumber - 1);
                foreach (var (name, body) in small.Append(large))
                    expected[name] = body;
            }
        }
    }

    [LoopDiskTheory, InlineData(true), InlineData(false)]
    public void What_was_checkpointed_needs_no_log(bool withJournal)
    {
        using var disk = LoopDisk.Make(_scratch.FullName, withJournal);
        using var volume = LinuxVolume.Open(Root(disk));
        var store = new FileRoot(volume, s_settings, TimeProvider.System);
        using var log = Begin(store, ThisRun);
        Seal(volume, "c-1.part", ("large", "large"));
        log.Commit(Whole("a/b/c", "small"), Part("large", "large", "c-1.part"));
        store.Store(Name("a/b/c"), "small"u8);
        store.PublishPart("c-1.part", Name("large"));
        var checkpoint = log.TrySwitch().ShouldNotBeNull();
        store.SyncAll();
        checkpoint.Complete();

        using var found = disk.AfterPowerCut();
        using var storeFound = new FileRoot(LinuxVolume.Open(Root(found)), s_settings, TimeProvider.System);
        using var logFound = Commits.Open(storeFound, NextRun);

        logFound.Numbers().ShouldBeEmpty();
        Contents(found).ShouldBe(["a/b/c=small", "large=large"]);
        logFound.NextNumber.ShouldBe(3);
    }

    [LoopDiskTheory, InlineData(true), InlineData(false)]
    public void Whatever_was_deleted_or_renamed_is_so_after_the_power_went(bool withJournal)
    {
        var expected = new SortedDictionary<string, string>(StringComparer.Ordinal);
        using var disk = LoopDisk.Make(_scratch.FullName, withJournal);
        using var volume = LinuxVolume.Open(Root(disk));
        var store = new FileRoot(volume, s_settings, TimeProvider.System);
        using var log = Begin(store, ThisRun);
        for (var i = 0; i < 8; i++)
            Put($"before-{i}", $"checkpointed {i}");
        var checkpoint = log.TrySwitch().ShouldNotBeNull();
        store.SyncAll();
        checkpoint.Complete();
        for (var i = 0; i < 8; i++)
            Put($"since-{i}", $"not yet {i}");
        foreach (var kind in new[] { "before", "since" })
        {
            Remove($"{kind}-0");
            Rename($"{kind}-1", $"{kind}/in/folders");
            Rename($"{kind}-2", $"{kind}-3");
            Rename($"{kind}-4", $"{kind}-x"); // one in the place of the other
            Rename($"{kind}-5", $"{kind}-4");
            Rename($"{kind}-x", $"{kind}-5");
            Rename($"{kind}-6", $"{kind}-y");
            Put($"{kind}-6", $"{kind} anew");
            Rename($"{kind}-7", $"{kind}-z");
            Remove($"{kind}-z");
        }

        using var found = disk.AfterPowerCut();
        using var storeFound = new FileRoot(LinuxVolume.Open(Root(found)), s_settings, TimeProvider.System);
        using (var logFound = Commits.Open(storeFound, NextRun))
        {
            CommitRecovery.Replay(logFound, storeFound, (_, _) => { }).LostCount.ShouldBe(0);
            logFound.Reset();
        }
        storeFound.Recover();

        Contents(found).ShouldBe(expected.Select(file => $"{file.Key}={file.Value}"));

        void Put(string name, string body)
        {
            var (small, large) = (Whole(name, body), $"{name}-large");
            Seal(volume, $"{log.NextNumber}.part", (large, body));
            log.Commit(small, Part(large, body, $"{log.NextNumber}.part"));
            store.Store(Name(name), small.Body.Span, small.Stamp);
            store.PublishPart($"{log.NextNumber - 2}.part", Name(large));
            Done(large);
            (expected[name], expected[large]) = (body, body);
        }

        void Rename(string name, string to)
        {
            foreach (var (each, other) in new[] { (name, to), ($"{name}-large", $"{to}-large") })
            {
                log.Commit(Renaming(each, other, store.Stat(Name(each))));
                store.Rename(Name(each), Name(other));
                Done(other, each);
                expected.Remove(each, out var body).ShouldBeTrue();
                expected[other] = body!;
            }
        }

        void Remove(string name)
        {
            foreach (var each in new[] { name, $"{name}-large" })
            {
                log.Commit(Removal(each, store.Stat(Name(each))));
                store.Remove(Name(each)).ShouldBeTrue();
                Done();
                expected.Remove(each).ShouldBeTrue();
            }
        }

        void Done(params string[] renamed)
        {
            if (!withJournal)
            {
                foreach (var name in renamed)
                    store.SyncFolder(Name(name));
            }
            log.MarkPublished(log.NextNumber - 1);
        }
    }

    private static string Root(LoopDisk disk) => Path.Combine(disk.Path, "inbox");

    /// <summary>Makes a part file whose bytes are durable, as a writer does.</summary>
    private static void Seal(LinuxVolume volume, string partName, (string Name, string Body) file)
    {
        var part = volume.CreatePart(partName, Name(file.Name), direct: true);
        part.Write(Encoding.UTF8.GetBytes(file.Body), 0);
        part.Seal();
        part.Dispose();
    }

    private static string[] Contents(LoopDisk disk) =>
        [.. Directory.EnumerateFiles(Root(disk), "*", SearchOption.AllDirectories)
            .Select(path => (Path: path, Name: Path.GetRelativePath(Root(disk), path)))
            .Where(file => !file.Name.StartsWith(".actorsock", StringComparison.Ordinal))
            .OrderBy(file => file.Name, StringComparer.Ordinal)
            .Select(file => $"{file.Name}={File.ReadAllText(file.Path)}")];
}
