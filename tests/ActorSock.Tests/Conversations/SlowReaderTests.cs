using System.Buffers;
using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorSock.Blocks;
using ActorSock.Conversations;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Tests.Commands;
using ActorSock.Wire.Text;
using FsCheck;
using FsCheck.Fluent;

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
            each.AnswerBytesMax(ConversationActor.ScarceBytes).ShouldBeLessThanOrEqualTo(Share.FreeBytes);
    }

    [Theory]
    [InlineData("title")]
    [InlineData("greeter")]
    public async Task A_message_is_answered_the_same_where_there_is_room_for_no_more_than_parts_of_its_answer(string service)
    {
        // A quarter of it is less than the answer to the largest read takes.
        await using var node = await TestNode.Start([.. TestNode.On(service), "actorsock.memory.blocks-max=256KiB", "actorsock.memory.block-bytes=64KiB"]);
        using var client = await WireClient.Connect(node.PortOf(service));
        string[] messages =
        [
            new('a', 5_000), // one word
            "Α" + new string('\'', 1_500) + "Σ" + new string('\'', 3_000) + "Α", // what makes the sigma none of the end is far away
            string.Concat(Enumerable.Repeat("x数Ǆ", 600)),
        ];

        foreach (var message in messages)
        {
            var expected = service == "greeter" ? "hi" : Titled(message);
            await client.Send(message);
            Encoding.UTF8.GetString(await client.ReadBytes(Encoding.UTF8.GetByteCount(expected))).ShouldBe(expected);
        }
        client.EndSending();
        (await client.ReadToEnd()).ShouldBe("");
    }

    [Fact]
    public void However_a_message_is_cut_into_parts_the_answer_is_the_same() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(
            Gen.Elements("a", "B", " ", "'", "Σ", "σ", "é", "Ǆ", "ﬁ", "数", "\u0301", "😀").ArrayOf().ToArbitrary(),
            Gen.Choose(IExchange.PartBytesMin, 9).ToArbitrary(), Gen.Choose(0, 3).ToArbitrary(),
            (string[] characters, int bytesMax, int cut) =>
            {
                var text = Encoding.UTF8.GetBytes(string.Concat(characters));
                byte[][] messages = [text[..^Math.Min(cut, text.Length)], text, [0xFF, .. text]]; // the first may end within a character
                var (whole, parts) = (new TitleExchange(), new TitleExchange());
                var (wanted, got) = (new ArrayBufferWriter<byte>(), new ArrayBufferWriter<byte>());
                foreach (var message in messages)
                {
                    whole.Answer(message, wanted);
                    for (var left = message; left.Length > 0;)
                        left = left[parts.AnswerPart(left, bytesMax, got)..];
                }
                return got.WrittenSpan.SequenceEqual(wanted.WrittenSpan);
            }));

    private static string Titled(string text)
    {
        var titled = new ArrayBufferWriter<byte>();
        TitleCase.Write(Encoding.UTF8.GetBytes(text), titled);
        return Encoding.UTF8.GetString(titled.WrittenSpan);
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
