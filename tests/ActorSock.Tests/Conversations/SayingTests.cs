using System.Net;
using System.Net.Sockets;
using ActorSock.Connections;
using ActorSock.Conversations;
using ActorSock.Testing;

namespace ActorSock.Tests.Conversations;

/// <summary>What a conversation hears of what it says.</summary>
public sealed class SayingTests
{
    private const int Pieces = 400, PieceBytes = 100_000;

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task That_something_was_said_is_heard_behind_the_saying_and_never_within(bool held)
    {
        await using var node = await TestNode.Start();
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        using var client = await WireClient.Connect(((IPEndPoint)listener.LocalEndPoint!).Port);
        var link = new SocketLink(await listener.AcceptAsync(), "c-1", "test", TimeProvider.System);
        var heard = new Heard();
        node.Node.System.ActorOf(Props.Create(() => new Talkative(node.Node.Parts, link, heard, held)));

        await client.Send("go");
        var said = await client.ReadToEnd();

        said.Length.ShouldBe(Pieces * PieceBytes);
        heard.Within.ShouldBe(0);
        heard.Behind.ShouldBeGreaterThan(0);
        node.Node.Parts.Unsent.BytesTaken.ShouldBe(0);
    }

    private sealed class Heard
    {
        public int Within, Behind;
    }

    /// <summary>Says more than the socket takes at once, the next whenever the last has gone.</summary>
    private sealed class Talkative(NodeParts parts, SocketLink link, Heard heard, bool held) : ConversationActor(parts, link)
    {
        private readonly byte[] _piece = new byte[PieceBytes];
        private int _left = Pieces;
        private bool _says;

        protected override void On(ReadOnlySpan<byte> read)
        {
            PauseReading();
            GoOn();
        }

        protected override void OnSaid()
        {
            if (_says)
                heard.Within++;
            else
                heard.Behind++;
            GoOn();
        }

        private void GoOn()
        {
            while (_left > 0 && !IsSaying)
            {
                _left--;
                _says = true;
                if (held)
                    SayHeld(_piece);
                else
                    Say(_piece);
                _says = false;
            }
            if (_left == 0 && !IsSaying)
                CloseInOrder("all was said");
        }
    }
}
