using ActorSock.Load.Proving;

namespace ActorSock.Load.Tests;

public sealed class NativeTests
{
    [Theory]
    [InlineData("4KiB", 1)]
    [InlineData("0:1,31:1,100:1,70000:1,3000000:1", 16)]
    [InlineData("lognormal:16KiB:2:4MiB", 64)]
    public async Task Files_that_are_sent_ahead_are_all_acknowledged_and_there(string size, int pipeline)
    {
        await using var node = await TestNode.Start();

        var result = await Run(node, "files=300", "duration=off", "dialect=native", $"size={size}", $"pipeline={pipeline}", "connections=3");

        result.Complaints.ShouldBeEmpty();
        result.Total.Errors.ShouldBeEmpty();
        result.Proof!.Checked.ShouldBe(300);
        result.Proof.Compared.ShouldBe(100); // as many as a sample has
    }

    [Fact]
    public async Task A_file_that_went_away_and_one_that_changed_are_found_out_by_asking_the_node()
    {
        await using var node = await TestNode.Start();
        var wasSpoilt = false;
        var options = Options(node, "files=50", "duration=off") with
        {
            Watch = status =>
            {
                if (status.Phase != "proving" || wasSpoilt) return;
                wasSpoilt = true;
                var stored = Directory.GetFiles(node.Root, "load-*").Order().ToList();
                File.Delete(stored[7]);
                File.WriteAllText(stored[9], "something else");
            },
        };

        using var run = new LoadRun(options with { Keeps = false });
        var result = await run.RunAsync(CancellationToken.None);

        wasSpoilt.ShouldBeTrue();
        result.Proof!.Missing.ShouldBe(1);
        result.Proof.Different.ShouldBeGreaterThanOrEqualTo(1);
        result.Complaints.Count.ShouldBe(2);
        result.Leftovers.ShouldBe($"the files stay, since the proof failed: {result.Prefix}*");
        node.Stored().Count.ShouldBe(49);
    }

    [Fact]
    public async Task Files_of_the_run_are_deleted_in_the_end_and_no_others()
    {
        await using var node = await TestNode.Start();
        await Run(node, "files=5", "duration=off"); // these are kept

        using var run = new LoadRun(Options(node, "files=100", "duration=off") with { Keeps = false });
        var result = await run.RunAsync(CancellationToken.None);

        result.Proof!.Holds.ShouldBeTrue();
        result.Leftovers.ShouldBe("100 files were deleted");
        node.Stored().Count.ShouldBe(5);
    }

    [Fact]
    public async Task Whether_a_server_speaks_it_is_found_out()
    {
        await using var node = await TestNode.Start();
        await using var other = new LyingServer((_, _) => { });

        (await NativeProver.SpeaksAsync($"127.0.0.1:{node.Port}", null, CancellationToken.None)).ShouldBeTrue();
        (await NativeProver.SpeaksAsync($"127.0.0.1:{other.Port}", null, CancellationToken.None)).ShouldBeFalse();
    }

    private static async Task<LoadResult> Run(TestNode node, params string[] settings)
    {
        using var run = new LoadRun(Options(node, settings));
        return await run.RunAsync(CancellationToken.None).WaitAsync(TimeSpan.FromMinutes(1));
    }

    private static LoadOptions Options(TestNode node, params string[] settings) =>
        Loads.Options(node.Port, null, settings) with { HasProof = true, NativeAddress = $"127.0.0.1:{node.Port}", Keeps = true };
}
