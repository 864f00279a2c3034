using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorSock.Blocks;
using ActorSock.Conversations;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Tests.Commands;
using ActorSock.Wire.Text;

namespace ActorSock.Tests.Conversations;

/// <summary>Peers that read slowly beside many that do not read at all.</summary>
public sealed class SlowReaderTests
{
    // A quarter of it is what may be kept for peers that do not read: room for one large read at a time and a little more.
    private const int UnsentBytesMax = 256 << 10;
    private const int Deaf = 20, Slow = 2;

    // More than sockets hold.
    private const int SlowBytes = 8 << 20;

    private static readonly string[] s_settings =
    [
        .. TestNode.On("title"), "actorsock.memory.blocks-max=1MiB", "actorsock.memory.block-bytes=64KiB",
        "actorsock.connections.send-deadline=10m",
    ];

    [Fact]
    public async Task Who_reads_slowly_gets_all_answers_although_the_deaf_have_used_up_what_may_be_kept()
    {
        await using var node = await TestNode.Start(s_settings);
        var unsent = node.Node.Parts.Unsent;
        var slow = await Task.WhenAll(Enumerable.Range(0, Slow).Select(_ => Narrow(node.PortOf("title"))));
        var deaf = await Task.WhenAll(Enumerable.Range(0, Deaf).Select(_ => Narrow(node.PortOf("title"))));

        var sent = slow.Select(Send).ToArray();
        await CommandNode.Until(() => unsent.BytesTaken > 0, "nobody reads slowly");
        var floods = deaf.Select(Flood).ToArray();
        await CommandNode.Until(() => unsent.BytesTaken > UnsentBytesMax / 5, "nobody is deaf");
        var answers = await Task.WhenAll(slow.Select(each => Read(each, () => unsent.BytesTaken.ShouldBeLessThanOrEqualTo(UnsentBytesMax))));

        foreach (var answer in answers)
            answer.AsSpan().SequenceEqual(Piece('X', SlowBytes)).ShouldBeTrue();
        await Task.WhenAll(sent);
        node.Events.Of<ServerEvent.ConnectionClosed>().ShouldBeEmpty();
        Array.ForEach([.. deaf, .. slow], each => each.Dispose());
        await Task.WhenAll(floods);
        await node.Events.UntilCount<ServerEvent.ConnectionClosed>(Deaf + Slow);
        unsent.BytesTaken.ShouldBe(0);
    }

    [Fact]
    public void The_answer_to_a_small_read_fits_into_what_everybody_may_keep()
    {
        IExchange[] exchanges = [new TitleExchange(), new GreeterExchange()];

        foreach (var each in exchanges)
            each.AnswerBytesMax(ConversationActor.ScarceReadBytes).ShouldBeLessThanOrEqualTo(Share.FreeBytes);
    }

    /// <summary>A connection through which little goes at a time.</summary>
    private static async Task<Socket> Narrow(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { ReceiveBufferSize = 16 << 10 };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static async Task Flood(Socket socket)
    {
        try
        {
            var piece = Piece('x', 1 << 16);
            while (true)
                await socket.SendAsync(piece);
        }
        catch (Exception end) when (end is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task<byte[]> Read(Socket socket, Action look)
    {
        var answer = new byte[SlowBytes];
        var read = 1;
        for (var got = 0; got < answer.Length && read > 0; got += read)
        {
            look();
            read = await socket.ReceiveAsync(answer.AsMemory(got));
        }
        return answer;
    }

    private static async Task Send(Socket socket)
    {
        for (ReadOnlyMemory<byte> rest = Piece('x', SlowBytes); rest.Length > 0;)
            rest = rest[await socket.SendAsync(rest)..];
    }

    /// <summary>Words of one letter: however they are cut, the title case is the same.</summary>
    private static byte[] Piece(char letter, int bytes) => Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat($"{letter} ", bytes / 2)));
}
