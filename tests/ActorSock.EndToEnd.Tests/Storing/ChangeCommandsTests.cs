namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary><c>actorsock rm</c>, <c>mv</c> and <c>sync</c>.</summary>
public sealed class ChangeCommandsTests : Commands
{
    [Fact]
    public async Task Rm_deletes_what_it_names_and_tells_what_was_not_there()
    {
        await using var node = await RunningNode.Start();
        Write("a", [1]);
        Write("b", [2]);
        await Run(node, "put", "a", "b");

        var ended = await Run(node, "rm", "a", "missing", "../x");

        (ended.ExitCode, ended.Output).ShouldBe((1, "deleted a\n"));
        Lines(ended.Error).ShouldBe(
        [
            "'missing' is not deleted: 404 there is no such file",
            "'../x' is not deleted: 403 the file name is refused: it has a '..'",
        ]);
        File.Exists(Path.Combine(node.Inbox, "a")).ShouldBeFalse();
        node.Stored("b").ShouldBe([2]);
    }

    [Fact]
    public async Task Rm_of_a_folder_spares_what_only_begins_like_it()
    {
        await using var node = await RunningNode.Start();
        foreach (var name in (string[])["up/f/a", "up/f/sub/b", "up/f2/c", "up/f.txt"]) Write(name, [1]);
        await Run(node, "put", "up");

        var told = await Run(node, "rm", "-r", "up/f", "--dry-run");
        Directory.GetFiles(Path.Combine(node.Inbox, "up", "f")).ShouldNotBeEmpty();
        var done = await Run(node, "rm", "-r", "up/f", "nowhere", "--json");

        (told.ExitCode, told.Output).ShouldBe((0, "would delete up/f/a\nwould delete up/f/sub/b\n"));
        done.ExitCode.ShouldBe(1);
        done.Error.ShouldBe("'nowhere' is not deleted: there is no such folder\n");
        Json(done.Output).Where(line => line.GetProperty("outcome").GetString() == "deleted")
            .Select(line => line.GetProperty("name").GetString()).ShouldBe(["up/f/a", "up/f/sub/b"]);
        Lines((await Run(node, "ls", "-r")).Output).ShouldBe(["up/f.txt", "up/f2/c"]);
    }

    [Fact]
    public async Task Mv_gives_another_name_or_another_folder_and_replaces_only_what_it_may()
    {
        await using var node = await RunningNode.Start();
        Write("a", [1]);
        Write("b", [2]);
        await Run(node, "put", "a", "b");

        var into = await Run(node, "mv", "a", "folder/");
        var refused = await Run(node, "mv", "b", "folder/a", "--exists", "refuse");
        var both = await Run(node, "mv", "b", "folder/a", "--exists", "keep-both", "--json");
        var gone = await Run(node, "mv", "a", "c");

        (into.ExitCode, into.Output).ShouldBe((0, "moved a folder/a\n"));
        (refused.ExitCode, refused.Output).ShouldBe((1, ""));
        refused.Error.ShouldStartWith("'b' is not moved: 412 there is a file of that name");
        Json(both.Output).Single().GetProperty("to").GetString().ShouldBe("folder/a (2)");
        gone.ExitCode.ShouldBe(1);
        gone.Error.ShouldStartWith("'a' is not moved: 404 there is no such file");
        node.Stored("folder/a").ShouldBe([1]);
        node.Stored("folder/a (2)").ShouldBe([2]);
    }

    [Fact]
    public async Task Sync_sends_only_what_changed_and_deletes_only_when_asked()
    {
        await using var node = await RunningNode.Start();
        foreach (var name in (string[])["here/a", "here/sub/b", "here/c"]) Write(name, 100);
        var first = await Run(node, "sync", "here", "there");
        Write("here/a", 101);
        File.Delete(PathOf("here/c"));

        var told = await Run(node, "sync", "here", "there", "--delete", "--dry-run");
        var kept = await Run(node, "sync", "here", "there");
        var deleted = await Run(node, "sync", "here", "there", "--delete");
        var again = await Run(node, "sync", "here", "there", "--delete", "--json");

        Lines(first.Output).Order(StringComparer.Ordinal).ShouldBe(["sent there/a 100", "sent there/c 100", "sent there/sub/b 100"]);
        (told.ExitCode, told.Output).ShouldBe((0, "would be sent there/a 101\nwould be deleted there/c\n"));
        (kept.ExitCode, kept.Output, kept.Error)
            .ShouldBe((0, "sent there/a 101\n", "1 sent (101 B), 1 unchanged, 0 deleted, 0 left out, 0 failed\n"));
        deleted.Output.ShouldBe("deleted there/c\n");
        var report = Json(again.Output).ShouldHaveSingleItem();
        (report.GetProperty("sent").GetInt32(), report.GetProperty("unchanged").GetInt32()).ShouldBe((0, 2));
        Lines((await Run(node, "ls", "-r")).Output).ShouldBe(["there/a", "there/sub/b"]);
        node.Stored("there/a").ShouldBe(Read("here/a"));
    }

    [LinuxFact]
    public async Task Sync_goes_on_behind_what_it_cannot_send_and_ends_with_1()
    {
        await using var node = await RunningNode.Start();
        Write("here/good", [1]);
        Write("here/line\nfeed", [2]);

        var ended = await Run(node, "sync", "here");

        (ended.ExitCode, ended.Output).ShouldBe((1, "sent good 1\n"));
        ended.Error.ShouldContain("'line\\u{0A}feed' is not sent: 403 the file name is refused");
    }

    [Fact]
    public async Task Who_names_a_folder_hears_that_it_is_one()
    {
        await using var node = await RunningNode.Start();
        Write("f/g/h", [1]);
        await Run(node, "put", "f");

        foreach (var (args, why) in new (string[], string)[]
            {
                (["rm", "./f//g"], "'./f//g' is not deleted: it is a folder"),
                (["rm", "f/g"], "'f/g' is not deleted: it is a folder: say -r"),
                (["rm", "f", "--dry-run"], "'f' is not deleted: it is a folder: say -r"),
                (["mv", "f/g", "b"], "'f/g' is not moved: it is a folder: its files can be moved one by one"),
                (["stat", "f"], "'f' is not there: it is a folder: ls shows"),
                (["get", "f/g"], "'f/g' is not fetched: it is a folder: name it 'f/g/'"),
            })
        {
            var ended = await Run(node, args);
            (ended.ExitCode, ended.Output).ShouldBe((1, ""));
            ended.Error.ShouldStartWith(why);
        }
    }

    [Theory]
    [InlineData("'' is everything", "rm", "-r", "")]
    [InlineData("'/' is everything", "rm", "-r", "/")]
    [InlineData("'./' is everything", "rm", "-r", "a", "./")]
    [InlineData("'a/' is a folder: say -r", "rm", "a/")]
    [InlineData("unknown option --force", "rm", "a", "--force")]
    [InlineData("'a/' is no file", "mv", "a/", "b")]
    [InlineData("the new name is empty", "mv", "a", "")]
    [InlineData("Required argument 'TO' missing", "mv", "a")]
    [InlineData("there is no folder 'nowhere'", "sync", "nowhere")]
    [InlineData("'../b' has a '..'", "sync", ".", "../b")]
    [InlineData("'a/' is a folder: ls shows", "stat", "b", "a/")]
    [InlineData("a file has no name", "put", "")]
    [InlineData("unknown option --bogus", "sync", "--bogus")]
    [InlineData("Required argument 'FOLDER' missing", "sync")]
    public async Task Misuse_ends_with_2_and_says_why(string why, params string[] args)
    {
        var ended = await Run(1, args);

        (ended.ExitCode, ended.Output).ShouldBe((2, ""));
        ended.Error.ShouldContain(why);
    }
}
