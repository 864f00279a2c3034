using System.Text.RegularExpressions;
using ActorSock.EndToEnd.Tests.Disks;
using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>The machine dies, not just the process: what was not synced is spoiled before the next node starts.</summary>
public sealed class PowerLossTests(ITestOutputHelper output) : IDisposable
{
    private static readonly string[] s_smallLog =
        ["--set", "actorsock.journal.log-bytes=512KiB", "--set", "actorsock.journal.checkpoint-interval=100ms"];

    private readonly RootThatOutlives _root = new(output);

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("after-log-write", 21)]
    [InlineData("after-log-flush", 22)]
    [InlineData("after-publish", 23)]
    [InlineData("after-mark", 24)]
    [InlineData("in-checkpoint-before-sync", 25)]
    public async Task The_log_makes_whole_again_what_the_page_cache_has_lost(string step, int seed)
    {
        seed = Seed.Of(seed);
        var random = new Random(seed);
        // Before the first checkpoint is over nothing but the log is synced: so all of it may be spoiled.
        var inCheckpoint = step == "in-checkpoint-before-sync";
        var interval = $"actorsock.journal.checkpoint-interval={(inCheckpoint ? "400ms" : "1h")}";
        var spoiled = 0;
        foreach (var load in new[] { Load.Small, Load.Mixed })
        {
            var count = inCheckpoint ? 1 : random.Next(15, 30);
            output.WriteLine($"{load}: {step}:{count}, seed {seed}");
            await using var node = await RunningNode.StartToDieOn(_root.Folder, step, count, "--set", interval);
            _root.ShouldHaveRecovered();
            var power = PowerLoss.AfterStart(_root.Inbox);

            await new Crowd(random.Next(), load, _root.Ledger).SendTo(node.Port);
            (await node.UntilEnded()).ShouldBe(RootThatOutlives.Killed, node.Log);
            power.Strike(random, inFlush: step == "after-log-write");

            output.WriteLine($"{power.SpoiledCount} spoiled");
            spoiled += power.SpoiledCount;
        }
        await _root.ShouldServeAgain();
        spoiled.ShouldBeGreaterThan(10);
    }

    /// <summary>The kernel may write the marker back before what it speaks of.</summary>
    [Ext4Fact]
    public async Task A_disk_that_was_gone_while_the_machine_ran_on_keeps_what_was_acknowledged()
    {
        await using var disk = await SmallDisk.Ext4(128);
        var ledger = new Ledger();
        await using var node = await RunningNode.StartToDieOn(disk.Folder, "after-mark", 20, "--set", "actorsock.files.free-bytes-min=0B");
        await new Crowd(Seed.Of(27), Load.Small, ledger).SendTo(node.Port);
        await node.UntilEnded();
        await using (var marker = File.OpenWrite(disk.Marker))
            marker.Flush(flushToDisk: true);

        disk.LosePower();
        await disk.Unmount();
        await disk.Mount();

        await using var again = await RunningNode.StartOn(disk.Folder);
        ledger.ShouldBeKeptBy(StoredRoot.Read(disk.Inbox));
        ledger.AcknowledgedCount.ShouldBeGreaterThan(10);
        Regex.Match(again.Log, @"(\d+) files written again").Groups[1].Value.ShouldNotBe("0", again.Log);
    }

    /// <summary>The real thing, but for a disk that forgets what it was not told to flush.</summary>
    [Ext4Fact]
    public async Task A_file_system_that_dies_under_load_keeps_what_was_acknowledged()
    {
        var seed = Seed.Of(26);
        var random = new Random(seed);
        await using var disk = await SmallDisk.Ext4(256);
        var ledger = new Ledger();
        foreach (var step in new[] { null, "after-publish", null, "in-checkpoint-before-sync", "after-sync-before-void", null })
        {
            var (count, underLoad) = (random.Next(2, 8), random.Next(100, 500));
            output.WriteLine($"seed {seed}: {(step is null ? $"{underLoad} ms under load" : $"{step}:{count}")}");
            await using var node = step is null
                ? await RunningNode.StartOn(disk.Folder, s_smallLog)
                : await RunningNode.StartToDieOn(disk.Folder, step, count, s_smallLog);
            ledger.ShouldBeKeptBy(StoredRoot.Read(disk.Inbox));

            var acknowledged = ledger.NextAcknowledged();
            var sending = new Crowd(random.Next(), (Load)random.Next(3), ledger).SendTo(node.Port);
            if (step is null) await acknowledged;
            await (step is null ? Task.Delay(underLoad) : node.UntilEnded());
            disk.LosePower();
            await node.Kill();
            await sending;

            await disk.Unmount();
            await disk.Mount();
            PowerLoss.BecomeAnotherBoot(disk.Marker, random);
            output.WriteLine($"{ledger.All.Count} sent, {ledger.AcknowledgedCount} acknowledged");
        }
        await using var last = await RunningNode.StartOn(disk.Folder);
        ledger.ShouldBeKeptBy(StoredRoot.Read(disk.Inbox));
        ledger.AcknowledgedCount.ShouldBeGreaterThan(10);
        (await Executable.Run(disk.Folder, "journal", "verify")).ExitCode.ShouldBe(0);
    }
}
