using System.Buffers;
using System.Text;
using ActorSock.Connections;
using ActorSock.Conversations;
using ActorSock.Wire.Text;

namespace ActorSock.Chat;

/// <summary>Carries the lines of one connection to the chat, and those of the chat to it.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>. Children: none.<br/>
/// States: those of every conversation; nothing is read while the chat has lines of it in hand.<br/>
/// On restart: as every conversation; the beginning of a line that had not ended is lost.
/// </remarks>
internal sealed class ChatConversationActor : ConversationActor
{
    /// <summary>Send a line.</summary>
    public sealed record Tell(string Line);

    /// <summary>Send a line, and say <see cref="ChatActor.Taken"/> when the socket has it.</summary>
    public sealed record Hand(string Line, long Number);

    private readonly ChatDoor.Lines _door;
    private readonly int _lineBytesMax;
    private readonly ArrayBufferWriter<byte> _unended = new(256);
    private readonly Queue<long> _untaken = [];
    private bool _isHeard, _skips;

    public ChatConversationActor(NodeParts parts, SocketLink link) : base(parts, link)
    {
        _door = new ChatDoor.Lines(link.Id, link.Peer);
        _lineBytesMax = new ChatLimits(parts.Settings.Chat.NameBytesMax, parts.Settings.Chat.TextBytesMax).LineBytesMax;
    }

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new ChatConversationActor(parts, link));

    protected override bool IsBusy => _isHeard;

    protected override void More()
    {
        Receive<Tell>(tell => SayLine(tell.Line));
        Receive<Hand>(hand =>
        {
            SayLine(hand.Line);
            _untaken.Enqueue(hand.Number);
            if (!IsSaying)
                OnSaid();
        });
        Receive<ChatActor.Done>(_ =>
        {
            _isHeard = false;
            ResumeReading();
        });
    }

    protected override void On(ReadOnlySpan<byte> read)
    {
        var lines = new ArrayBufferWriter<byte>(read.Length + _unended.WrittenCount);
        for (var end = read.IndexOf((byte)'\n'); end >= 0; end = read.IndexOf((byte)'\n'))
        {
            Add(read[..end]);
            if (!_skips && _unended.WrittenCount > 0)
                lines.Write([.. _unended.WrittenSpan, (byte)'\n']);
            _unended.ResetWrittenCount();
            _skips = false;
            read = read[(end + 1)..];
        }
        Add(read);
        if (!_skips && _unended.WrittenCount > _lineBytesMax)
        {
            // Long enough to be refused; the rest of it says nothing new.
            lines.Write([.. _unended.WrittenSpan, (byte)'\n']);
            _skips = true;
        }
        if (lines.WrittenCount == 0)
            return;
        _isHeard = true;
        PauseReading();
        Parts.Chat.Tell(new ChatActor.Heard(_door, lines.WrittenSpan.ToArray()));
    }

    /// <summary>Keeps no more of a line than what shows that it is too long.</summary>
    private void Add(ReadOnlySpan<byte> piece)
    {
        var room = _lineBytesMax + 2 - _unended.WrittenCount;
        _unended.Write(piece[..Math.Min(piece.Length, room)]);
    }

    private void SayLine(string line) => Say(Encoding.UTF8.GetBytes(line + "\n"));

    protected override void OnSaid()
    {
        while (_untaken.TryDequeue(out var number))
            Parts.Chat.Tell(new ChatActor.Taken(_door, number));
    }
}
