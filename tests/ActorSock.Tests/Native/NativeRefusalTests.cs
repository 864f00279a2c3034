using System.Text;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>What is refused, and how the conversation goes on behind it.</summary>
public sealed class NativeRefusalTests
{
    private static readonly byte[] s_hello = "hello"u8.ToArray();

    /// <summary>Requests that are refused, each with what the server says and the bytes behind the header.</summary>
    public static TheoryData<string, string, string, string> GoesOn => new()
    {
        { """{"id":7,"action":"put","name":"../x","body":5}""", "hello", "NameRefused", "../x" },
        { """{"id":7,"action":"put","name":"","body":5}""", "hello", "NameRefused", "" },
        { """{"id":7,"action":"put","body":5}""", "hello", "FieldMissing", "" },
        { """{"id":7,"action":"put","name":3,"body":5}""", "hello", "FieldType", "" },
        { """{"id":7,"action":"put","name":"x","body":5,"md5":"zz"}""", "hello", "FieldType", "" },
        { """{"id":7,"action":"put","name":"x","body":5,"size":6}""", "hello", "FieldType", "" },
        { """{"id":7,"action":"fly","body":5}""", "hello", "ActionUnknown", "" },
        { """{"id":7,"body":5}""", "hello", "FieldMissing", "" },
        { """{"id":7,"action":"ping","body":5}""", "hello", "FieldType", "" },
        { """{"id":7,"action":"fly","body":5,"md5":"after"}""", "hello{\"md5\":\"5d41402abc4b2a76b9719d911017c592\"}", "ActionUnknown", "" },
        { """{"id":7,"body":5,"md5":"after","sha256":"after"}""", "hello{\"md5\":\"5d41402abc4b2a76b9719d911017c592\"}", "FieldMissing", "" },
        { """{"id":7,"action":"ping","sha256":"after"}""", "{\"md5\":\"5d41402abc4b2a76b9719d911017c592\"}", "FieldType", "" },
        { """{"id":7,"action":"resume","name":"x","upload":"u","md5":"after"}""", "{\"md5\":\"5d41402abc4b2a76b9719d911017c592\"}", "FieldType", "" },
        { """{"id":7,"action":"put","name":"x","body":"chunked","size":3}""", "[2]he[2]ll[1]o[0]", "FieldType", "" },
        { """{"id":7,"action":"put","name":"x","body":"chunked","size":6}""", "[2]he[2]ll[1]o[0]", "FieldType", "" },
        { """{"id":7,"action":"put","name":"../x","body":"chunked"}""", "[2]he[2]ll[1]o[0]", "NameRefused", "" },
        { """{"id":7,"action":"put","name":"x","body":"chunked"}""", "[2]he[2]ll[-1]", "GivenUp", "" },
        { """{"id":7,"action":"put","name":"x","body":"chunked","md5":"after"}""", "[2]he[2]ll[-1]", "GivenUp", "" },
        { """{"id":7,"action":"put","name":"../x","body":"chunked","md5":"after"}""", "[2]he[-1]", "NameRefused", "" },
        { """{"id":7,"action":"put","name":"../x","body":5,"md5":"after"}""", "hello{\"md5\":\"5d41402abc4b2a76b9719d911017c592\"}", "NameRefused", "" },
        { """{"id":7,"action":"put","name":"x","body":5,"md5":"after"}""", "hello{\"sha256\":\"5d41\"}", "FieldMissing", "" },
        { """{"id":7,"action":"put","name":"x","body":5,"md5":"after"}""", "hello{\"md5\":\"5d41402abc4b2a76b9719d911017c593\"}", "DigestDiffers", "" },
        { """{"id":7,"action":"put","name":"x","body":5,"md5":"5d41402abc4b2a76b9719d911017c593"}""", "hello", "DigestDiffers", "" },
        { """{"id":7,"action":"put","name":"folder","body":5}""", "hello", "NameTaken", "" },
        { """{"id":7,"action":"put","name":"x","offset":4096,"body":5}""", "hello", "FieldMissing", "" },
    };

    [Theory]
    [MemberData(nameof(GoesOn))]
    public async Task Behind_a_refused_request_the_conversation_goes_on_at_the_next_frame(string header, string behind, string error, string name)
    {
        await using var node = await TestNode.Start();
        Directory.CreateDirectory(Path.Combine(node.Root, "folder", "sub"));
        using var peer = await Connect(node);

        await peer.Wire.Send(Frame(header), Spelled(behind), Put(8, "after", s_hello));
        var replies = (await peer.Read(2)).ToDictionary(reply => reply.Id!.Value);

        (replies[7].Error, replies[7].Closes).ShouldBe((error, false));
        replies[8].Status.ShouldBe(201);
        var refused = await node.Events.Until<ServerEvent.Refused>();
        refused.Rejection.ShouldBe(error);
        if (name.Length > 0)
            refused.File.ShouldBe(name);
        node.Stored().Keys.ShouldBe(["after"]);
        await node.NothingIsLeft();
    }

    /// <summary>What leaves no way to the next frame.</summary>
    public static TheoryData<string, string> Closes => new()
    {
        { "[0]", "HeaderLength" },
        { "[-5]", "HeaderLength" },
        { "[70000]", "HeaderLength" },
        { "[9]{\"id\":1,]", "HeaderNotObject" },
        { "[2][]", "HeaderNotObject" },
        { "{\"action\":\"ping\"}", "IdRefused" },
        { "{\"id\":-1,\"action\":\"ping\"}", "IdRefused" },
        { "{\"id\":1.5,\"action\":\"ping\"}", "IdRefused" },
        { "{\"id\":\"1\",\"action\":\"ping\"}", "IdRefused" },
        { "{\"id\":9007199254740992,\"action\":\"ping\"}", "IdRefused" },
        { "{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":-1}", "BodyLength" },
        { "{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":\"chunks\"}", "BodyLength" },
        { "{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":\"chunked\"}[1048577]", "BodyLength" },
        { "{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":\"chunked\"}[3]abc[-2]", "BodyLength" },
        { "{\"id\":1,\"action\":\"put\",\"name\":\"../x\",\"body\":\"chunked\"}[3]abc[-2]", "BodyLength" },
        { "{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":2,\"md5\":\"after\"}ab[0]", "HeaderLength" },
        { "{\"id\":1,\"action\":\"put\",\"name\":\"../x\",\"body\":16777217}", "NameRefused" },
        { "{\"action\":\"hello\",\"versions\":[1]}", "IdRefused" },
    };

    [Theory]
    [MemberData(nameof(Closes))]
    public async Task Where_the_next_frame_cannot_be_found_the_conversation_ends(string said, string error)
    {
        await using var node = await TestNode.Start("actorsock.connections.linger=50ms");
        using var peer = await Connect(node);

        await peer.Wire.Send(Put(5, "before", s_hello), Spelled(said));
        var first = await peer.Read();
        var last = first;
        while (!last.Closes)
            last = await peer.Read();

        first.Id.ShouldNotBeNull();
        last.Error.ShouldBe(error);
        (await peer.IsClosed()).ShouldBeTrue();
        node.Stored().Keys.ShouldBe(["before"]);
        await node.UntilClosed("c-000001");
        await node.NothingIsLeft();
        node.Node.Parts.Unsent.BytesTaken.ShouldBe(0);
    }

    [Theory]
    [InlineData("""{"id":1,"action":"ping"}""")]
    [InlineData("""{"id":1,"action":"fly"}""")]
    public async Task An_id_that_is_in_use_ends_the_conversation_when_what_was_before_is_answered(string again)
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around);
        using var peer = await Connect(node);
        var held = disk.Hold(DiskStep.LogWrite);

        await peer.Wire.Send(Put(1, "slow", s_hello));
        await held.Reached;
        await peer.Send(again);
        await node.Events.Until<ServerEvent.Refused>(e => e.Rejection == "IdRefused");
        held.Release();
        var (first, last) = (await peer.Read(), await peer.Read());

        first.Status.ShouldBe(201);
        (last.Error, last.Closes).ShouldBe(("IdRefused", true));
        (await peer.IsClosed()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_number_is_free_again_once_its_request_is_answered()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);

        for (var i = 0; i < 20; i++)
            (await peer.Ask("""{"id":1,"action":"ping"}""")).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("""{"action":"hello","versions":[2,3]}""", "VersionUnknown")]
    [InlineData("""{"action":"hello","versions":[]}""", "FieldType")]
    [InlineData("""{"action":"hello"}""", "FieldMissing")]
    public async Task A_hello_that_is_none_ends_the_conversation(string hello, string error)
    {
        await using var node = await TestNode.Start();
        using var peer = new NativePeer(await node.Connect());

        var reply = await peer.Ask(hello);

        (reply.Error, reply.Closes).ShouldBe((error, true));
        if (error == "VersionUnknown")
            reply.Header["versions"]!.ToJsonString().ShouldBe("[1]");
        (await peer.IsClosed()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_later_header_that_says_hello_is_none_of_the_native_protocol()
    {
        await using var node = await TestNode.Start();
        using var client = await node.Connect();
        (await client.Put("a", s_hello)).ShouldBe("203");

        await client.Send(Frame("""{"action":"hello","versions":[1]}"""));

        (await client.ReadToEnd()).ShouldStartWith("405 ");
    }

    [Fact]
    public async Task A_refused_body_in_chunks_that_is_too_long_is_refused_once_more_and_ends_the_conversation()
    {
        await using var node = await TestNode.Start("actorsock.wire.skip-bytes-max=10KiB");
        using var peer = await Connect(node);

        await peer.Send("""{"id":1,"action":"put","name":"../x","body":"chunked"}""", Chunk(new byte[8_000]), Chunk(new byte[8_000]));
        var (first, last) = (await peer.Read(), await peer.Read());

        (first.Id, first.Error, first.Closes).ShouldBe((1, "NameRefused", false));
        (last.Id, last.Error, last.Closes).ShouldBe((null, "SizeTooLarge", true));
        (await peer.IsClosed()).ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_in_chunks_is_no_larger_than_any_other()
    {
        await using var node = await TestNode.Start("actorsock.wire.file-bytes-max=10kB");
        using var peer = await Connect(node);

        await peer.Send("""{"id":1,"action":"put","name":"x","body":"chunked"}""", Chunk(new byte[6_000]), Chunk(new byte[6_000]), Length(0));
        (await peer.Read()).Error.ShouldBe("SizeTooLarge");
        (await peer.Ask("""{"id":2,"action":"ping"}""")).Status.ShouldBe(200);
        await node.NothingIsLeft();
    }

    [Theory]
    [InlineData("{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":100}only")]
    [InlineData("{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":2000000}only")]
    [InlineData("{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":\"chunked\"}[50]only")]
    [InlineData("{\"id\":1,\"action\":\"put\",\"name\":\"x\",\"body\":4,\"md5\":\"after\"}only")]
    [InlineData("[100]{\"id\":1,")]
    public async Task What_is_cut_off_is_void_and_what_was_whole_before_is_stored_and_answered(string cut)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);

        await peer.Wire.Send(Put(5, "before", s_hello), Spelled(cut));
        peer.Wire.EndSending();

        (await peer.Read()).Status.ShouldBe(201);
        (await peer.IsClosed()).ShouldBeTrue();
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("PeerVanished");
        node.Stored().Keys.ShouldBe(["before"]);
        await node.NothingIsLeft();
    }

    [Fact]
    public async Task Bye_is_answered_last()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);

        await peer.Wire.Send(Put(1, "a", Bodies.Of(300_000)), Put(2, "b", s_hello), Frame("""{"id":3,"action":"bye"}"""));
        var replies = await peer.Read(3);

        replies.Take(2).Select(reply => reply.Status).ShouldBe([201, 201]);
        (replies[2].Id, replies[2].Status).ShouldBe((3, 200));
        (await peer.IsClosed()).ShouldBeTrue();
        (await node.UntilClosed("c-000001")).Reason.ShouldBe("bye");
    }

    /// <summary>[5] is an int32, a header has its length in front of it; all else is as it stands.</summary>
    private static byte[] Spelled(string text)
    {
        var bytes = new List<byte>();
        for (var at = 0; at < text.Length;)
        {
            var end = text[at] switch
            {
                '[' when text[(at + 1)..].Split(']')[0] is { Length: > 0 } number && int.TryParse(number, out _) => text.IndexOf(']', at) + 1,
                '{' when (at == 0 || text[at - 1] != ']') && text.IndexOf('}', at) is > 0 and var close => close + 1,
                _ => at + 1,
            };
            var piece = text[at..end];
            bytes.AddRange(piece[0] == '[' && piece.Length > 2 ? Length(int.Parse(piece[1..^1]))
                : piece[0] == '{' && piece.Length > 1 ? Frame(piece) : Encoding.UTF8.GetBytes(piece));
            at = end;
        }
        return [.. bytes];
    }
}
