using System.Net;
using System.Net.Sockets;

namespace ActorSock.Load.Tests;

public sealed class RudeTests
{
    [Theory]
    [InlineData("stall")]
    [InlineData("reset")]
    [InlineData("garbage")]
    [InlineData("half-close")]
    [InlineData("slow-loris")]
    public async Task Rude_clients_of_each_kind_disturb_nobody_and_leave_nothing_that_can_be_seen(string kind)
    {
        await using var node = await TestNode.Start();

        var result = await Loads.Run(node.Port, node.Root,
            "connections=4", "rate=200", "duration=1500ms", "rude.percent=100", $"rude.kinds={kind}", "rude.disturbance-floor=10s");

        result.Complaints.ShouldBeEmpty();
        result.Total.Rude[kind].Tried.ShouldBeGreaterThan(0);
        result.Phases.Select(phase => phase.Plan.WithRude).ShouldBe([false, true]);
        result.Proof!.Unfinished.ShouldBe(0);
        (result.Disturbance!.Rude.Happened.Files + result.Disturbance.Rude.Happened.Unsent).ShouldBe(200);
        node.Stored().Keys.ShouldNotContain(name => name.Contains("rude", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("garbage")]
    [InlineData("half-close")]
    public async Task What_a_node_ends_at_once_is_counted_as_ended_by_it(string kind)
    {
        await using var node = await TestNode.Start("actorsock.connections.linger=50ms");

        var result = await Loads.Run(node.Port, node.Root,
            "connections=4", "rate=50", "duration=3s", "rude.percent=100", $"rude.kinds={kind}", "rude.disturbance-floor=10s");

        result.Total.Rude[kind].Ended.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_node_that_resets_rude_clients_at_their_first_byte_does_not_end_the_run()
    {
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen(512);
        _ = ResetAllAsync(listener);

        // So many try it that some hear of the reset between what they send and its end.
        var result = await Loads.Run(((IPEndPoint)listener.LocalEndPoint!).Port, null,
            "connections=50", "rate=1", "duration=2s", "timeout=1s", "rude.percent=1000", "rude.kinds=half-close");

        result.Total.Rude["half-close"].Tried.ShouldBeGreaterThan(500);
    }

    private static async Task ResetAllAsync(Socket listener)
    {
        try
        {
            while (true) _ = ResetAsync(await listener.AcceptAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task ResetAsync(Socket client)
    {
        using var one = client;
        one.LingerState = new LingerOption(true, 0);
        await one.ReceiveAsync(new byte[1]);
    }

    [Fact]
    public async Task A_server_that_shows_unfinished_files_is_found_out()
    {
        var root = Directory.CreateTempSubdirectory("as-load-").FullName;
        await using var server = new LyingServer((name, body) =>
        {
            File.WriteAllBytes(Path.Combine(root, name), body);
            File.WriteAllBytes(Path.Combine(root, $"{name[..name.LastIndexOf('-')]}-rude-0"), []);
        });

        var result = await Loads.Run(server.Port, root, "connections=2", "rate=50", "duration=1s", "rude.percent=50",
            "rude.kinds=reset", "rude.disturbance-floor=10s");

        result.Proof!.Unfinished.ShouldBe(1);
        result.Complaints.ShouldContain("1 files that were never finished can be seen");
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void An_error_of_a_polite_client_beside_rude_ones_is_a_disturbance()
    {
        var (calm, rude) = (Phase(200, 0, 5, withRude: false), Phase(200, 1, 5, withRude: true));

        Complaints(calm, rude).ShouldBe(["polite clients were disturbed by rude ones: 1 errors while these were there"]);
        Complaints(calm, Phase(200, 0, 5, withRude: true)).ShouldBeEmpty();
    }

    [Fact]
    public void A_latency_that_grows_more_than_allowed_is_a_disturbance()
    {
        var calm = Phase(200, 0, 50, withRude: false);

        Complaints(calm, Phase(200, 0, 240, withRude: true)).ShouldBeEmpty();
        Complaints(calm, Phase(200, 0, 260, withRude: true)).ShouldHaveSingleItem().ShouldContain("their 99th percentile was 26");
        Complaints(Phase(200, 0, 1, withRude: false), Phase(200, 0, 90, withRude: true)).ShouldBeEmpty(); // below the floor
        Complaints(calm, Phase(50, 0, 900, withRude: true)).ShouldBeEmpty(); // too few to have a percentile
        Complaints(calm, Phase(0, 0, 1, withRude: true)).ShouldHaveSingleItem().ShouldContain("none of their files");
    }

    private static IEnumerable<string> Complaints(PhaseResult calm, PhaseResult rude) =>
        Disturbance.Of(Loads.Scenario("rude.percent=10"), [calm, rude])!.Complaints;

    private static PhaseResult Phase(int files, int errors, int milliseconds, bool withRude)
    {
        var happened = new Measures.Interval();
        for (var file = 0; file < files; file++) happened.Acknowledged(1, TimeSpan.FromMilliseconds(milliseconds));
        for (var error = 0; error < errors; error++) happened.Failed("x");
        return new(new PhasePlan(withRude ? ScenarioPhases.Rude : ScenarioPhases.Calm, null, null, withRude), TimeSpan.Zero, TimeSpan.FromSeconds(1), happened);
    }
}
