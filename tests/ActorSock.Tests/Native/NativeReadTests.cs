using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>Requests that only read: get, stat, list.</summary>
public sealed class NativeReadTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(70_000)]
    [InlineData(5_000_001)]
    public async Task What_was_stored_comes_back(int size)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var body = Bodies.Of(size);
        await peer.Wire.Send(Put(1, "a/b", body));
        await peer.Read();

        var reply = await peer.Ask("""{"id":2,"action":"get","name":"a\\b"}""");

        (reply.Status, reply.Id, (string?)reply.Header["name"], (long)reply.Header["size"]!).ShouldBe((200, 2, "a/b", size));
        ((string?)reply.Header["md5"]).ShouldBe(Md5(body));
        DateTimeOffset.Parse((string)reply.Header["modified"]!).ShouldBeInRange(DateTimeOffset.UtcNow.AddMinutes(-5), DateTimeOffset.UtcNow.AddMinutes(1));
        reply.Body.AsSpan().SequenceEqual(body).ShouldBeTrue();
        (await node.Events.Until<ServerEvent.Fetched>()).Bytes.ShouldBe(size);
    }

    [Theory]
    [InlineData("\"offset\":3", 206, "lo")]
    [InlineData("\"offset\":1,\"length\":2", 206, "el")]
    [InlineData("\"length\":99", 200, "hello")]
    [InlineData("\"offset\":5", 206, "")]
    [InlineData("\"length\":0", 206, "")]
    [InlineData("\"md5\":\"5d41402abc4b2a76b9719d911017c592\"", 200, "hello")]
    [InlineData("\"offset\":6", 416, "OffsetBeyond")]
    [InlineData("\"md5\":\"5d41402abc4b2a76b9719d911017c593\"", 412, "Changed")]
    [InlineData("\"name\":\"b\"", 404, "NameUnknown")]
    [InlineData("\"name\":\"../a\"", 403, "NameRefused")]
    public async Task A_part_may_be_asked_for_and_a_condition_be_named(string more, int status, string said)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        await peer.Wire.Send(Put(1, "a", "hello"u8.ToArray()));
        await peer.Read();

        var reply = await peer.Ask($$"""{"id":2,"action":"get","name":"a",{{more}}}""");

        reply.Status.ShouldBe(status);
        (reply.Error ?? Encoding.UTF8.GetString(reply.Body)).ShouldBe(said);
        (await peer.Ask("""{"id":3,"action":"ping"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Many_are_asked_for_at_once_while_others_are_sent()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var bodies = Enumerable.Range(0, 30).Select(i => Bodies.Of(i * i * 1000, i)).ToArray();
        await peer.Wire.Send([.. bodies.SelectMany((body, i) => Put(i, $"f{i}", body))]);
        await peer.Read(bodies.Length);

        var sending = peer.Wire.Send([.. Enumerable.Range(0, 30).SelectMany(i => (byte[])
            [.. Frame(new { id = 100 + i, action = "get", name = $"f{i}" }), .. Put(200 + i, $"g{i}", bodies[i]), .. Frame(new { id = 300 + i, action = "stat", name = $"f{i}" })])]);
        var replies = (await peer.Read(90)).ToDictionary(reply => reply.Id!.Value);
        await sending;

        for (var i = 0; i < 30; i++)
        {
            replies[100 + i].Body.AsSpan().SequenceEqual(bodies[i]).ShouldBeTrue($"f{i}");
            replies[200 + i].Status.ShouldBe(201);
            ((string?)replies[300 + i].Header["md5"]).ShouldBe(Md5(bodies[i]));
        }
        await node.NothingIsLeft();
        node.Node.Parts.Unsent.BytesTaken.ShouldBe(0);
    }

    [Fact]
    public async Task The_digest_of_a_file_that_somebody_else_has_put_there_is_read_when_it_is_asked_for()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var body = Bodies.Of(300_000);
        await File.WriteAllBytesAsync(Path.Combine(node.Root, "foreign"), body);

        (await peer.Ask("""{"id":1,"action":"get","name":"foreign","length":3}""")).Header["md5"].ShouldBeNull();
        ((string?)(await peer.Ask("""{"id":2,"action":"stat","name":"foreign"}""")).Header["md5"]).ShouldBe(Md5(body));
        await File.WriteAllBytesAsync(Path.Combine(node.Root, "foreign"), body[1..]);
        (await peer.Ask(new { id = 3, action = "get", name = "foreign", md5 = Md5(body) })).Error.ShouldBe("Changed");
        (await peer.Ask(new { id = 4, action = "get", name = "foreign", md5 = Md5(body[1..]) })).Body.Length.ShouldBe(299_999);
    }

    [Fact]
    public async Task Stat_of_what_is_no_file_says_so()
    {
        await using var node = await TestNode.Start();
        Directory.CreateDirectory(Path.Combine(node.Root, "folder"));
        using var peer = await Connect(node);

        foreach (var name in new[] { "none", "folder", "folder/none", "none/none" })
            (await peer.Ask(new { id = 1, action = "stat", name })).Error.ShouldBe("NameUnknown", name);
        (await peer.Ask(new { id = 1, action = "stat", name = ".actorsock/lock" })).Error.ShouldBe("NameRefused");
    }

    [Fact]
    public async Task A_list_comes_in_pages_in_the_order_of_the_names()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        string[] names = ["a", "b/1", "b/2", "b/c/3", "c", "文/件", "z z"];
        await peer.Wire.Send([.. names.SelectMany((name, i) => Put(i, name, Bodies.Of(i, i)))]);
        await peer.Read(names.Length);

        List<string> listed = [];
        for (string? after = null; ;)
        {
            var page = await peer.Ask(new { id = 1, action = "list", after, limit = 3 });
            var lines = Lines(page);
            ((int)page.Header["entries"]!).ShouldBe(lines.Length);
            listed.AddRange(lines.Select(line => (string)line["name"]!));
            if (!(bool)page.Header["more"]!)
                break;
            after = listed[^1];
        }
        listed.ShouldBe(["a", "b/1", "b/2", "b/c/3", "c", "z z", "文/件"]);

        var folders = Lines(await peer.Ask(new { id = 2, action = "list", recursive = false }));
        folders.Select(line => (string?)(line["name"] ?? line["folder"])).ShouldBe(["a", "b/", "c", "z z", "文/"]);
        var below = Lines(await peer.Ask(new { id = 2, action = "list", prefix = "b/" }));
        below.Select(line => ((string?)line["name"], (long)line["size"]!, (string?)line["md5"]))
            .ShouldBe([("b/1", 1, Md5(Bodies.Of(1, 1))), ("b/2", 2, Md5(Bodies.Of(2, 2))), ("b/c/3", 3, Md5(Bodies.Of(3, 3)))]);
    }

    [Fact]
    public async Task Folders_come_in_pages_with_one_digest_of_all_files_in_each()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        string[] names = ["a", "b/1", "b/2", "b/c/3", "文/件", "z z/1"];
        await peer.Wire.Send([.. names.SelectMany((name, i) => Put(i, name, Bodies.Of(i, i)))]);
        await peer.Read(names.Length);

        List<JsonNode> listed = [];
        for (string? after = null; ;)
        {
            var page = await peer.Ask(new { id = 1, action = "folders", after, limit = 2 });
            var lines = Lines(page);
            ((int)page.Header["entries"]!).ShouldBe(lines.Length);
            listed.AddRange(lines);
            if (!(bool)page.Header["more"]!)
                break;
            after = (string)listed[^1]["folder"]!;
        }
        listed.Select(line => ((string)line["folder"]!, (int)line["files"]!, (long)line["size"]!))
            .ShouldBe([("", 1, 0), ("b/", 2, 3), ("b/c/", 1, 3), ("z z/", 1, 5), ("文/", 1, 4)]);
        var digest = new FolderDigest();
        foreach (var i in new[] { 2, 1 })
            digest.Add($"{i}", i, Md5Digest.FromBytes(MD5.HashData(Bodies.Of(i, i))));
        ((string)listed[1]["sha256"]!).ShouldBe($"{digest.Current}");
        Lines(await peer.Ask(new { id = 2, action = "folders", prefix = "b/" })).Select(line => (string)line["folder"]!).ShouldBe(["b/", "b/c/"]);
        (await peer.Ask(new { id = 2, action = "folders", prefix = "none/" })).Header["entries"]!.GetValue<int>().ShouldBe(0);
    }

    [Fact]
    public async Task Where_there_is_no_memory_for_a_long_list_it_is_shorter()
    {
        await using var node = await TestNode.Start();
        for (var i = 0; i < 1000; i++)
            await File.WriteAllTextAsync(Path.Combine(node.Root, $"file number {i:0000}"), "");
        var unsent = node.Node.Parts.Unsent;
        var all = (int)node.Node.Parts.Settings.Memory.BlocksMax / 4;
        unsent.TryTake(all).ShouldBeTrue();
        using var peer = await Connect(node);

        List<string> listed = [];
        for (var more = true; more;)
        {
            var page = await peer.Ask(new { id = 1, action = "list", after = listed.LastOrDefault() });
            page.Body.Length.ShouldBeInRange(1, 4096, $"{page}");
            listed.AddRange(Lines(page).Select(line => (string)line["name"]!));
            more = (bool)page.Header["more"]!;
        }

        listed.ShouldBe(Enumerable.Range(0, 1000).Select(i => $"file number {i:0000}"));
        unsent.BytesTaken.ShouldBe(all);
    }

    [Fact]
    public async Task A_peer_that_fetches_and_does_not_read_holds_no_block_and_is_closed_at_the_send_deadline()
    {
        await using var node = await TestNode.Start("actorsock.connections.send-deadline=500ms", "actorsock.memory.blocks-max=1MiB");
        using var live = await Connect(node);
        var body = Bodies.Of(30_000_000);
        await live.Wire.Send(Put(1, "big", body));
        (await live.Read()).Status.ShouldBe(201);

        var deaf = await Task.WhenAll(Enumerable.Range(0, 20).Select(_ => Connect(node)));
        foreach (var peer in deaf)
            await peer.Wire.Send([.. Enumerable.Range(0, 10).SelectMany(i => Frame(new { id = i, action = "get", name = "big" }))]);
        for (var i = 0; node.Events.Of<ServerEvent.ConnectionClosed>().Count() < deaf.Length; i++)
        {
            await live.Wire.Send(Put(i, "small", Bodies.Of(1000, i)));
            (await live.Read()).Status.ShouldBe(201);
        }

        node.Events.Of<ServerEvent.ConnectionClosed>().ShouldAllBe(e => e.Reason == "a reply was not taken within 0.5 s");
        (await live.Ask("""{"id":1,"action":"get","name":"big"}""")).Body.AsSpan().SequenceEqual(body).ShouldBeTrue();
        await node.NothingIsLeft();
        foreach (var peer in deaf)
            peer.Dispose();
    }

    [Fact]
    public async Task A_slow_reader_gets_all_of_it()
    {
        await using var node = await TestNode.Start("actorsock.memory.blocks-max=128KiB", "actorsock.memory.block-bytes=64KiB");
        using var peer = await Connect(node);
        var body = Bodies.Of(8_000_000);
        await peer.Wire.Send(Put(1, "big", body));
        await peer.Read();

        await peer.Send("""{"id":2,"action":"get","name":"big"}""");
        await peer.Send("""{"id":3,"action":"ping"}""");
        await Bodies.Until("the socket is full", async () => (await node.Node.Tree()).Children.Single(c => c.Name == "connections")
            .Children[0].Children.Any(c => c.Type == "FetchActor" && !c.Note.StartsWith("0 of", StringComparison.Ordinal)));
        node.Node.Parts.Blocks.BlocksOut.ShouldBeInRange(0, 1);
        var replies = await peer.Read(2);

        replies.Single(reply => reply.Id == 2).Body.AsSpan().SequenceEqual(body).ShouldBeTrue();
    }

    [Fact]
    public async Task A_crash_of_a_reader_refuses_its_request_and_one_in_the_middle_of_a_reply_ends_the_connection()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        await peer.Wire.Send(Put(1, "big", Bodies.Of(30_000_000)));
        await peer.Read();
        await peer.Wire.Send(Frame("""{"id":2,"action":"get","name":"big"}"""));
        await peer.Wire.ReadBytes(sizeof(int)); // so the first has its turn
        await peer.Wire.Send(Frame("""{"id":3,"action":"get","name":"big"}"""));
        await Bodies.Until("both are read", async () => (await Readers(node)).Length == 2);

        await Crash(node, "reader-2");
        await node.Events.Until<ServerEvent.Refused>(e => e.Rejection == "Crashed");
        await Crash(node, "reader-1");

        (await node.UntilClosed("c-000001")).Reason.ShouldStartWith("half a reply was said");
        await node.NothingIsLeft();
    }

    [Fact]
    public async Task A_file_is_one_version_also_when_another_takes_its_name()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        using var other = await Connect(node);
        var (old, young) = (Bodies.Of(20_000_000, 1), Bodies.Of(20_000_000, 2));
        await peer.Wire.Send(Put(1, "big", old));
        await peer.Read();

        await peer.Send("""{"id":2,"action":"get","name":"big"}""");
        var length = await peer.Wire.ReadBytes(sizeof(int)); // so it has begun
        await other.Wire.Send(Put(1, "big", young));
        (await other.Read()).Status.ShouldBe(201);
        await peer.Wire.ReadBytes(BinaryPrimitives.ReadInt32LittleEndian(length));

        (await peer.Wire.ReadBytes(old.Length)).AsSpan().SequenceEqual(old).ShouldBeTrue();
        (await peer.Ask("""{"id":3,"action":"get","name":"big"}""")).Body.AsSpan().SequenceEqual(young).ShouldBeTrue();
    }

    [Fact]
    public async Task Who_closes_its_side_is_still_sent_what_it_has_asked_for()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var body = Bodies.Of(10_000_000);
        await peer.Wire.Send(Put(1, "big", body));
        await peer.Read();

        await peer.Send("""{"id":2,"action":"get","name":"big"}""");
        peer.Wire.EndSending();

        (await peer.Read()).Body.AsSpan().SequenceEqual(body).ShouldBeTrue();
        (await peer.IsClosed()).ShouldBeTrue();
    }

    private static JsonNode[] Lines(Reply page) =>
        [.. Encoding.UTF8.GetString(page.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => JsonNode.Parse(line)!)];

    private static async Task<string[]> Readers(TestNode node) => [.. (await node.Node.Tree()).Children.Single(c => c.Name == "connections")
        .Children[0].Children.Select(c => c.Name).Where(name => name.StartsWith("reader-", StringComparison.Ordinal))];

    private static async Task Crash(TestNode node, string reader)
    {
        var actor = await node.Node.System.ActorSelection($"/user/server/connections/c-000001/{reader}").ResolveOne(TimeSpan.FromSeconds(10));
        actor.Tell(Kill.Instance, ActorRefs.NoSender);
    }
}
