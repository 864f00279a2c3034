using System.Text;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary><c>actorsock get</c> as people and scripts run it.</summary>
public sealed class GetCommandTests : Commands
{
    [Fact]
    public async Task A_file_comes_back_as_it_was_sent_under_its_last_name_or_the_one_that_is_wished()
    {
        await using var node = await RunningNode.Start();
        var content = Write("up.bin", 5_000_000);
        (await Run(node, "put", "up.bin", "--name", "a/b/big.bin")).ExitCode.ShouldBe(0);
        Directory.CreateDirectory(PathOf("folder"));

        var here = await Run(node, "get", "a/b/big.bin");
        var named = await Run(node, "get", "a/b/big.bin", "--out", "new/other.bin");
        var into = await Run(node, "get", "a/b/big.bin", "--out", "folder", "--json");

        (here.ExitCode, here.Error, here.Output).ShouldBe((0, "", $"fetched a/b/big.bin 5000000 {Md5(content)}\n"));
        named.ExitCode.ShouldBe(0);
        Json(into.Output).Single().GetProperty("file").GetString().ShouldBe(Path.Combine("folder", "big.bin"));
        foreach (var name in (string[])["big.bin", "new/other.bin", "folder/big.bin"]) ShouldBeSame(Read(name), content);
        Directory.GetFiles(Folder, ".actorsock-*", SearchOption.AllDirectories).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_comes_with_its_last_name_and_the_second_time_nothing_is_fetched()
    {
        await using var node = await RunningNode.Start();
        string[] names = ["x", "sub/你 好", "sub/deep/z"];
        foreach (var name in names) Write($"up/{name}", Encoding.UTF8.GetBytes(name));
        (await Run(node, "put", "up", "--name", "all/photos")).ExitCode.ShouldBe(0);

        var first = await Run(node, "get", "all/photos/", "--out", "down");
        Write("down/photos/x", [0]);
        var second = await Run(node, "get", "all/photos/", "--out", "down");

        (first.ExitCode, first.Error).ShouldBe((0, ""));
        foreach (var name in names) Read($"down/photos/{name}").ShouldBe(Encoding.UTF8.GetBytes(name));
        Lines(second.Output).Select(line => line[..line.LastIndexOf(' ')]).ShouldBe(
            ["unchanged all/photos/sub/deep/z 10", "unchanged all/photos/sub/你 好 11", "fetched all/photos/x 1"]);
    }

    [Fact]
    public async Task To_the_standard_output_go_the_bytes_and_nothing_else()
    {
        await using var node = await RunningNode.Start();
        Write("a", "one\n"u8.ToArray());
        Write("b", "two\n"u8.ToArray());
        await Run(node, "put", "a", "b");

        var both = await Run(node, "get", "a", "b", "--out", "-");
        var missing = await Run(node, "get", "c", "a", "--out", "-");

        (both.ExitCode, both.Error, both.Output).ShouldBe((0, "", "one\ntwo\n"));
        (missing.ExitCode, missing.Output).ShouldBe((1, ""));
        missing.Error.ShouldStartWith("'c' is not fetched: 404 there is no such file");
        (await Run(node, "get", "a", "c", "--out", "-", "--json")).Output.ShouldBe("one\n");
    }

    [LinuxFact]
    public async Task When_nobody_reads_the_standard_output_any_more_it_ends()
    {
        await using var node = await RunningNode.Start();
        Write("big", 8_000_000);
        await Run(node, "put", "big");

        var ended = await Executable.RunProgram("/bin/sh", Folder, "",
            "-c", "(\"$0\" get big --out - --to \"$1\"; echo $? > code) | head -c 10 > /dev/null", Executable.Path, $"127.0.0.1:{node.Port}");

        File.ReadAllText(PathOf("code")).ShouldBe("1\n");
        ended.Error.ShouldBe("'big' is not fetched: nobody reads the output any more\n");
    }

    [Fact]
    public async Task One_that_is_not_there_does_not_hold_up_the_rest()
    {
        await using var node = await RunningNode.Start();
        Write("good", [1]);
        await Run(node, "put", "good");
        File.Delete(PathOf("good"));

        var ended = await Run(node, "get", "missing", "../../etc/passwd", "nowhere/", "good");

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldBe($"fetched good 1 {Md5([1])}\n");
        Lines(ended.Error).ShouldBe(
        [
            "'missing' is not fetched: there is no such file",
            "'../../etc/passwd' is not fetched: 403 the file name is refused: it has a '..'",
            "'nowhere/' is not fetched: there is no such folder",
        ], ignoreOrder: true);
        Directory.GetFileSystemEntries(Folder).Select(Path.GetFileName).ShouldBe(["good"]);
    }

    [LinuxFact]
    public async Task Names_that_lead_elsewhere_are_not_followed()
    {
        using var node = new LyingNode("""
            {"name":"f/../../escaped","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}
            {"name":"f//etc/escaped","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}
            {"name":"f/\u001b[31mred","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}
            {"name":"f/a\\b","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}
            {"name":"f/link/escaped","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}
            {"name":"f/.actorsock-00000000000000000000000000000000-ffffffffffffffffffffffffffffffff.part","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}
            {"name":"f/good","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}

            """);
        Directory.CreateDirectory(PathOf("outside"));
        Directory.CreateDirectory(PathOf("in/f"));
        File.CreateSymbolicLink(PathOf("in/f/link"), PathOf("outside"));

        var ended = await Run(node.Port, "get", "f/", "--out", "in");

        ended.ExitCode.ShouldBe(1);
        Lines(ended.Error).ShouldBe(
        [
            "'f/../../escaped' is not fetched: its name has a '..': name a file of its own with --out",
            "'f//etc/escaped' is not fetched: its name has an empty part: name a file of its own with --out",
            "'f/\\u{1B}[31mred' is not fetched: its name has a control character: name a file of its own with --out",
            "'f/a\\b' is not fetched: its name has a backslash: name a file of its own with --out",
            "'f/link/escaped' is not fetched: 'link' is a link here: name a file of its own with --out",
            "'f/.actorsock-00000000000000000000000000000000-ffffffffffffffffffffffffffffffff.part' is not fetched: "
                + "its name is one of those that hold here what has not arrived yet: name a file of its own with --out",
        ]);
        ended.Output.ShouldStartWith("fetched f/good 1 ");
        Directory.GetFileSystemEntries(PathOf("outside")).ShouldBeEmpty();
        Directory.GetFiles(Folder, "*", SearchOption.AllDirectories).Select(Path.GetFileName).ShouldBe(["good"]);
    }

    [Fact]
    public async Task A_node_that_lists_what_was_not_asked_for_is_not_believed()
    {
        using var node = new LyingNode("""
            {"name":"elsewhere","size":1,"modified":"2026-01-01T00:00:00.0000000Z","md5":null}

            """);

        var ended = await Run(node.Port, "get", "f/");

        ended.ExitCode.ShouldBe(3);
        ended.Error.ShouldContain("the node lists 'elsewhere', which was not asked for");
        File.Exists(PathOf("elsewhere")).ShouldBeFalse();
    }

    [Fact]
    public async Task Bytes_with_another_digest_are_not_kept()
    {
        using var node = new LyingNode("", md5: Md5([2]));

        var ended = await Run(node.Port, "get", "x");

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldContain("the bytes that arrived have the md5");
        Directory.GetFiles(Folder).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("NAME")]
    [InlineData("names nothing", "")]
    [InlineData("names nothing", "/")]
    [InlineData("is a folder, and --out - takes files", "a/", "--out", "-")]
    [InlineData("would be written to one place", "a/x", "b/x")]
    [InlineData("--out is empty", "a", "--out", "")]
    public async Task Misuse_ends_with_2_and_says_why(string why, params string[] args)
    {
        var ended = await Run(1, ["get", .. args]);

        (ended.ExitCode, ended.Output).ShouldBe((2, ""));
        ended.Error.ShouldContain(why);
    }
}
