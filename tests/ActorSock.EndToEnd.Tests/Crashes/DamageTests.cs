using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>Journal and log that are found torn or damaged at a start.</summary>
public sealed class DamageTests(ITestOutputHelper output) : IDisposable
{
    private const int CannotStart = 3;

    private readonly RootThatOutlives _root = new(output);

    private string Own => Path.Combine(_root.Inbox, ".actorsock");

    private string Journal => Path.Combine(Own, "journal", "journal-0000000000000001.jsonl");

    public void Dispose() => _root.Dispose();

    [Fact]
    public async Task A_torn_end_of_the_journal_is_cut_off_and_told()
    {
        await StoreAndKill();
        await File.AppendAllTextAsync(Journal, "{\"seq\":4,\"ti");

        await using var node = await RunningNode.StartOn(_root.Folder);

        node.Log.ShouldContain("torn end cut off: 12 bytes of journal-0000000000000001.jsonl from line 4 on: it is not complete");
        await ShouldBeAsGoodAsNew(node);
    }

    [Fact]
    public async Task An_end_of_the_journal_that_was_not_durable_is_written_again_when_the_power_went()
    {
        await StoreAndKill();
        var lines = await File.ReadAllBytesAsync(Journal);
        await File.WriteAllBytesAsync(Journal, [.. lines[..(lines.Length / 2)], .. new byte[1000]]);
        File.Delete(Path.Combine(Own, "log", "published"));

        await using var node = await RunningNode.StartOn(_root.Folder);

        (await File.ReadAllBytesAsync(Journal)).ShouldBe(lines);
        node.Log.ShouldContain("torn end cut off: ");
        await ShouldBeAsGoodAsNew(node);
    }

    [Fact]
    public async Task A_torn_end_of_the_log_was_never_acknowledged_and_is_left_out()
    {
        await using (var dies = await RunningNode.StartToDieOn(_root.Folder, "after-log-write", 3))
        {
            using var client = await Uploader.Connect(dies.Port, _root.Ledger);
            (await client.Put("a.bin", [1])).ShouldBe("203");
            (await client.Put("b.bin", [2])).ShouldBe("203");
            (await client.Put("torn.bin", new byte[20_000])).ShouldBe("");
            await dies.UntilEnded();
        }
        await using (var log = File.OpenWrite(Path.Combine(Own, "log", "log-0")))
        {
            log.Position = 3 * 4096 + 8192; // in the body that the third group carries
            log.Write(new byte[4096]);
            log.Position = 3 * 4096 + 16;
            log.Write([0xFF]);
        }

        await using var node = await RunningNode.StartOn(_root.Folder);

        StoredRoot.Read(_root.Inbox).Files.Keys.Order().ShouldBe(["a.bin", "b.bin"]);
        await ShouldBeAsGoodAsNew(node);
    }

    [Theory]
    [InlineData("\"md5\":\"", "\"md5\":\"0", "journal-0000000000000001.jsonl line 1: ")]
    [InlineData("b/small.bin", "b/other.bin", "journal-0000000000000001.jsonl line 2: ")]
    public async Task A_journal_that_is_damaged_in_the_middle_ends_the_start_with_3_and_says_what_to_do(string old, string changed, string where)
    {
        await StoreAndStop();
        var whole = await File.ReadAllTextAsync(Journal);
        var at = whole.IndexOf(old, StringComparison.Ordinal);
        var damaged = whole[..at] + changed + whole[(at + old.Length)..];
        await File.WriteAllTextAsync(Journal, damaged);

        var ended = await Executable.Run(_root.Folder, "serve", "--set", "actorsock.transfer.endpoint=127.0.0.1:0");

        ended.ExitCode.ShouldBe(CannotStart);
        ended.Output.ShouldBeEmpty();
        ended.Error.ShouldContain($"cannot open the journal '{Path.GetDirectoryName(Journal)}': {where}");
        ended.Error.ShouldContain("see what 'actorsock journal verify' says, then put a good copy of the file there, or move the folder");
        (await File.ReadAllTextAsync(Journal)).ShouldBe(damaged);
        (await Executable.Run(_root.Folder, "journal", "verify")).ExitCode.ShouldBe(1);

        await File.WriteAllTextAsync(Journal, whole);
        await using var node = await RunningNode.StartOn(_root.Folder);
        await ShouldBeAsGoodAsNew(node);
    }

    [Fact]
    public async Task A_journal_whose_folder_was_moved_away_begins_anew()
    {
        await StoreAndStop();
        Directory.Move(Path.Combine(Own, "journal"), Path.Combine(_root.Folder, "old-journal"));

        await using var node = await RunningNode.StartOn(_root.Folder);
        using var client = await Uploader.Connect(node.Port, new Ledger());
        (await client.Put("new.bin", [1])).ShouldBe("203");

        StoredRoot.Read(_root.Inbox).Records.Select(record => (record.Sequence, record.Name)).ShouldBe([(1, "new.bin")]);
    }

    [Fact]
    public async Task A_log_that_was_removed_while_no_node_ran_is_made_again()
    {
        await StoreAndStop();
        Directory.Delete(Path.Combine(Own, "log"), recursive: true);

        await using var node = await RunningNode.StartOn(_root.Folder);

        await ShouldBeAsGoodAsNew(node);
    }

    [LinuxFact]
    public async Task A_log_that_is_removed_under_a_running_node_is_noticed_and_made_again()
    {
        await using (var node = await RunningNode.StartOn(_root.Folder, "--set", "actorsock.journal.checkpoint-interval=100ms"))
        {
            using var client = await Uploader.Connect(node.Port, _root.Ledger);
            (await client.Put("before.bin", [1])).ShouldBe("203");

            Directory.Delete(Path.Combine(Own, "log"), recursive: true);
            (await client.Put("in-between.bin", [2])).ShouldBe("203"); // durable with the next checkpoint
            await node.UntilLogged("somebody has removed its file");
            await client.UntilTaken();

            File.Exists(Path.Combine(Own, "log", "log-0")).ShouldBeTrue();
            await ShouldBeAsGoodAsNew(node);
            await node.Kill();
        }
        await using var again = await RunningNode.StartOn(_root.Folder);
        await ShouldBeAsGoodAsNew(again);
    }

    [Fact]
    public async Task A_file_in_place_of_the_log_ends_the_start_with_3_and_says_what_to_do()
    {
        await StoreAndStop();
        Directory.Delete(Path.Combine(Own, "log"), recursive: true);
        await File.WriteAllTextAsync(Path.Combine(Own, "log"), "in the way");

        var ended = await Executable.Run(_root.Folder, "serve", "--set", "actorsock.transfer.endpoint=127.0.0.1:0");

        ended.ExitCode.ShouldBe(CannotStart);
        ended.Error.ShouldContain("'log' is a file, not a folder: ");
    }

    [Fact]
    public async Task An_orderly_end_leaves_nothing_to_be_looked_after()
    {
        await StoreAndStop();
        _root.Ledger.TakeAway(_root.Inbox, "a.bin");
        PowerLoss.BecomeAnotherBoot(Path.Combine(Own, "log", "published"), new Random(1));

        await using var node = await RunningNode.StartOn(_root.Folder);

        File.Exists(Path.Combine(_root.Inbox, "a.bin")).ShouldBeFalse();
        node.Log.ShouldNotContain("recovered");
        await ShouldBeAsGoodAsNew(node);
    }

    private async Task StoreAndKill()
    {
        await using var node = await StoreOn();
        await node.Kill();
    }

    private async Task StoreAndStop()
    {
        await using var node = await StoreOn();
        (await node.Terminate()).ShouldBe(0);
    }

    private async Task<RunningNode> StoreOn()
    {
        var node = await RunningNode.StartOn(_root.Folder);
        using var client = await Uploader.Connect(node.Port, _root.Ledger);
        (await client.PutAll(("a.bin", [1]), ("b/small.bin", [2]), ("large.bin", new byte[100_000]))).ShouldAllBe(verdict => verdict == "203");
        return node;
    }

    private async Task ShouldBeAsGoodAsNew(RunningNode node)
    {
        _root.ShouldHaveRecovered();
        using var client = await Uploader.Connect(node.Port, _root.Ledger);
        (await client.PutAll(("c.bin", [1]), ("large.bin", new byte[200_000]))).ShouldBe(["203", "203"]);
        _root.ShouldHaveRecovered();
        (await Executable.Run(_root.Folder, "journal", "verify")).ExitCode.ShouldBe(0);
    }
}
