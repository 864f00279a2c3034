using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>Files too small to be kept in part, whose clients ask what became of them.</summary>
public sealed class NativeSmallResumeTests
{
    private static readonly byte[] s_body = Bodies.Of(5_000);

    [Theory]
    [InlineData(5_000)]
    [InlineData(0)]
    public async Task Whose_reply_was_lost_hears_that_it_was_stored(int size)
    {
        await using var node = await TestNode.Start();
        using var older = await Connect(node);
        var stored = await older.Ask(Put("replace", Bodies.Of(size)), Bodies.Of(size));

        using var newer = await Connect(node);
        var said = await newer.Ask(Resume(size));

        (said.Status, (string?)said.Header["name"], (string?)said.Header["md5"]).ShouldBe((201, "small", Md5(Bodies.Of(size))));
        said.Header["receipt"]!.ToJsonString().ShouldBe(stored.Header["receipt"]!.ToJsonString());
    }

    [Fact]
    public async Task Who_asks_while_it_is_being_stored_hears_the_outcome()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around);
        using var older = await Connect(node);
        using var newer = await Connect(node);
        using var held = disk.Hold(DiskStep.LogWrite);
        await older.Send(Put("keep-both", s_body), s_body);
        await held.Reached;

        await newer.Send(Resume());
        (await newer.Ask(new { id = 8, action = "ping" })).Id.ShouldBe(8); // and not that nothing is there
        held.Release();

        var said = await newer.Read();
        (said.Status, (string?)said.Header["name"]).ShouldBe((201, "small"));
        node.Stored().Keys.ShouldBe(["small"]);
    }

    [Fact]
    public async Task Who_asks_before_it_is_complete_takes_it_over()
    {
        await using var node = await TestNode.Start();
        using var older = await Connect(node);
        using var newer = await Connect(node);
        await older.Send(Put("keep-both", s_body), s_body[..100]);
        await node.Events.Until<ServerEvent.UploadStarted>();

        var there = await newer.Ask(Resume());
        var stored = await newer.Ask(Put("keep-both", s_body), s_body);
        await older.Wire.Send(s_body[100..]);
        var refused = await older.Read();

        (there.Status, (long)there.Header["offset"]!).ShouldBe((200, 0));
        (stored.Status, refused.Error).ShouldBe((201, "TakenOver"));
        (await older.Ask(new { id = 8, action = "ping" })).Status.ShouldBe(200);
        node.Stored().Keys.ShouldBe(["small"]);
    }

    [Fact]
    public async Task What_was_not_stored_is_begun_again()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around);
        using var peer = await Connect(node);
        disk.FailOnce(DiskStep.Store, StorageFault.DiskFull);

        (await peer.Ask(Put("refuse", s_body), s_body)).Error.ShouldBe("DiskFull");
        var there = await peer.Ask(Resume());

        (there.Status, (long)there.Header["offset"]!).ShouldBe((200, 0));
        (await peer.Ask(Put("refuse", s_body), s_body)).Status.ShouldBe(201);
        (await peer.Ask(Resume())).Status.ShouldBe(201);
    }

    [Theory]
    [InlineData("files.keep-uploads=0s")]
    [InlineData("files.kept-uploads-max=2")]
    public async Task No_more_is_remembered_than_may_be(string setting)
    {
        await using var node = await TestNode.Start($"actorsock.{setting}");
        using var peer = await Connect(node);

        foreach (var word in new[] { "u", "v", "w" })
            (await peer.Ask(Put("keep-both", s_body, word), s_body)).Status.ShouldBe(201);

        (await peer.Ask(Resume())).Status.ShouldBe(200);
        node.Node.Parts.SmallUploads.Count.ShouldBe(setting.EndsWith("=2", StringComparison.Ordinal) ? 2 : 0);
    }

    private static object Put(string exists, byte[] body, string upload = "u") =>
        new { id = 1, action = "put", upload, name = "small", size = body.Length, body = body.Length, exists, md5 = Md5(body) };

    private static object Resume(int size = 5_000) => new { id = 7, action = "resume", upload = "u", name = "small", size };
}
