using System.Text;
using System.Text.Json.Nodes;
using ActorSock.Events;
using ActorSock.Testing;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>Uploads that go on after a lost connection, and files that come in parts.</summary>
public sealed class NativeResumeTests
{
    private const int Page = 4096;

    private static readonly byte[] s_body = Bodies.Of(1_000_000);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task What_had_come_before_the_connection_broke_is_not_sent_again(bool resets)
    {
        await using var node = await TestNode.Start();
        await BreakOff(node, 500_000, resets);

        using var peer = await Connect(node);
        var there = await Resume(peer);
        var offset = (int)there.Header["offset"]!;
        offset.ShouldBeInRange(500_000 - Page, 500_000);
        ((string?)there.Header["md5"]).ShouldBe(Md5(s_body[..offset]));
        await peer.Send(new { id = 2, action = "put", upload = "u", name = "big", size = s_body.Length, offset, body = s_body.Length - offset, md5 = "after" },
            s_body[offset..], Frame(new { md5 = Md5(s_body) }));
        var stored = await peer.Read();

        (stored.Status, (long)stored.Header["size"]!, (string?)stored.Header["md5"]).ShouldBe((201, s_body.Length, Md5(s_body)));
        node.Stored()["big"].AsSpan().SequenceEqual(s_body).ShouldBeTrue();
        (await node.Events.Until<ServerEvent.UploadResumed>()).Offset.ShouldBe(offset);
        ((await Resume(peer)).Status, (await Resume(peer)).Header["receipt"]!.ToJsonString()).ShouldBe((201, stored.Header["receipt"]!.ToJsonString()));
    }

    [Fact]
    public async Task What_had_come_before_the_node_ended_is_not_sent_again()
    {
        var folder = Directory.CreateTempSubdirectory("as-").FullName;
        await using (var node = await TestNode.Start(folder, store: null))
            await BreakOff(node, 500_000, resets: false);

        await using (var node = await TestNode.Start(folder, store: null))
        {
            using var peer = await Connect(node);
            var offset = (int)(await Resume(peer)).Header["offset"]!;
            offset.ShouldBeGreaterThan(490_000);
            await peer.Send(new { id = 2, action = "put", upload = "u", name = "big", size = s_body.Length, offset, body = s_body.Length - offset, md5 = Md5(s_body) },
                s_body[offset..]);
            (await peer.Read()).Status.ShouldBe(201);
            node.Stored()["big"].AsSpan().SequenceEqual(s_body).ShouldBeTrue();
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Who_comes_later_takes_the_upload_over_and_the_older_conversation_goes_on_without_it()
    {
        await using var node = await TestNode.Start();
        using var older = await Connect(node);
        await older.Send(new { id = 1, action = "put", upload = "u", name = "big", size = s_body.Length, body = s_body.Length, md5 = Md5(s_body) }, s_body[..300_000]);
        await node.Events.Until<ServerEvent.UploadStarted>();
        await Bodies.Until("its first bytes are written", async () => (await Writers(node)).Any(note => !note.EndsWith(" at 0", StringComparison.Ordinal) && note.Contains(" at ", StringComparison.Ordinal)));

        using var newer = await Connect(node);
        var offset = (int)(await Resume(newer)).Header["offset"]!;
        var refused = await older.Read();
        await older.Wire.Send(s_body[300_000..], Put(2, "other", [1, 2, 3]));
        await newer.Send(new { id = 2, action = "put", upload = "u", name = "big", size = s_body.Length, offset, body = s_body.Length - offset, md5 = Md5(s_body) }, s_body[offset..]);

        (refused.Id, refused.Error, refused.Closes).ShouldBe((1, "TakenOver", false));
        (await older.Read()).Status.ShouldBe(201);
        (await newer.Read()).Status.ShouldBe(201);
        node.Stored()["big"].AsSpan().SequenceEqual(s_body).ShouldBeTrue();
    }

    [Theory]
    [InlineData("\"name\":\"other\",\"size\":1000000,\"offset\":0,\"body\":1000000", "UploadDiffers")]
    [InlineData("\"name\":\"big\",\"size\":1000001,\"offset\":1000000,\"body\":1", "UploadDiffers")]
    [InlineData("\"name\":\"big\",\"size\":1000000,\"offset\":999999,\"body\":1", "OffsetBeyond")]
    public async Task What_does_not_fit_the_upload_is_refused_and_the_conversation_goes_on(string more, string error)
    {
        await using var node = await TestNode.Start();
        await BreakOff(node, 500_000, resets: false);
        using var peer = await Connect(node);

        var body = (int)JsonNode.Parse($"{{{more}}}")!["body"]!;
        await peer.Send($$"""{"id":1,"action":"put","upload":"u",{{more}}}""", new byte[body]);

        var refused = await peer.Read();
        (refused.Error, refused.Closes).ShouldBe((error, false));
        if (error == "OffsetBeyond")
            ((int)refused.Header["offset"]!).ShouldBe((int)(await Resume(peer)).Header["offset"]!);
        (await peer.Ask("""{"id":2,"action":"ping"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Parts_come_in_any_order_over_many_connections_and_are_joined()
    {
        await using var node = await TestNode.Start();
        var parts = s_body.Chunk(25 * Page).ToArray();

        await Task.WhenAll(parts.Select(async (part, i) =>
        {
            using var peer = await Connect(node);
            await peer.Send(new { id = 1, action = "put", upload = "p", part = true, name = "big", size = s_body.Length, offset = i * 25L * Page, body = part.Length, md5 = Md5(part) }, part);
            var kept = await peer.Read();
            (kept.Status, (long)kept.Header["offset"]!, (long)kept.Header["size"]!, (string?)kept.Header["md5"]).ShouldBe((200, i * 25L * Page, part.Length, Md5(part)));
        }));
        using var peer = await Connect(node);
        var there = await Resume(peer, "p");
        var joined = await peer.Ask(new { id = 2, action = "join", upload = "p", name = "big", md5 = Md5(s_body), ack = "verified" });
        var stored = await peer.Read();

        ((int)there.Header["parts"]!).ShouldBe(parts.Length);
        Encoding.UTF8.GetString(there.Body).Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => (string?)JsonNode.Parse(line)!["md5"]).ShouldBe(parts.Select(Md5));
        (joined.Status, (string?)joined.Header["ack"]).ShouldBe((202, "verified"));
        (stored.Status, (string?)stored.Header["md5"]).ShouldBe((201, Md5(s_body)));
        node.Stored()["big"].AsSpan().SequenceEqual(s_body).ShouldBeTrue();
    }

    [Fact]
    public async Task A_part_that_differs_is_not_kept_and_without_it_nothing_is_joined()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var (first, second) = (s_body[..(10 * Page)], s_body[(10 * Page)..100_000]);

        await peer.Send(new { id = 1, action = "put", upload = "p", part = true, name = "big", size = 100_000, offset = 0, body = first.Length, md5 = "after" }, first, Frame(new { md5 = Md5(second) }));
        (await peer.Read()).Error.ShouldBe("DigestDiffers");
        await peer.Send(new { id = 2, action = "put", upload = "p", part = true, name = "big", size = 100_000, offset = first.Length, body = second.Length, md5 = Md5(second) }, second);
        (await peer.Read()).Status.ShouldBe(200);
        var missing = await peer.Ask(new { id = 3, action = "join", upload = "p", name = "big" });
        (missing.Error, (long)missing.Header["offset"]!).ShouldBe(("PartsMissing", 0));
        await peer.Send(new { id = 1, action = "put", upload = "p", part = true, name = "big", size = 100_000, offset = 0, body = first.Length, md5 = Md5(first) }, first);
        (await peer.Read()).Status.ShouldBe(200);

        var joined = await peer.Ask(new { id = 3, action = "join", upload = "p", name = "big" });

        (joined.Status, joined.Header["md5"]).ShouldBe((201, null));
        node.Stored()["big"].AsSpan().SequenceEqual(s_body.AsSpan(0, 100_000)).ShouldBeTrue();
        ((string?)(await peer.Ask(new { id = 4, action = "stat", name = "big" })).Header["md5"]).ShouldBe(Md5(s_body[..100_000]));
    }

    [Fact]
    public async Task Whether_an_upload_would_be_taken_is_known_before_it_is_sent()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        await peer.Wire.Send(Put(1, "there", [1]));
        await peer.Read();

        (await peer.Ask(new { id = 1, action = "resume", upload = "u", name = "there", exists = "refuse" })).Error.ShouldBe("Exists");
        (await peer.Ask(new { id = 1, action = "resume", upload = "u", name = "there/below" })).Error.ShouldBe("NameTaken");
        (await peer.Ask(new { id = 1, action = "resume", upload = "u", name = "../no" })).Error.ShouldBe("NameRefused");
        (await peer.Ask(new { id = 1, action = "resume", upload = "u", name = "new", size = 1L << 60 })).Error.ShouldBe("SizeTooLarge");
        (await peer.Ask(new { id = 1, action = "resume", upload = "u", name = "new", size = 5 })).Status.ShouldBe(200);
    }

    private static async Task<Reply> Resume(NativePeer peer, string upload = "u") =>
        await peer.Ask(new { id = 9, action = "resume", upload, name = "big", size = s_body.Length });

    /// <summary>Sends the first bytes of an upload, and goes away.</summary>
    private static async Task BreakOff(TestNode node, int bytes, bool resets)
    {
        using var peer = await Connect(node);
        var header = Frame(new { id = 1, action = "put", upload = "u", name = "big", size = s_body.Length, body = s_body.Length, md5 = "after" });
        await peer.Wire.Send(header, s_body[..bytes]);
        await node.UntilRead("c-000001", Frame(new { action = "hello", versions = new[] { 1 }, agent = "test" }).Length + header.Length + bytes);
        if (resets)
            peer.Wire.Reset();
        peer.Dispose();
        await node.UntilClosed("c-000001");
    }

    private static async Task<IEnumerable<string>> Writers(TestNode node) => (await node.Node.Tree()).Children.Single(c => c.Name == "connections")
        .Children.SelectMany(c => c.Children).Where(c => c.Name.StartsWith("writer-", StringComparison.Ordinal)).Select(c => c.Note);
}
