using System.Net;
using System.Net.Sockets;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary><c>actorsock ls</c> and <c>actorsock stat</c>.</summary>
public sealed class ListCommandsTests : Commands
{
    [Fact]
    public async Task Ls_shows_what_begins_so_and_folders_as_one()
    {
        await using var node = await RunningNode.Start();
        foreach (var name in (string[])["up/a", "up/b b", "up/sub/c", "up/sub/deep/你"]) Write(name, [1]);
        await Run(node, "put", "up");

        Lines((await Run(node, "ls")).Output).ShouldBe(["up/"]);
        Lines((await Run(node, "ls", "up/")).Output).ShouldBe(["up/a", "up/b b", "up/sub/"]);
        Lines((await Run(node, "ls", "up/", "-r")).Output).ShouldBe(["up/a", "up/b b", "up/sub/c", "up/sub/deep/你"]);
        Lines((await Run(node, "ls", "up/s", "-r")).Output).ShouldBe(["up/sub/c", "up/sub/deep/你"]);
        var none = await Run(node, "ls", "nothing");
        (none.ExitCode, none.Output, none.Error).ShouldBe((0, "", ""));
    }

    [Fact]
    public async Task Ls_shows_size_time_and_digest_when_asked()
    {
        await using var node = await RunningNode.Start();
        var content = Write("f/a", 1234);
        await Run(node, "put", "f");

        var asLines = await Run(node, "ls", "f/", "-l");
        var asJson = await Run(node, "ls", "f/", "--json");

        asLines.Output.ShouldMatch($@"^          1234 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d {Md5(content)} f/a\n$");
        var file = Json(asJson.Output).ShouldHaveSingleItem();
        file.GetProperty("name").GetString().ShouldBe("f/a");
        file.GetProperty("bytes").GetInt64().ShouldBe(1234);
        file.GetProperty("md5").GetString().ShouldBe(Md5(content));
        file.GetProperty("modified").GetDateTimeOffset().Offset.ShouldBe(TimeSpan.Zero);
        Json((await Run(node, "ls", "--json")).Output).Single().GetProperty("folder").GetString().ShouldBe("f/");
    }

    [Fact]
    public async Task Ls_shows_names_of_others_escaped()
    {
        using var node = new LyingNode("""
            {"name":"\u001b[2J\u202egnp.exe","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}

            """);

        (await Run(node.Port, "ls")).Output.ShouldBe("\\u{1B}[2J\\u{202E}gnp.exe\n");
    }

    [Fact]
    public async Task Stat_tells_of_each_name_and_1_when_one_is_missing()
    {
        await using var node = await RunningNode.Start();
        var content = Write("a b", 70_000);
        await Run(node, "put", "a b");

        var text = await Run(node, "stat", "a b", "missing", "../x");
        var json = await Run(node, "stat", "a b", "--json");

        text.ExitCode.ShouldBe(1);
        text.Output.ShouldMatch($@"^a b 70000 20\d\d-\d\d-\d\dT\d\d:\d\d:\d\d\.\d\d\dZ {Md5(content)}\n$");
        Lines(text.Error).ShouldBe(
        [
            "'missing' is not there: there is no such file",
            "'../x' is not there: 403 the file name is refused: it has a '..'",
        ]);
        json.ExitCode.ShouldBe(0);
        Json(json.Output).Single().GetProperty("md5").GetString().ShouldBe(Md5(content));
    }

    [Theory]
    [InlineData("ls", "unknown option --bogus", "--bogus")]
    [InlineData("stat", "unknown option --bogus", "a", "--bogus")]
    [InlineData("ls", "Unrecognized", "a", "b")]
    [InlineData("stat", "NAME")]
    public async Task Misuse_ends_with_2_and_says_why(string command, string why, params string[] args)
    {
        var ended = await Run(1, [command, .. args]);

        (ended.ExitCode, ended.Output).ShouldBe((2, ""));
        ended.Error.ShouldContain(why);
    }

    [Theory]
    [InlineData("get", "a")]
    [InlineData("ls")]
    [InlineData("stat", "a")]
    [InlineData("rm", "a")]
    [InlineData("mv", "a", "b")]
    [InlineData("sync", ".")]
    public async Task Without_a_node_there_each_command_ends_with_3(params string[] args)
    {
        using var unused = new TcpListener(IPAddress.Loopback, 0);
        unused.Server.Bind(new IPEndPoint(IPAddress.Loopback, 0));

        var ended = await Executable.Run(Folder, [.. args, "--to", $"{unused.Server.LocalEndPoint}"]);

        (ended.ExitCode, ended.Output).ShouldBe((3, ""));
        ended.Error.ShouldStartWith($"cannot reach {unused.Server.LocalEndPoint}: Connection refused: ");
    }

    [Theory]
    [InlineData("get", "a")]
    [InlineData("ls")]
    [InlineData("stat", "a")]
    [InlineData("rm", "a")]
    [InlineData("mv", "a", "b")]
    [InlineData("sync", ".")]
    public async Task Another_service_is_told_from_a_node(params string[] args)
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var greeting = GreetAsync();

        var ended = await Executable.Run(Folder, [.. args, "--to", $"{listener.LocalEndpoint}"]);
        await greeting;

        (ended.ExitCode, ended.Output).ShouldBe((1, ""));
        ended.Error.ShouldStartWith($"{listener.LocalEndpoint} is no ActorSock transfer service: it answered '");
        ended.Error.ShouldEndWith("': name the port of one with --to\n");

        async Task GreetAsync()
        {
            using var client = await listener.AcceptSocketAsync();
            (await client.ReceiveAsync(new byte[1000])).ShouldBeGreaterThan(0);
            await client.SendAsync("hi there\n"u8.ToArray());
            while (await client.ReceiveAsync(new byte[1000]) > 0) { }
        }
    }
}
