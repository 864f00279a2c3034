using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Settings;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using ActorSock.Tests.Files;

namespace ActorSock.Tests.Journal;

/// <summary>Log and journal together, over the end of a node and the start of the next.</summary>
public sealed class JournalDiskTests : IDisposable
{
    private readonly ScratchRoot _scratch = new();
    private readonly NodeSettings _settings;
    private DateTimeOffset _time = ScratchJournal.Noon;

    public JournalDiskTests() => _settings = SettingsLoader.Load(new SettingsSources
    {
        WorkingFolder = _scratch.Beside(""), Root = _scratch.Path, Overrides = ["actorsock.journal.log-bytes=256KiB"],
    }).Settings;

    public void Dispose() => _scratch.Dispose();

    [Theory, InlineData(0), InlineData(1), InlineData(2), InlineData(3)]
    public void Lines_that_were_lost_come_back_and_none_comes_twice(int linesLeft)
    {
        Die(["a", "b", "c"], journaled: linesLeft);

        using var store = _scratch.Open();
        using var disk = JournalDisk.Open(store, _settings, out var recovered);

        Lines().ShouldBe(["a", "b", "c"]);
        recovered.Lines.ShouldBe(3 - linesLeft);
    }

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public void Not_even_when_a_file_that_has_its_line_cannot_be_looked_after(int lost)
    {
        string[] names = ["a", "b", "c"];
        Die(names, journaled: 3);
        File.Delete(_scratch.Below(names[lost - 1]));
        Directory.CreateDirectory(_scratch.Below(names[lost - 1]));
        File.WriteAllText(_scratch.Below($"{names[lost - 1]}/x"), "somebody's");

        using var store = _scratch.Open();
        using var disk = JournalDisk.Open(store, _settings, out var recovered);

        Lines().ShouldBe(names);
        (recovered.Lines, recovered.Commits.LostCount).ShouldBe((0, 1));
    }

    [Fact]
    public void Many_lines_that_were_lost_are_written_as_they_come()
    {
        string[] names = [.. Enumerable.Range(0, 1100).Select(i => $"{i}")];
        Die(names, journaled: 0);

        using var store = _scratch.Open();
        var script = new DiskScript();
        var soFar = 0;
        script.At(DiskStep.SyncAll, () => soFar = Lines().Length);
        using var disk = JournalDisk.Open(script.Around(store), _settings, out var recovered);

        soFar.ShouldBeInRange(1, 1099);
        Lines().ShouldBe(names);
        recovered.Lines.ShouldBe(1100);
    }

    [Fact]
    public void A_log_that_cannot_be_read_is_told()
    {
        Die(["a"], journaled: 1);
        using (var log = new FileStream(_scratch.Below(".actorsock/log/log-0"), FileMode.Open))
            log.Write("?"u8);

        using var store = _scratch.Open();
        using var disk = JournalDisk.Open(store, _settings, out var recovered);

        recovered.Events(_time).ShouldBe([new ServerEvent.LogDamaged(_time, "log-0")]);
    }

    [Fact]
    public async Task A_node_that_ended_leaves_nothing_in_the_log_that_another_run_of_the_machine_would_bring_back()
    {
        using var folder = new ScratchRoot(); // with a root of the name that nodes of tests have
        await using (var node = await TestNode.Start(folder.Beside(""), store: null, "actorsock.journal.checkpoint-interval=1h"))
        {
            using var client = await node.Connect();
            (await client.Put("small", "small"u8.ToArray())).ShouldBe("203");
            (await client.Put("large", new byte[200_000])).ShouldBe("203");
            LogOf(folder).ShouldBeGreaterThan(0);
        }

        LogOf(folder).ShouldBe(0);
    }

    /// <summary>How many commits a log has that is copied as it is found now.</summary>
    private static int LogOf(ScratchRoot root)
    {
        var copy = new LogInMemory();
        foreach (var path in Directory.GetFiles(root.Below(".actorsock/log")))
        {
            using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);
            var bytes = new byte[file.Length];
            file.ReadExactly(bytes);
            copy[Path.GetFileName(path)] = bytes;
        }
        using var log = Commits.Open(copy, Commits.NextRun);
        return log.Numbers().Length;
    }

    /// <summary>Commits files, of which the first lines only get into the journal, and dies with the machine.</summary>
    private void Die(string[] names, int journaled)
    {
        using (var store = _scratch.Open())
        using (var disk = JournalDisk.Open(store, _settings, out _))
        {
            CommitEntry[] entries = [.. names.Select(Entry)];
            disk.Log.Commit(entries);
            foreach (var entry in entries)
                store.Store(entry.Name, entry.Body.Span);
            foreach (var entry in entries.Take(journaled))
                disk.Journal.Append(entry.Note);
            disk.Journal.Sync();
        }
        File.Delete(_scratch.Below(".actorsock/log/published"));
    }

    private CommitEntry Entry(string name)
    {
        _time = _time.AddTicks(1);
        var body = System.Text.Encoding.UTF8.GetBytes(name);
        return CommitEntry.Whole(_time, "tcp://192.0.2.7:5000", Commits.Name(name), Commits.DigestOf(body), body);
    }

    private string[] Lines()
    {
        var files = Directory.GetFiles(_scratch.Below(".actorsock/journal"), "journal-*");
        return [.. files.Order(StringComparer.Ordinal).SelectMany(File.ReadAllLines).Select(line => ScratchJournal.Read(line).Name)];
    }
}
