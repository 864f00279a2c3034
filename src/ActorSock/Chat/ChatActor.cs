using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Events;
using ActorSock.Listening;
using ActorSock.Supervision;

namespace ActorSock.Chat;

/// <summary>Runs the room where members talk: takes lines to it, and its effects to sockets, events and timers.</summary>
/// <remarks>
/// Parent: <see cref="ServerSupervisor"/>. Children: none; the sockets are with <see cref="UdpListenerActor"/> and
/// <see cref="ChatConversationActor"/>.<br/>
/// States: one.<br/>
/// On restart: the room is empty. Those who were there are told, and join again.
/// </remarks>
internal sealed class ChatActor : ServerActor, IWithTimers
{
    /// <summary>From a connection: lines, each with its line feed; answered by <see cref="Done"/>.</summary>
    public sealed record Heard(ChatDoor.Lines Door, byte[] Lines);

    /// <summary>Room for more from that connection.</summary>
    public sealed record Done
    {
        public static readonly Done Instance = new();
    }

    /// <summary>From a connection: its socket has the text with this number.</summary>
    public sealed record Taken(ChatDoor.Lines Door, long Number);

    /// <summary>Tell everybody that it ends, and answer <see cref="Closed"/>.</summary>
    public sealed record Close(string Why);

    /// <summary>Everybody was told.</summary>
    public sealed record Closed
    {
        public static readonly Closed Instance = new();
    }

    private sealed record Due
    {
        public static readonly Due Instance = new();
    }

    /// <summary>A listener has been restarted, perhaps, and knows nothing of it.</summary>
    private sealed record FlushLate
    {
        public static readonly FlushLate Instance = new();
    }

    private static readonly TimeSpan s_flushPatience = TimeSpan.FromSeconds(1);

    /// <summary>A room's first number is below this: short enough for a person, and seldom that of the room before.</summary>
    private const int FirstNumberMax = 1_000_000;

    private readonly NodeParts _parts;
    private readonly ChatRoom _room;
    private readonly Dictionary<string, (IActorRef Actor, AddressFamily Family)> _listeners = [];
    private readonly Dictionary<ChatDoor, IActorRef> _conversations = [];
    private readonly Dictionary<IActorRef, ChatDoor> _doors = [];
    private long? _wakesAt;
    private IActorRef? _closer;
    private int _unflushed;

    public ChatActor(NodeParts parts)
    {
        _parts = parts;
        _room = new ChatRoom(parts.Settings.Chat, parts.Settings.Connections.IdleLimit, parts.Clock, RandomNumberGenerator.GetInt32(FirstNumberMax));
        Receive<UdpListenerActor.Arrived>(Hear);
        Receive<Heard>(Hear);
        Receive<Taken>(taken => Carry(_room.Taken(taken.Door, taken.Number)));
        Receive<Due>(_ =>
        {
            _wakesAt = null;
            Carry(_room.Tick());
        });
        Receive<UdpListenerActor.Opened>(opened => _listeners[opened.Listener] = (Sender, opened.Family));
        Receive<Terminated>(ended =>
        {
            if (!_doors.Remove(ended.ActorRef, out var door))
                return;
            _conversations.Remove(door);
            Carry(_room.Gone(door, "connection closed"));
        });
        Receive<Close>(close =>
        {
            Carry(_room.Close(close.Why));
            _closer = Sender;
            // A listener that is about to stop leaves what it was told last.
            _unflushed = _listeners.Count;
            foreach (var (listener, _) in _listeners.Values)
                listener.Tell(UdpListenerActor.Flush.Instance);
            Timers.StartSingleTimer(nameof(FlushLate), FlushLate.Instance, s_flushPatience);
            TellWhenFlushed();
        });
        Receive<UdpListenerActor.Flushed>(_ =>
        {
            _unflushed--;
            TellWhenFlushed();
        });
        Receive<FlushLate>(_ =>
        {
            _unflushed = 0;
            TellWhenFlushed();
        });
    }

    public static Props PropsOf(NodeParts parts) => Props.Create(() => new ChatActor(parts));

    public ITimerScheduler Timers { get; set; } = null!;

    private void TellWhenFlushed()
    {
        if (_unflushed > 0 || _closer is not { } closer)
            return;
        _closer = null;
        closer.Tell(Closed.Instance);
    }

    private void Hear(UdpListenerActor.Arrived arrived)
    {
        Sender.Tell(UdpListenerActor.Taken.Instance);
        var listener = Sender.Path.Name;
        _listeners[listener] = (Sender, arrived.From.Family);
        Carry(_room.Hear(new ChatDoor.Datagrams(listener, arrived.From), arrived.Bytes));
    }

    private void Hear(Heard heard)
    {
        if (_doors.TryAdd(Sender, heard.Door))
            _conversations[heard.Door] = Context.Watch(Sender);
        try
        {
            for (var lines = heard.Lines.AsSpan(); !lines.IsEmpty;)
            {
                var end = lines.IndexOf((byte)'\n');
                Carry(_room.Hear(heard.Door, lines[..end]));
                lines = lines[(end + 1)..];
            }
        }
        finally
        {
            Sender.Tell(Done.Instance); // also when this failed: the conversation reads nothing until then
        }
    }

    // ---- what follows from it

    private void Carry(IReadOnlyList<ChatEffect> effects)
    {
        foreach (var effect in effects)
        {
            switch (effect)
            {
                case ChatEffect.Tell { Door: ChatDoor.Datagrams to } tell:
                    Send(to, tell.Line);
                    break;
                case ChatEffect.Tell tell:
                    if (_conversations.TryGetValue(tell.Door, out var listener))
                        listener.Tell(new ChatConversationActor.Tell(tell.Line));
                    break;
                case ChatEffect.Hand hand:
                    if (_conversations.TryGetValue(hand.Door, out var taker))
                        taker.Tell(new ChatConversationActor.Hand(hand.Line, hand.Number));
                    break;
                case ChatEffect.Came came:
                    Publish(new ServerEvent.ChatJoined(_parts.Now, came.Name, came.Door.Peer, came.Members));
                    break;
                case ChatEffect.Renamed renamed:
                    Publish(new ServerEvent.ChatRenamed(_parts.Now, renamed.Name, renamed.Now, renamed.Door.Peer));
                    break;
                case ChatEffect.Left left:
                    Publish(new ServerEvent.ChatLeft(
                        _parts.Now, left.Name, left.Door.Peer, left.Reason, left.Stay, left.Sent, left.Received, left.Refused));
                    break;
            }
        }
        WakeWhenDue();
    }

    /// <summary>Who is bound and has not spoken yet is reached through the first listener that can.</summary>
    private void Send(ChatDoor.Datagrams to, string line)
    {
        if (!_listeners.TryGetValue(to.Listener, out var listener))
        {
            var family = to.Address.AddressFamily;
            listener = _listeners.Values.FirstOrDefault(each => each.Family == family);
        }
        listener.Actor?.Tell(new UdpListenerActor.Send(Encoding.UTF8.GetBytes(line), to.From));
    }

    private void WakeWhenDue()
    {
        if (_room.UntilDue is not { } due)
            return;
        var at = _parts.Clock.GetTimestamp() + (long)(due.TotalSeconds * _parts.Clock.TimestampFrequency);
        if (_wakesAt <= at)
            return; // too early does no harm
        _wakesAt = at;
        Timers.StartSingleTimer(nameof(Due), Due.Instance, due);
    }

    private static void Publish(ServerEvent happened) => Context.System.EventStream.Publish(happened);

    protected override string About => $"{_room.Count} members, {_room.Texts} texts, {_room.LinesIgnored} lines of strangers ignored";

    // ---- lifecycle

    protected override void PreStart() => Carry(_room.Open());

    protected override void PreRestart(Exception reason, object message) => Carry(_room.Close("the chat has failed: join again"));

    /// <summary>Listeners and conversations live on: they are known again when they say something.</summary>
    protected override void PostRestart(Exception reason) => PreStart();
}
