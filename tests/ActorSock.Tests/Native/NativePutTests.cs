using System.Security.Cryptography;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>Uploads in the native protocol, over real sockets.</summary>
public sealed class NativePutTests
{
    [Fact]
    public async Task Hello_is_answered_with_what_the_server_can_and_allows()
    {
        await using var node = await TestNode.Start("actorsock.native.requests-max=7", "actorsock.connections.idle-limit=42s");
        using var peer = new NativePeer(await node.Connect());

        var greeting = await peer.Hello();

        ((int)greeting.Header["version"]!, (string?)greeting.Header["client"]).ShouldBe((1, null));
        greeting.Header["agent"]!.ToString().ShouldStartWith("ActorSock ");
        greeting.Header["node"]!.ToString().Split('-')[0].ShouldBe((await File.ReadAllTextAsync(Path.Combine(node.Folder, "inbox", ".actorsock", "id"))).Trim());
        greeting.Header["capabilities"]!.AsArray().Select(word => word!.ToString()).ShouldContain("chunked");
        var limits = greeting.Header["limits"]!;
        ((int)limits["requests"]!, (int)limits["idle"]!, (int)limits["chunk"]!).ShouldBe((7, 42, 1 << 20));
        node.Events.Of<ServerEvent.ConnectionOpened>().Count().ShouldBe(1);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(70_000)]
    [InlineData(3_000_001)]
    public async Task A_file_is_stored_and_answered_with_its_digest_and_receipt(int size)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var body = Bodies.Of(size);

        await peer.Wire.Send(Put(2, "a/b.bin", body));
        var reply = await peer.Read();

        (reply.Status, reply.Id, (string?)reply.Header["ack"]).ShouldBe((201, 2, "durable"));
        ((string?)reply.Header["name"], (long)reply.Header["size"]!, (string?)reply.Header["md5"]).ShouldBe(("a/b.bin", size, Md5(body)));
        ((long)reply.Header["receipt"]!["sequence"]!).ShouldBe(1);
        node.Stored()["a/b.bin"].ShouldBe(body);
        (await node.Events.Until<ServerEvent.Stored>()).Upload.ShouldBe("writer-1");
    }

    [Theory]
    [InlineData(100, 7)]
    [InlineData(200_000, 1000)]
    [InlineData(3_000_000, 999_999)]
    public async Task A_body_in_chunks_needs_no_size(int size, int chunk)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var body = Bodies.Of(size);

        await peer.Send(new { id = 1, action = "put", name = "pipe", body = "chunked", md5 = "after" },
            [.. body.Chunk(chunk).SelectMany(Chunk)], Length(0), Frame(new { md5 = Md5(body) }));
        await peer.Send(new { id = 2, action = "ping" });

        var replies = (await peer.Read(2)).ToDictionary(reply => reply.Id!.Value, reply => reply.Status);
        replies.ShouldBe(new Dictionary<long, int> { [1] = 201, [2] = 200 }, ignoreOrder: true);
        node.Stored()["pipe"].ShouldBe(body);
    }

    [Fact]
    public async Task Many_small_files_are_sent_without_waiting_for_one()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        const int Count = 500;

        var sending = peer.Wire.Send([.. Enumerable.Range(0, Count).SelectMany(i => Put(i, $"f{i}", Bodies.Of(i * 7, i)))]);
        var replies = await peer.Read(Count);
        await sending;

        replies.ShouldAllBe(reply => reply.Status == 201);
        replies.Select(reply => reply.Id!.Value).Order().ShouldBe(Enumerable.Range(0, Count).Select(i => (long)i));
        var stored = node.Stored();
        for (var i = 0; i < Count; i++)
            stored[$"f{i}"].ShouldBe(Bodies.Of(i * 7, i));
    }

    [Fact]
    public async Task Uploads_of_one_name_are_committed_in_the_order_of_their_bodies()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        const int Count = 300;

        // Large ones take longer than the small ones behind them, if nobody sees to it.
        var sizes = Enumerable.Range(0, Count).Select(i => i % 10 == 0 ? 100_000 : 10).ToArray();
        var sending = peer.Wire.Send([.. Enumerable.Range(0, Count).SelectMany(i => Put(i, "same", Bodies.Of(sizes[i], i)))]);
        var replies = await peer.Read(Count);
        await sending;

        replies.OrderBy(reply => (long)reply.Header["receipt"]!["sequence"]!).Select(reply => reply.Id!.Value)
            .ShouldBe(Enumerable.Range(0, Count).Select(i => (long)i));
        node.Stored()["same"].ShouldBe(Bodies.Of(sizes[^1], Count - 1));
    }

    [Fact]
    public async Task That_all_has_arrived_is_said_before_the_digest_is_known()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);

        await peer.Send("""{"id":1,"action":"put","name":"a","body":5,"ack":"received","md5":"after"}""", "hello"u8.ToArray());
        var early = await peer.Read();
        await peer.Send("""{"md5":"5d41402abc4b2a76b9719d911017c592"}""");
        var last = await peer.Read();

        (early.Status, (string?)early.Header["ack"]).ShouldBe((202, "received"));
        (last.Status, (string?)last.Header["ack"]).ShouldBe((201, "durable"));
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(300_000)]
    public async Task That_the_digest_is_right_is_said_before_the_file_is_durable(int size)
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around);
        using var peer = await Connect(node);
        var held = disk.Hold(DiskStep.LogWrite);
        var body = Bodies.Of(size);

        await peer.Send(new { id = 1, action = "put", name = "a", body = size, ack = "verified", md5 = Md5(body) }, body);
        var early = await peer.Read();
        await held.Reached;
        node.Stored().ShouldBeEmpty();
        held.Release();

        (early.Status, (string?)early.Header["ack"]).ShouldBe((202, "verified"));
        (await peer.Read()).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData(5_000)]
    [InlineData(300_000)]
    public async Task A_file_may_be_promised_by_its_other_digest(int size)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        var body = Bodies.Of(size);
        var sha256 = Convert.ToHexStringLower(SHA256.HashData(body));

        await peer.Send(new { id = 1, action = "put", name = "a", body = size, sha256 }, body);
        await peer.Send(new { id = 2, action = "put", name = "b", body = size, sha256 = "after" }, body, Frame(new { sha256 }));
        await peer.Send(new { id = 3, action = "put", name = "c", body = size, sha256 = new string('0', 64) }, body);
        var replies = (await peer.Read(3)).ToDictionary(reply => reply.Id!.Value);

        replies.ShouldAllBe(each => (string?)each.Value.Header["sha256"] == sha256);
        replies.Select(each => (each.Key, each.Value.Status)).Order().ShouldBe([(1, 201), (2, 201), (3, 204)]);
        ((string?)replies[1].Header["md5"]).ShouldBe(Md5(body));
        node.Stored().Keys.Order().ShouldBe(["a", "b"]);
    }
}
