namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary>Commands that are interrupted and run again, and nodes that are killed in the middle.</summary>
public sealed class InterruptionTests : Commands
{
    private const int Whole = 40 << 20, Passed = 32 << 20;
    private static readonly string[] s_frequentCheckpoints = ["--set", "actorsock.files.checkpoint-bytes=1MiB"];

    [LinuxFact]
    public async Task A_put_that_was_interrupted_goes_on_where_it_was()
    {
        await using var node = await RunningNode.Start();
        using var relay = new StallingRelay(node.Port) { UpBytesMax = Passed };
        var content = Write("big.bin", Whole);
        await InterruptStalled(relay, "put", "big.bin");
        File.Exists(Path.Combine(node.Inbox, "big.bin")).ShouldBeFalse();
        relay.Open();

        var ended = await Run(relay.Port, "put", "big.bin", "--json");

        ended.ExitCode.ShouldBe(0);
        var resumed = Json(ended.Output).Single().GetProperty("resumed").GetInt64();
        ended.Error.ShouldBe($"'big.bin' goes on at byte {resumed} of {Whole}\n");
        resumed.ShouldBeInRange(1, Passed);
        relay.UpBytes.ShouldBeLessThan(Whole - resumed + 10_000);
        ShouldBeSame(node.Stored("big.bin"), content);
        Directory.GetFiles(PathOf(".cache/actorsock/uploads")).ShouldBeEmpty();
    }

    [LinuxFact]
    public async Task A_file_that_has_changed_since_begins_anew()
    {
        await using var node = await RunningNode.Start();
        using var relay = new StallingRelay(node.Port) { UpBytesMax = Passed };
        Write("big.bin", Whole);
        await InterruptStalled(relay, "put", "big.bin");
        var content = Write("big.bin", Whole);
        relay.Open();

        var ended = await Run(relay.Port, "put", "big.bin");

        (ended.ExitCode, ended.Error, ended.Output).ShouldBe((0, "", $"stored big.bin {Whole} {Md5(content)}\n"));
        ShouldBeSame(node.Stored("big.bin"), content);
    }

    [LinuxFact]
    public async Task A_file_that_took_the_place_of_another_is_sent_again_when_it_was_replaced()
    {
        await using var node = await RunningNode.Start();
        var one = Write("one", 3_000_000);
        Write("two", 3_000_000);

        foreach (var file in (string[])["one", "two", "one"])
            (await Run(node, "put", file, "--name", "x")).ExitCode.ShouldBe(0);

        ShouldBeSame(node.Stored("x"), one);
    }

    [LinuxFact]
    public async Task In_a_folder_as_well_a_large_file_goes_on_and_sync_does_so_too()
    {
        foreach (var command in (string[])["put", "sync"])
        {
            await using var node = await RunningNode.Start();
            using var relay = new StallingRelay(node.Port) { UpBytesMax = Passed };
            var content = Write("f/big.bin", Whole);
            await InterruptStalled(relay, command, "f");
            relay.Open();

            var ended = await Run(relay.Port, command, "f");

            ended.ExitCode.ShouldBe(0);
            ended.Error.ShouldContain("big.bin' goes on at byte ");
            relay.UpBytes.ShouldBeLessThan(Whole);
            ShouldBeSame(node.Stored(command == "put" ? "f/big.bin" : "big.bin"), content);
        }
    }

    [LinuxFact]
    public async Task A_get_that_was_interrupted_goes_on_where_it_was()
    {
        await using var node = await RunningNode.Start();
        var content = Write("big.bin", Whole);
        await Run(node, "put", "big.bin");
        using var relay = new StallingRelay(node.Port) { DownBytesMax = Passed };
        await InterruptStalled(relay, "get", "big.bin", "--out", "back/");
        File.Exists(PathOf("back/big.bin")).ShouldBeFalse();
        relay.Open();

        var ended = await Run(relay.Port, "get", "big.bin", "--out", "back/", "--json");

        ended.ExitCode.ShouldBe(0);
        // What was still in the buffers of sockets when it was interrupted comes again.
        var resumed = Json(ended.Output).Single().GetProperty("resumed").GetInt64();
        resumed.ShouldBeInRange(1, Passed);
        relay.DownBytes.ShouldBeLessThan(Whole - resumed + 10_000);
        ShouldBeSame(Read("back/big.bin"), content);
        Directory.GetFiles(PathOf("back")).Length.ShouldBe(1);
    }

    [LinuxFact]
    public async Task A_get_of_a_file_that_was_replaced_meanwhile_begins_anew()
    {
        await using var node = await RunningNode.Start();
        Write("big.bin", Whole);
        await Run(node, "put", "big.bin");
        using var relay = new StallingRelay(node.Port) { DownBytesMax = Passed };
        await InterruptStalled(relay, "get", "big.bin", "--out", "back/");
        var content = Write("big.bin", Whole);
        await Run(node, "put", "big.bin");
        relay.Open();

        var ended = await Run(relay.Port, "get", "big.bin", "--out", "back/");

        (ended.ExitCode, ended.Error).ShouldBe((0, ""));
        ShouldBeSame(Read("back/big.bin"), content);
        Directory.GetFiles(PathOf("back")).Length.ShouldBe(1);
    }

    [LinuxFact]
    public async Task A_put_outlives_a_node_that_is_killed_and_started_again()
    {
        var root = Directory.CreateDirectory(PathOf("node")).FullName;
        var node = await RunningNode.StartOn(root, s_frequentCheckpoints);
        using var relay = new StallingRelay(node.Port) { UpBytesMax = Passed };
        var content = Write("big.bin", Whole);
        var running = Run(relay.Port, "put", "big.bin", "--json");
        await relay.Stalled.WaitAsync(Patience);
        await UntilKept(root);

        await node.Kill();
        await node.DisposeAsync();
        await using var again = await RunningNode.StartOn(root, s_frequentCheckpoints);
        relay.Target = again.Port;
        relay.Open();
        var ended = await running;

        ended.ExitCode.ShouldBe(0);
        ended.Error.ShouldContain("'big.bin': ");
        ended.Error.ShouldContain(": trying again\n");
        ended.Error.ShouldMatch(@"'big\.bin' goes on at byte \d+ of ");
        ShouldBeSame(again.Stored("big.bin"), content);
    }

    [LinuxFact]
    public async Task A_get_outlives_a_node_that_is_killed_and_started_again()
    {
        var root = Directory.CreateDirectory(PathOf("node")).FullName;
        var node = await RunningNode.StartOn(root);
        var content = Write("big.bin", Whole);
        await Run(node, "put", "big.bin");
        using var relay = new StallingRelay(node.Port) { DownBytesMax = Passed };
        var running = Run(relay.Port, "get", "big.bin", "--out", "back.bin");
        await relay.Stalled.WaitAsync(Patience);

        await node.Kill();
        await node.DisposeAsync();
        await using var again = await RunningNode.StartOn(root);
        relay.Target = again.Port;
        relay.Open();
        var ended = await running;

        ended.ExitCode.ShouldBe(0);
        ended.Error.ShouldContain("'big.bin' goes on at byte ");
        ShouldBeSame(Read("back.bin"), content);
    }

    private async Task InterruptStalled(StallingRelay relay, params string[] args)
    {
        using var process = Executable.Begin(Executable.Path, Folder, [.. args, "--to", $"127.0.0.1:{relay.Port}"]);
        await relay.Stalled.WaitAsync(Patience);
        Interrupt(process.Id);
        await process.WaitForExitAsync().WaitAsync(Patience);
        process.ExitCode.ShouldBe(130);
        (await process.StandardError.ReadToEndAsync()).ShouldBe("interrupted: run it again, and it goes on where it was\n");
    }

    // The state of an upload is written behind its bytes.
    private static async Task UntilKept(string root)
    {
        var staging = new DirectoryInfo(Path.Combine(root, "inbox", ".actorsock", "staging"));
        using var patience = new CancellationTokenSource(Patience);
        while (staging.GetFiles("u-*.state").Length == 0) await Task.Delay(10, patience.Token);
    }
}
