using ActorSock.Testing;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>What requests that only read, and their replies, may hold while their peers do not read.</summary>
public sealed class NativeReplyMemoryTests : IDisposable
{
    private const int Page = 4096;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("as-");

    [Theory]
    [InlineData("list", "prefix")]
    [InlineData("list", "after")]
    [InlineData("folders", "prefix")]
    [InlineData("folders", "after")]
    public async Task A_text_that_no_name_is_as_long_as_is_refused(string action, string key)
    {
        await using var node = await TestNode.Start("actorsock.files.name-bytes-max=100");
        using var peer = await Connect(node);

        var refused = await peer.Ask($$"""{"id":1,"action":"{{action}}","{{key}}":"{{new string('x', 401)}}"}""");
        var listed = await peer.Ask($$"""{"id":2,"action":"{{action}}","{{key}}":"{{new string('x', 400)}}"}""");

        (refused.Error, refused.Closes, listed.Status).ShouldBe(("NameRefused", false, 200));
    }

    [Theory, InlineData("list"), InlineData("folders")]
    public async Task What_lists_are_to_begin_with_counts_while_they_wait(string action)
    {
        await using var node = await OnUnixSocket();
        using var deaf = await Deaf();
        await deaf.Wire.Send(Put(1, "big", Bodies.Of(5_000_000)));
        (await deaf.Read()).Status.ShouldBe(201);
        await deaf.Send(new { id = 1, action = "get", name = "big" });
        await deaf.Wire.ReadBytes(4); // it is this one's turn, and stays so

        for (var i = 2; i < 22; i++)
            await deaf.Send(new { id = i, action, prefix = new string('x', 4_000) });

        await Bodies.Until("their texts are counted", () => node.Node.Parts.Unsent.BytesTaken > 20 * 8_000);
    }

    [Fact]
    public async Task A_page_of_a_list_that_waits_for_its_peer_has_only_what_it_takes()
    {
        await using var node = await OnUnixSocket();
        for (var i = 0; i < 3_000; i++)
            await File.WriteAllTextAsync(Path.Combine(node.Root, $"{new string('n', 200)}{i}"), "");
        using var deaf = await Deaf();
        var unsent = node.Node.Parts.Unsent;

        await deaf.Send(new { id = 1, action = "list", limit = 10_000 });

        await Bodies.Until("the page alone is held", () => unsent.BytesTaken is > 600_000 and < 1_500_000);
        deaf.Dispose();
        await Bodies.Until("nothing is held", () => unsent.BytesTaken == 0);
    }

    [Fact]
    public async Task Of_many_parts_nothing_is_held_before_their_turn_and_as_many_are_told_as_there_is_memory_for()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);
        const int Count = 200;
        await peer.Wire.Send([.. Enumerable.Range(0, Count).SelectMany(i => Part(i, Count))]);
        (await peer.Read(Count)).ShouldAllBe(reply => reply.Status == 200);
        var resume = new { id = 1, action = "resume", upload = "p", name = "big" };
        var unsent = node.Node.Parts.Unsent;

        var all = await peer.Ask(resume);
        await Bodies.Until("its memory is back", () => unsent.BytesTaken == 0);
        unsent.TryTake((int)node.Node.Parts.Settings.Memory.BlocksMax / 4).ShouldBeTrue(); // all of it
        var some = await peer.Ask(resume);

        ((int)all.Header["parts"]!, all.Header["more"]).ShouldBe((Count, null));
        ((int)some.Header["parts"]!, (bool)some.Header["more"]!).ShouldBe((25, true));
        some.Body.Count(each => each == '\n').ShouldBe(25);
        all.Body.AsSpan().StartsWith(some.Body).ShouldBeTrue();
        some.Header["offset"]!.ToJsonString().ShouldBe(all.Header["offset"]!.ToJsonString());
    }

    [Fact]
    public async Task A_part_has_one_reply_whatever_it_wants_to_hear()
    {
        await using var node = await TestNode.Start();
        using var peer = await Connect(node);

        foreach (var ack in new[] { "received", "verified", "durable" })
        {
            await peer.Send(new { id = 1, action = "put", upload = "p", part = true, name = "big", size = 3, offset = 0, body = 3, ack }, [1, 2, 3]);
            (await peer.Read()).Status.ShouldBe(200, ack);
            (await peer.Ask(new { id = 2, action = "ping" })).Id.ShouldBe(2, ack);
        }
    }

    /// <summary>There a few pages fill what the system holds; over TCP it would be megabytes.</summary>
    private Task<TestNode> OnUnixSocket() => TestNode.Start($"actorsock.transfer.endpoint=[\"127.0.0.1:0\", \"unix:{Door}\"]");

    private string Door => Path.Combine(_folder.FullName, "door.sock");

    /// <summary>A peer whom nobody makes read.</summary>
    private async Task<NativePeer> Deaf()
    {
        var peer = new NativePeer(await WireClient.Connect(Door));
        (await peer.Hello()).Status.ShouldBe(200);
        return peer;
    }

    public void Dispose() => _folder.Delete(recursive: true);

    private static byte[] Part(int i, int count) => Frame(new
    {
        id = i, action = "put", upload = "p", part = true, name = "big", size = (long)count * Page, offset = (long)i * Page, body = Page,
    }, Bodies.Of(Page, i));
}
