using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>Uploads of one name on one connection are committed in the order of their bodies, whatever holds one of them up.</summary>
public sealed class NativeOrderTests
{
    private static readonly byte[] s_older = Bodies.Of(300_000, 1), s_newer = Bodies.Of(100, 2);

    [Theory]
    [InlineData(100, false)] // in memory
    [InlineData(300_000, false)] // in a part file
    [InlineData(300_000, true)] // in one that can be gone on with
    public async Task One_that_is_on_its_way_to_the_journal_is_not_overtaken(int size, bool canResume)
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        using var first = HeldJournal.Of(node).First;
        var older = Bodies.Of(size, 1);

        await peer.Wire.Send(canResume ? Resumable(1, older) : Put(1, "same", older));
        await first.Reached;
        await peer.Wire.Send(Put(2, "same", s_newer));
        await Asked(node, peer, "writer-2");
        first.Release();

        await AreStoredInOrder(node, peer, 1, 2);
    }

    [Fact]
    public async Task One_that_leaves_while_it_waits_lets_nobody_pass()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around);
        using var peer = await Connect(node);
        using var held = disk.Hold(DiskStep.Seal);

        await peer.Wire.Send(Put(1, "same", s_older), Resumable(2, s_older), Put(3, "same", s_newer));
        await held.Reached;
        await TakeOver(node, peer);
        await Asked(node, peer, "writer-3");
        held.Release();

        await AreStoredInOrder(node, peer, 1, 3);
    }

    [Fact]
    public async Task Behind_the_last_one_that_leaves_the_next_waits_for_whom_it_had_waited_for()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around);
        using var peer = await Connect(node);
        using var held = disk.Hold(DiskStep.Seal);

        await peer.Wire.Send(Put(1, "same", s_older), Resumable(2, s_older));
        await held.Reached;
        await TakeOver(node, peer);
        await peer.Wire.Send(Put(3, "same", s_newer));
        await Asked(node, peer, "writer-3");
        held.Release();

        await AreStoredInOrder(node, peer, 1, 3);
    }

    [Fact]
    public async Task Of_many_that_wait_each_goes_when_all_before_it_are_over()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around);
        using var peer = await Connect(node);
        using var held = disk.Hold(DiskStep.Seal);
        disk.FailOnce(DiskStep.SealUpload, StorageFault.DiskFull);

        await peer.Wire.Send(Put(1, "same", s_older), Resumable(2, s_older), Put(3, "same", s_older), Put(4, "same", s_newer));
        await held.Reached;
        await Asked(node, peer, "writer-4");
        held.Release();

        (await peer.Read()).Id.ShouldBe(1);
        var refused = await peer.Read();
        (refused.Id, refused.Error).ShouldBe((2, "DiskFull"));
        await AreStoredInOrder(node, peer, 3, 4);
    }

    private static byte[] Resumable(long id, byte[] body) =>
        Frame(new { id, action = "put", upload = "u", name = "same", size = body.Length, body = body.Length, md5 = Md5(body) }, body);

    /// <summary>Somebody else asks for the upload that can be gone on with; its sender hears it.</summary>
    private static async Task TakeOver(TestNode node, NativePeer peer)
    {
        await node.Events.UntilCount<ServerEvent.UploadStarted>(2);
        await Pinged(peer); // its body has ended
        using var other = await Connect(node);
        (await other.Ask(new { id = 1, action = "resume", upload = "u", name = "same", size = s_older.Length })).Status.ShouldBe(200);
        var refused = await peer.Read();
        (refused.Id, refused.Error).ShouldBe((2, "TakenOver"));
    }

    /// <summary>Ends when a writer has done whatever it was told behind its body; replies may have come before, which would be wrong.</summary>
    private static async Task Asked(TestNode node, NativePeer peer, string writer)
    {
        await Pinged(peer);
        try
        {
            await node.Node.System.ActorSelection($"/user/server/connections/c-000001/{writer}").ResolveOne(TimeSpan.FromSeconds(10));
        }
        catch (ActorNotFoundException)
        {
            // it has ended: then it has told the journal
        }
    }

    private static async Task Pinged(NativePeer peer) => (await peer.Ask(new { id = 99, action = "ping" })).Id.ShouldBe(99);

    private static async Task AreStoredInOrder(TestNode node, NativePeer peer, params long[] ids)
    {
        var replies = await peer.Read(ids.Length);
        replies.ShouldAllBe(reply => reply.Status == 201);
        replies.OrderBy(reply => (long)reply.Header["receipt"]!["sequence"]!).Select(reply => reply.Id!.Value).ShouldBe(ids);
        node.Stored()["same"].AsSpan().SequenceEqual(s_newer).ShouldBeTrue();
    }
}
