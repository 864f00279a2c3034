using ActorSock.Events;
using ActorSock.Testing;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>Uploads by one word of which some are too small to be kept in part, and others are not: the newer counts all the same.</summary>
public sealed class NativeSharedWordTests
{
    private static readonly byte[] s_large = Bodies.Of(100_000), s_small = Bodies.Of(5);

    [Fact]
    public async Task A_small_one_takes_over_from_a_large_one()
    {
        await using var node = await TestNode.Start();
        using var older = await Connect(node);
        using var newer = await Connect(node);
        await older.Send(Chunked(), Chunk(s_large));
        await UntilKnown(node);

        var stored = await newer.Ask(Put(), s_small);
        var refused = await older.Read();

        (stored.Status, refused.Error).ShouldBe((201, "TakenOver"));
        node.Stored()["a"].ShouldBe(s_small);
        await IsStored(newer, stored);
    }

    [Fact]
    public async Task A_small_one_throws_away_what_a_large_one_has_left()
    {
        var folder = Directory.CreateTempSubdirectory("as-").FullName;
        Reply stored;
        await using (var node = await TestNode.Start(folder, store: null))
        {
            using var peer = await Connect(node);
            (await peer.Ask(Chunked(), Chunk(s_large), Length(-1))).Status.ShouldBe(499);

            stored = await peer.Ask(Put(), s_small);
            var beyond = await peer.Ask(new { id = 3, action = "put", name = "a", upload = "u", offset = 100_000, body = 5 }, s_small);

            (stored.Status, beyond.Error).ShouldBe((201, "OffsetBeyond"));
            await IsStored(peer, stored);
        }
        await using (var node = await TestNode.Start(folder, store: null))
        {
            using var peer = await Connect(node);
            await IsStored(peer, stored);
            node.Parts().ShouldAllBe(path => path.EndsWith(".state", StringComparison.Ordinal));
        }
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public async Task Of_a_small_one_with_another_digest_nothing_is_left()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        (await peer.Ask(Chunked(), Chunk(s_large), Length(-1))).Status.ShouldBe(499);

        var differs = await peer.Ask(new { id = 2, action = "put", name = "a", upload = "u", body = 5, md5 = Md5([]) }, s_small);
        var there = await peer.Ask(Resume());

        (differs.Error, there.Status, (long)there.Header["offset"]!).ShouldBe(("DigestDiffers", 200, 0));
    }

    [Theory]
    [InlineData("""{"id": 3, "action": "put", "name": "a", "upload": "u", "size": 5, "offset": 2, "body": 3}""", 3, "OffsetBeyond")]
    [InlineData("""{"id": 3, "action": "put", "name": "a", "upload": "u", "body": 5, "exists": "refuse"}""", 5, "Exists")]
    public async Task A_small_one_that_is_refused_leaves_what_was_stored_before(string put, int bytes, string refusal)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var stored = await peer.Ask(Put(), s_small);

        var refused = await peer.Ask(put, s_small[..bytes]);

        refused.Error.ShouldBe(refusal);
        await IsStored(peer, stored);
    }

    [Fact]
    public async Task A_join_says_that_a_small_one_was_stored_and_refuses_what_is_on_its_way()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        using var other = await Connect(node);
        await peer.Send(Put(), s_small[..2]);
        await node.Events.Until<ServerEvent.UploadStarted>();

        (await other.Ask(Join())).Error.ShouldBe("UploadDiffers");
        await peer.Wire.Send(s_small[2..]);
        var stored = await peer.Read();
        var joined = await other.Ask(Join());

        (joined.Status, Receipt(joined)).ShouldBe((201, Receipt(stored)));
    }

    [Fact]
    public async Task A_small_one_is_no_upload_in_parts()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        (await peer.Ask(Part(), new byte[4096])).Status.ShouldBe(200);

        var whole = await peer.Ask(new { id = 2, action = "put", name = "a", upload = "u", size = 8197, body = 8197 }, new byte[8197]);
        var other = await peer.Ask(new { id = 3, action = "put", name = "b", upload = "u", body = 5 }, s_small);

        (whole.Error, other.Error).ShouldBe(("UploadDiffers", "UploadDiffers"));
        ((long)(await peer.Ask(new { id = 4, action = "resume", name = "a", upload = "u" })).Header["parts"]!).ShouldBe(1);
    }

    [Theory]
    [InlineData("""{"id": 7, "action": "put", "part": true, "name": "a", "upload": "u", "size": 8197, "offset": 0, "body": 4096}""", 4096)]
    [InlineData("""{"id": 7, "action": "put", "name": "b", "upload": "u", "body": 5}""", 5)]
    [InlineData("""{"id": 7, "action": "put", "name": "a", "upload": "u", "body": 100000}""", 100_000)]
    [InlineData("""{"id": 7, "action": "resume", "name": "b", "upload": "u"}""", 0)]
    [InlineData("""{"id": 7, "action": "resume", "name": "a", "upload": "u", "size": 6}""", 0)]
    public async Task Who_takes_a_small_one_for_another_takes_nothing_over(string request, int bytes)
    {
        await using var node = await TestNode.Start();
        using var older = await Connect(node);
        using var newer = await Connect(node);
        await older.Send(Put(), s_small[..2]);
        await node.Events.Until<ServerEvent.UploadStarted>();

        var refused = await newer.Ask(request, new byte[bytes]);
        await older.Wire.Send(s_small[2..]);

        (refused.Error, (await older.Read()).Status).ShouldBe(("UploadDiffers", 201));
        node.Node.Parts.Uploads.Entries.ShouldBeEmpty();
    }

    [Theory]
    [InlineData(5)]
    [InlineData(100_000)]
    public async Task One_that_was_stored_is_compared_with_nothing(int size)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var stored = await peer.Ask(new { id = 1, action = "put", name = "a", upload = "u", size, body = size }, new byte[size]);

        foreach (var resume in (object[])
            [
                new { id = 2, action = "resume", name = "b", upload = "u" },
                new { id = 3, action = "resume", name = "a", upload = "u", size = 77 },
                new { id = 4, action = "resume", name = "a", upload = "u", digest = "sha256" },
            ])
        {
            var said = await peer.Ask(resume);
            (said.Status, (string?)said.Header["name"], Receipt(said)).ShouldBe((201, "a", Receipt(stored)));
        }
    }

    private static async Task IsStored(NativePeer peer, Reply stored)
    {
        var said = await peer.Ask(Resume());
        (said.Status, Receipt(said)).ShouldBe((201, Receipt(stored)));
    }

    private static string Receipt(Reply reply) => reply.Header["receipt"]!.ToJsonString();

    private static Task UntilKnown(TestNode node) =>
        Bodies.Until("the upload is known", () => node.Node.Parts.Uploads.Entries.Values.Any(static entry => entry.IsBegun));

    private static object Chunked() => new { id = 1, action = "put", name = "a", upload = "u", body = "chunked" };

    private static object Put() => new { id = 2, action = "put", name = "a", upload = "u", body = 5 };

    private static object Part() => new { id = 1, action = "put", part = true, name = "a", upload = "u", size = 8197, offset = 0, body = 4096 };

    private static object Join() => new { id = 9, action = "join", name = "a", upload = "u" };

    private static object Resume() => new { id = 8, action = "resume", name = "a", upload = "u" };
}
