using System.Text.Json;
using ActorSock.EndToEnd.Tests.Disks;
using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>The node dies while clients store, delete and rename: nothing that was deleted comes back, nothing that was renamed is lost.</summary>
public sealed class ChangeCrashTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] s_settings =
        ["--set", "actorsock.journal.log-bytes=512KiB", "--set", "actorsock.journal.checkpoint-interval=30ms"];

    private readonly string _folder = Directory.CreateTempSubdirectory("as-crash-").FullName;
    private readonly ChangedFiles[] _clients = [.. Enumerable.Range(0, 5).Select(client => new ChangedFiles($"c{client}/"))];

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("after-log-write", 71)]
    [InlineData("after-log-flush", 72)]
    [InlineData("after-publish", 73)]
    [InlineData("after-journal-append", 74)]
    [InlineData("after-mark", 75)]
    [InlineData("in-checkpoint-before-sync", 76)]
    [InlineData("after-sync-before-void", 77)]
    public async Task Dead_at_any_step_a_node_finishes_what_it_had_begun_to_delete_and_rename(string step, int seed)
    {
        seed = Seed.Of(seed);
        var random = new Random(seed);
        for (var life = 0; life < 4; life++)
        {
            var count = random.Next(2, step.Contains("void") || step.Contains("checkpoint") ? 8 : 60);
            output.WriteLine($"{step}:{count}, seed {seed}");
            await using var node = await RunningNode.StartToDieOn(_folder, step, count, s_settings);
            ShouldBeKept(_folder);

            await SendTo(node.Port, random);

            (await node.UntilEnded()).ShouldBe(RootThatOutlives.Killed, node.Log);
        }
        await using var last = await RunningNode.StartOn(_folder);
        output.WriteLine(last.Log);
        ShouldBeKept(_folder);
        _clients.Sum(client => client.AcknowledgedCount).ShouldBeGreaterThan(3);
        (await Executable.Run(_folder, "journal", "verify")).ExitCode.ShouldBe(0);
    }

    [Ext4Fact]
    public async Task A_file_system_that_dies_meanwhile_keeps_what_was_acknowledged()
    {
        var seed = Seed.Of(78);
        var random = new Random(seed);
        await using var disk = await SmallDisk.Ext4(256);
        foreach (var (step, count) in new[] { ("after-publish", 150), ("after-mark", 40), ("in-checkpoint-before-sync", 4), ("after-publish", 97) })
        {
            output.WriteLine($"seed {seed}: {step}:{count}");
            var interval = $"actorsock.journal.checkpoint-interval={(step == "in-checkpoint-before-sync" ? "200ms" : "1h")}";
            await using var node = await RunningNode.StartToDieOn(disk.Folder, step, count, "--set", interval);
            ShouldBeKept(disk.Folder);

            await SendTo(node.Port, random);
            await node.UntilEnded();
            disk.LosePower();
            await disk.Unmount();
            await disk.Mount();
            PowerLoss.BecomeAnotherBoot(disk.Marker, random);
        }
        await using var last = await RunningNode.StartOn(disk.Folder);
        output.WriteLine(last.Log);
        ShouldBeKept(disk.Folder);
        _clients.Sum(client => client.AcknowledgedCount).ShouldBeGreaterThan(50);
        (await Executable.Run(disk.Folder, "journal", "verify")).ExitCode.ShouldBe(0);
    }

    private Task SendTo(int port, Random random) =>
        Task.WhenAll(_clients.Select(client => ChangingClient.Run(port, client, random.Next())).ToArray());

    private void ShouldBeKept(string folder)
    {
        var inbox = Path.Combine(folder, "inbox");
        var root = StoredRoot.Read(inbox);
        JsonElement[] journal = [.. Directory.GetFiles(Path.Combine(inbox, ".actorsock", "journal"), "journal-*.jsonl")
            .Order(StringComparer.Ordinal).SelectMany(File.ReadLines).Select(line => JsonDocument.Parse(line).RootElement)];
        foreach (var client in _clients)
            client.ShouldBeKeptBy(root, journal);
        root.Parts.ShouldBeEmpty();
    }
}
