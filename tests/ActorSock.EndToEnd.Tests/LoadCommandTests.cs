using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;
using System.Xml;
using System.Xml.Linq;
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
    [InlineData("--duration", "5")]
    [InlineData("--think", "0.5")]
    [InlineData("--step", "5")]
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

    [Fact]
    public async Task A_node_that_speaks_the_native_protocol_is_asked_itself()
    {
        await using var node = await RunningNode.Start();

        var ended = await Load(node.Port, "--files", "200", "--dialect", "native", "--sample", "20");

        ended.ExitCode.ShouldBe(0, ended.Output + ended.Error);
        ended.Output.ShouldContain("200 acknowledged, 200 looked for, 20 compared, 0 missing, 0 different");
    }

    [Fact]
    public async Task The_page_is_well_formed_and_needs_nothing_else()
    {
        await using var node = await RunningNode.Start();

        var ended = await Load(node.Port, "--rude", "50", "--duration", "1500ms", "--html", "report.html");

        ended.ExitCode.ShouldBeOneOf(0, 1); // whether a busy machine was disturbed is not what is tested here
        var text = await File.ReadAllTextAsync(Path.Combine(_folder, "report.html"));
        using var reader = XmlReader.Create(new StringReader(text), new XmlReaderSettings { DtdProcessing = DtdProcessing.Ignore });
        var page = XDocument.Load(reader);
        var plots = page.Descendants("figure").ToList();
        plots.Count.ShouldBeGreaterThanOrEqualTo(4);
        plots.ShouldAllBe(plot => plot.Element("svg")!.Element("title") != null && plot.Element("svg")!.Element("desc") != null
            && plot.Descendants("table").Any());
        page.Descendants().Attributes().ShouldAllBe(each => each.Name.LocalName != "src" && each.Name.LocalName != "href");
        text.ShouldNotContain("url(");
        text.ShouldNotContain("@import");
        text.ShouldContain("prefers-color-scheme: dark");
        var ids = page.Descendants().Attributes("id").Select(id => id.Value).ToList();
        ids.ShouldBe(ids.Distinct());
    }

    [Fact]
    public async Task The_capacity_that_is_found_is_told_with_how_sure_it_is()
    {
        await using var server = new LyingServer((_, _) => { });

        var ended = await Load(server.Port, "--no-proof", "--find-capacity", "--p99", "100ms", "--step", "200ms", "--rate", "500", "--json", "-");

        using var json = JsonDocument.Parse(ended.Output);
        var capacity = json.RootElement.GetProperty("capacity");
        capacity.GetProperty("steps").GetArrayLength().ShouldBeGreaterThan(2);
        capacity.GetProperty("text").GetString()!.ShouldContain("the 99th percentile within 100.0 ms");
    }

    [LinuxTheory]
    [InlineData("native")]
    [InlineData("digest-after")]
    [InlineData("digest-in-header")]
    public async Task A_node_that_asks_for_a_key_is_tested_with_one(string dialect)
    {
        if (OperatingSystem.IsWindows()) return;
        Directory.CreateDirectory(Path.Combine(_folder, "config"));
        var line = "camera-1 " + new string('7', 64);
        foreach (var path in (string[])["config/keys", "camera-1.key"])
        {
            File.WriteAllText(Path.Combine(_folder, path), line);
            File.SetUnixFileMode(Path.Combine(_folder, path), UnixFileMode.UserRead | UnixFileMode.UserWrite);
        }
        await using var node = await RunningNode.StartOn(_folder, "--set", "actorsock.transfer.challenge=on");

        var tested = await Load(node.Port, "--files", "100", "--dialect", dialect, "--key-file", "camera-1.key", "--keep",
            "--root", Directory.CreateDirectory(Path.Combine(node.Inbox, "camera-1")).FullName);
        var without = await Load(node.Port, "--files", "100", "--dialect", dialect);

        tested.ExitCode.ShouldBe(0, tested.Output + tested.Error);
        tested.Output.ShouldContain("100 acknowledged, 100 looked for, 100 compared, 0 missing, 0 different");
        (without.ExitCode, without.Error).ShouldBe((2, $"127.0.0.1:{node.Port} asks for a key: name yours with --key-file\n"));
    }

    [LinuxFact]
    public async Task A_report_that_cannot_be_written_in_the_end_costs_none_of_the_others()
    {
        await using var node = await RunningNode.Start();

        var ended = await Load(node.Port, "--files", "10", "--json", "/dev/full", "--html", "page.html");

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldContain("cannot write the report '/dev/full': No space left on device");
        ended.Output.ShouldContain("proof: ");
        File.ReadAllText(Path.Combine(_folder, "page.html")).ShouldContain("</html>");
    }

    [Fact]
    public async Task A_report_that_cannot_be_written_is_told_before_the_test()
    {
        await using var node = await RunningNode.Start();

        var ended = await Load(node.Port, "--files", "10", "--html", "no/such/folder.html");

        ended.ExitCode.ShouldBe(2);
        ended.Error.ShouldStartWith("cannot write the report: ");
    }

    [LinuxFact]
    public async Task Ctrl_C_ends_it_with_a_report()
    {
        await using var node = await RunningNode.Start();
        using var process = Executable.Begin(Executable.Path, _folder, "load", "--to", $"127.0.0.1:{node.Port}", "--duration", "10m");
        var line = await process.StandardError.ReadLineAsync().WaitAsync(TimeSpan.FromMinutes(1)); // it is under way

        Process.Start("/bin/kill", ["-INT", $"{process.Id}"]).WaitForExit();
        var output = await process.StandardOutput.ReadToEndAsync().WaitAsync(TimeSpan.FromMinutes(1));
        await process.WaitForExitAsync();

        line.ShouldNotBeNull().ShouldContain("16 connections");
        process.ExitCode.ShouldBe(130);
        output.ShouldContain("interrupted: this is what came of it until then");
        output.ShouldContain("0 missing, 0 different");
    }

    private Task<Executable.Ended> Load(int port, params string[] options) =>
        Executable.Run(_folder, ["load", "--to", $"127.0.0.1:{port}", .. options]);
}
