using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using ActorSock.Load.Tests;

namespace ActorSock.EndToEnd.Tests;

/// <summary><c>actorsock load</c> as people and scripts run it.</summary>
public sealed class LoadCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("as-load-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task It_tells_what_a_node_can_do_and_that_everything_acknowledged_is_there()
    {
        await using var node = await RunningNode.Start();

        var ended = await Load(node.Port, "--root", node.Inbox, "--files", "500", "--size", "1KiB..8KiB");

        ended.ExitCode.ShouldBe(0, ended.Output + ended.Error);
        ended.Output.ShouldContain("stored     500 files");
        ended.Output.ShouldContain("500 acknowledged, 500 looked for, 500 compared, 0 missing, 0 different");
    }

    [Fact]
    public async Task The_JSON_has_the_figures_and_their_conditions()
    {
        await using var node = await RunningNode.Start();

        var ended = await Load(node.Port, "--root", node.Inbox, "--files", "100", "--seed", "42", "--json", "-");

        ended.ExitCode.ShouldBe(0, ended.Error);
        using var json = JsonDocument.Parse(ended.Output);
        var report = json.RootElement;
        report.GetProperty("passed").GetBoolean().ShouldBeTrue();
        report.GetProperty("total").GetProperty("files").GetInt64().ShouldBe(100);
        report.GetProperty("total").GetProperty("latency").GetProperty("p99").GetDouble().ShouldBeGreaterThan(0);
        report.GetProperty("proof").GetProperty("compared").GetInt64().ShouldBe(100);
        report.GetProperty("scenario").GetProperty("seed").GetInt64().ShouldBe(42);
        report.GetProperty("conditions").GetProperty("command_line").GetString()!.ShouldContain("--files 100");
        report.GetProperty("timeline").GetArrayLength().ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_server_that_lies_makes_it_fail()
    {
        await using var server = new LyingServer((_, _) => { });

        var ended = await Load(server.Port, "--root", _folder, "--files", "10");

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldContain("FAILED: 10 of 10 acknowledged files are not there");
    }

    [Theory]
    [InlineData("--connections", "0")]
    [InlineData("--connections", "many")]
    [InlineData("--size", "huge")]
    [InlineData("--rate", "-1")]
    [InlineData("--duration", "soon")]
    [InlineData("--dialect", "latin")]
    [InlineData("--rude-kinds", "loud")]
    [InlineData("--scenario", "none-such")]
    [InlineData("--config", "none-such.conf")]
    [InlineData("--root", "none-such")]
    [InlineData("--to", "nowhere")]
    [InlineData("--threads", "0")]
    [InlineData("--connections", "1000000")]
    public async Task What_makes_no_sense_is_refused_before_anything_is_done(string option, string value)
    {
        var ended = await Executable.Run(_folder, "load", "--no-proof", option, value);

        ended.ExitCode.ShouldBe(2, ended.Error);
        ended.Output.ShouldBeEmpty();
        ended.Error.ShouldContain(option == "--connections" && value == "1000000" ? "descriptors" : value == "nowhere" ? "no port" : value);
    }

    [Fact]
    public async Task Without_a_way_to_prove_anything_it_asks_for_one()
    {
        await using var server = new LyingServer((_, _) => { });

        var ended = await Load(server.Port, "--files", "10");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("say --root DIR");
    }

    [Fact]
    public async Task Where_nobody_listens_nothing_can_be_tested()
    {
        using var closed = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        closed.Bind(new IPEndPoint(IPAddress.Loopback, 0)); // bound, so that nobody else gets the port, and not listening

        var ended = await Load(((IPEndPoint)closed.LocalEndPoint!).Port, "--no-proof");

        ended.ExitCode.ShouldBe(3);
        ended.Error.ShouldStartWith("cannot reach 127.0.0.1:");
    }

    [Fact]
    public async Task Another_machine_is_left_alone()
    {
        var ended = await Executable.Run(_folder, "load", "--to", "192.0.2.1:7070", "--no-proof");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldContain("say --anywhere when it is yours");
    }

    private Task<Executable.Ended> Load(int port, params string[] options) =>
        Executable.Run(_folder, ["load", "--to", $"127.0.0.1:{port}", .. options]);
}
