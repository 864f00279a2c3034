using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>The process dies, and another one starts on the same root: what it acknowledged is there, and nothing else.</summary>
public sealed class CrashTests(ITestOutputHelper output) : IDisposable
{
    /// <summary>Small, so that the log goes round during the test.</summary>
    private static readonly string[] s_settings =
        ["--set", "actorsock.journal.log-bytes=256KiB", "--set", "actorsock.journal.checkpoint-interval=30ms"];

    private readonly RootThatOutlives _root = new(output);

    public void Dispose() => _root.Dispose();

    [Theory]
    [InlineData("after-log-write", 11)]
    [InlineData("after-log-flush", 12)]
    [InlineData("after-publish", 13)]
    [InlineData("after-journal-append", 14)]
    [InlineData("after-mark", 15)]
    [InlineData("in-checkpoint-before-sync", 16)]
    [InlineData("after-sync-before-void", 17)]
    public async Task Dead_at_any_step_of_a_commit_a_node_keeps_what_it_acknowledged(string step, int seed)
    {
        seed = Seed.Of(seed);
        var random = new Random(seed);
        foreach (var load in new[] { Load.Small, Load.Large, Load.Mixed })
        {
            var count = random.Next(2, 9);
            output.WriteLine($"{load}: {step}:{count}, seed {seed}");
            await using var node = await RunningNode.StartToDieOn(_root.Folder, step, count, s_settings);
            _root.ShouldHaveRecovered();

            await new Crowd(random.Next(), load, _root.Ledger).SendTo(node.Port);

            (await node.UntilEnded()).ShouldBe(RootThatOutlives.Killed, node.Log);
        }
        await _root.ShouldServeAgain();
    }

    [Fact]
    public async Task What_somebody_took_away_before_a_crash_stays_away()
    {
        await using var node = await RunningNode.StartOn(_root.Folder);
        using var client = await Uploader.Connect(node.Port, new Ledger());
        (await client.PutAll(("taken.bin", [1]), ("stays.bin", [2]))).ShouldBe(["203", "203"]);
        File.Delete(Path.Combine(_root.Inbox, "taken.bin"));
        await node.Kill();

        await using var again = await RunningNode.StartOn(_root.Folder);

        StoredRoot.Read(_root.Inbox).Files.Keys.ShouldBe(["stays.bin"]);
    }

    [Fact]
    public async Task Killed_at_random_moments_a_node_keeps_what_it_acknowledged()
    {
        var seed = Seed.Of(31);
        var random = new Random(seed);
        for (var round = 0; round < 5; round++)
        {
            var (underLoad, inStart) = (random.Next(20, 300), random.Next(50, 500));
            output.WriteLine($"seed {seed}: {underLoad} ms under load, {inStart} ms while starting");
            await using var node = await RunningNode.StartOn(_root.Folder, s_settings);
            _root.ShouldHaveRecovered();

            var acknowledged = _root.Ledger.NextAcknowledged();
            var sending = new Crowd(random.Next(), Load.Mixed, _root.Ledger).SendTo(node.Port);
            await acknowledged;
            await Task.Delay(underLoad);
            await node.Kill();
            await sending;
            using var starting = Executable.Begin(Executable.Path, _root.Folder, "serve", "--set", "actorsock.transfer.endpoint=127.0.0.1:0");
            await Task.Delay(inStart);
            starting.Kill();
            await starting.WaitForExitAsync();
        }
        await _root.ShouldServeAgain();
    }
}
