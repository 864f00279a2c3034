using System.Net;
using System.Net.Sockets;
using ActorSock.Load.Driving;

namespace ActorSock.Load.Tests;

public sealed class LoadRunTests
{
    [Theory]
    [InlineData("digest-after", "4KiB")]
    [InlineData("digest-in-header", "4KiB")]
    [InlineData("digest-after", "lognormal:16KiB:2:4MiB")]
    [InlineData("digest-in-header", "0:1,31:1,100:1,70000:1")]
    public async Task Everything_that_a_node_acknowledges_is_found_under_its_root(string dialect, string size)
    {
        await using var node = await TestNode.Start();

        var result = await Loads.Run(node.Port, node.Root, "files=300", "duration=off", $"dialect={dialect}", $"size={size}");

        result.Complaints.ShouldBeEmpty();
        result.Total.Errors.ShouldBeEmpty();
        result.Total.Files.ShouldBe(300);
        result.Total.Latency.Count.ShouldBe(300);
        result.Proof!.Compared.ShouldBe(300);
        node.Stored().Count.ShouldBe(300);
        node.Stored().Values.Sum(body => (long)body.Length).ShouldBe(result.Total.Bytes);
    }

    [Fact]
    public async Task It_works_on_systems_without_epoll_too()
    {
        await using var node = await TestNode.Start();
        var options = Loads.Options(node.Port, node.Root, "files=200", "duration=off", "size=1..200000")
            with { NewReadiness = () => new SelectReadiness() };

        using var run = new LoadRun(options);
        var result = await run.RunAsync(CancellationToken.None);

        result.Complaints.ShouldBeEmpty();
        result.Proof!.Compared.ShouldBe(200);
    }

    [Fact]
    public async Task At_a_rate_as_many_files_come_as_the_schedule_says()
    {
        await using var node = await TestNode.Start();

        var result = await Loads.Run(node.Port, node.Root, "rate=200", "duration=1s", "connections=4");

        (result.Total.Files + result.Total.Unsent + result.Total.ErrorsCount).ShouldBe(200);
        result.Total.Latency.Count.ShouldBe(result.Total.Files + result.Total.Unsent);
        result.Complaints.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_ends_when_enough_bytes_were_begun()
    {
        await using var node = await TestNode.Start();

        var result = await Loads.Run(node.Port, node.Root, "bytes=1MiB", "duration=off", "size=64KiB", "connections=1");

        result.Total.Bytes.ShouldBe(1 << 20);
    }

    [Fact]
    public async Task An_interruption_ends_it_with_a_result_and_a_proof()
    {
        await using var node = await TestNode.Start();
        using var interrupt = new CancellationTokenSource();
        var options = Loads.Options(node.Port, node.Root, "duration=10m") with
        {
            Watch = status => { if (status.Total.Files > 0) interrupt.Cancel(); },
        };

        using var run = new LoadRun(options);
        var result = await run.RunAsync(interrupt.Token).WaitAsync(TimeSpan.FromMinutes(1));

        result.WasInterrupted.ShouldBeTrue();
        result.Proof!.Holds.ShouldBeTrue();
        result.Total.Errors.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_node_that_goes_away_is_an_error_and_not_the_end_of_the_run()
    {
        var server = new LyingServer((_, _) => { }, number => number < 10 ? "203" : throw new IOException("gone"));

        var result = await Loads.Run(server.Port, null, "files=20", "duration=off", "connections=2");

        result.Total.Files.ShouldBe(10);
        result.Total.ErrorsCount.ShouldBe(10);
        result.Complaints.ShouldHaveSingleItem().ShouldStartWith("10 errors, and 10 files were acknowledged: ");
        result.Total.Errors.Keys.ShouldContain(Trouble.Closed);
        await server.DisposeAsync();
    }

    [Fact]
    public async Task A_file_that_is_not_answered_counts_with_all_the_time_that_it_was_waited_for()
    {
        using var silent = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        silent.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        silent.Listen();

        var result = await Loads.Run(
            ((IPEndPoint)silent.LocalEndPoint!).Port, null, "files=2", "duration=off", "connections=2", "timeout=100ms");

        result.Total.Errors.ShouldBe([new(Trouble.Late, 2)]);
        result.Total.Latency.Count.ShouldBe(2);
        result.Total.Latency.Percentile(50).ShouldBeGreaterThanOrEqualTo(TimeSpan.FromMilliseconds(98)); // to 1/64 of itself
    }

    [Fact]
    public async Task When_the_ports_of_one_address_are_used_up_connections_come_from_the_next()
    {
        await using var server = new LyingServer((_, _) => { });
        var options = Loads.Options(server.Port, null, "files=10", "duration=off", "connections=2");
        options.Target.TakeNextSource().ShouldBeTrue();

        using var run = new LoadRun(options);
        var result = await run.RunAsync(CancellationToken.None);

        result.Total.Files.ShouldBe(10);
        server.Peers.ShouldBe([IPAddress.Parse("127.0.0.2"), IPAddress.Parse("127.0.0.2")]);
    }

    [Fact]
    public async Task A_thousand_connections_are_held_by_one_thread()
    {
        await using var node = await TestNode.Start();
        var most = 0;
        var options = Loads.Options(node.Port, node.Root, "connections=1000", "rate=300", "duration=2s") with
        {
            Threads = 1,
            Watch = status => most = Math.Max(most, status.Connections),
        };

        using var run = new LoadRun(options);
        var result = await run.RunAsync(CancellationToken.None);

        result.Complaints.ShouldBeEmpty();
        result.Total.Errors.ShouldBeEmpty();
        most.ShouldBe(1000);
    }

    [Fact]
    public async Task Thinking_takes_its_time_between_two_files_of_a_connection()
    {
        await using var node = await TestNode.Start();

        var result = await Loads.Run(node.Port, node.Root, "files=5", "duration=off", "connections=1", "think=50ms");

        result.Elapsed.ShouldBeGreaterThan(TimeSpan.FromMilliseconds(250)); // each waits: none can be sooner
        result.Total.Files.ShouldBe(5);
    }
}
