using System.Security.Cryptography;
using ActorSock.Testing;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>How the bytes of a conversation come never matters.</summary>
public sealed class NativeCutTests
{
    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    public async Task Cut_anywhere_the_same_is_stored_and_answered(int seed)
    {
        await using var node = await TestNode.Start("actorsock.memory.block-bytes=16KiB", "actorsock.files.direct-bytes-min=20KiB");
        using var peer = await Connect(node);
        var random = new Random(seed);
        var (said, expected) = Conversation(random);

        var sending = SendInPieces(peer, said, random);
        var replies = (await peer.Read(expected.Count)).ToDictionary(reply => reply.Id!.Value, reply => reply.Error ?? $"{reply.Header["md5"]}");
        await sending;

        replies.OrderBy(each => each.Key).ShouldBe(expected.OrderBy(each => each.Key), $"seed {seed}");
        node.Stored().Values.Select(Md5).Order().ShouldBe(expected.Values.Where(said => said.Length == 32).Order(), $"seed {seed}");
        await node.NothingIsLeft();
    }

    /// <summary>The conversations of the document, each byte by itself.</summary>
    [Theory]
    [MemberData(nameof(NativeDocumentTests.Conversations), MemberType = typeof(NativeDocumentTests))]
    public Task An_example_is_answered_alike_byte_by_byte(int number, string conversation) =>
        NativeDocumentTests.Replay(number, conversation, pieceBytes: 1);

    /// <summary>Uploads of all sorts, and what is said to each: its digest, or why it is refused.</summary>
    private static (byte[] Said, Dictionary<long, string> Expected) Conversation(Random random)
    {
        var (said, expected) = (new MemoryStream(), new Dictionary<long, string>());
        for (var id = 0; id < 40; id++)
        {
            var body = Bodies.Of(random.Next(4) switch { 0 => 0, 1 => random.Next(100), 2 => random.Next(20_000), _ => random.Next(150_000) }, id);
            var (chunked, after, refused, givenUp) = (random.Next(2) == 0, random.Next(2) == 0, random.Next(5) == 0, random.Next(5) == 0);
            givenUp &= chunked;
            var md5 = after ? "after" : Md5(body);
            said.Write(Frame(new { id, action = "put", name = refused ? "../no" : $"f{id}", body = chunked ? "chunked" : (object)body.Length, md5 }));
            said.Write(chunked ? Chunks(body, givenUp, random) : body);
            if (after && !givenUp)
                said.Write(Frame(new { md5 = Md5(body) }));
            expected[id] = refused ? "NameRefused" : givenUp ? "GivenUp" : Md5(body);
        }
        return (said.ToArray(), expected);
    }

    private static byte[] Chunks(byte[] body, bool givenUp, Random random)
    {
        var chunks = new MemoryStream();
        for (var at = 0; at < body.Length;)
        {
            var bytes = Math.Min(body.Length - at, 1 + random.Next(random.Next(2) == 0 ? 50 : 30_000));
            chunks.Write(Chunk(body[at..(at + bytes)]));
            at += bytes;
        }
        chunks.Write(Length(givenUp ? -1 : 0));
        return chunks.ToArray();
    }

    private static async Task SendInPieces(NativePeer peer, byte[] said, Random random)
    {
        for (var at = 0; at < said.Length;)
        {
            var bytes = Math.Min(said.Length - at, 1 + random.Next(random.Next(3) switch { 0 => 3, 1 => 500, _ => 60_000 }));
            await peer.Wire.Send(said[at..(at + bytes)]);
            at += bytes;
        }
    }

    [Fact]
    public async Task Random_bytes_behind_hello_end_only_that_conversation()
    {
        await using var node = await TestNode.Start("actorsock.connections.linger=0s", "actorsock.connections.header-deadline=200ms", "actorsock.connections.body-grace=200ms");
        using var neighbour = await Connect(node);
        for (var i = 0; i < 40; i++)
        {
            using var peer = await Connect(node);
            var noise = RandomNumberGenerator.GetBytes(200);
            if (i % 2 == 0)
                (noise[1], noise[2], noise[3], noise[4]) = (0, 0, 0, (byte)'{'); // a length that may be one
            await peer.Wire.Send(noise);
            (await peer.Read()).Closes.ShouldBeTrue(Convert.ToHexString(noise));
        }
        await neighbour.Wire.Send(Put(1, "a", [1]));
        (await neighbour.Read()).Status.ShouldBe(201);
        node.Events.Of<ActorSock.Events.ServerEvent.Restarted>().ShouldBeEmpty();
    }
}
