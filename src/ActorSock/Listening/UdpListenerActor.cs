using System.Buffers;
using System.Net.Sockets;
using System.Text;
using ActorSock.Events;
using ActorSock.Settings;
using ActorSock.Supervision;
using ActorSock.Wire.Text;

namespace ActorSock.Listening;

/// <summary>Owns one UDP socket: answers its datagrams itself, or hands them to the actor that does.</summary>
/// <remarks>
/// Parent: <see cref="ListenerSupervisor"/>. Children: none.<br/>
/// States: one. Datagrams wait in the system until they are pulled, by the batch; what finds no room there is dropped, and
/// counted.<br/>
/// On restart: never restarted in place. It is stopped, and its parent starts another one after a delay.
/// </remarks>
internal sealed class UdpListenerActor : ServerActor, IWithTimers
{
    /// <summary>To whoever answers for this listener: it has a socket, of this family.</summary>
    public sealed record Opened(string Listener, AddressFamily Family);

    /// <summary>To whoever answers for this listener: a datagram has come. It says <see cref="Taken"/> when it has done with it.</summary>
    /// <param name="Bytes">the reader's to keep</param>
    /// <param name="From">who sent it</param>
    public sealed record Arrived(byte[] Bytes, DatagramPeer From);

    /// <summary>Room for one more <see cref="Arrived"/>.</summary>
    public sealed record Taken
    {
        public static readonly Taken Instance = new();
    }

    /// <summary>Send this datagram.</summary>
    /// <param name="Bytes">not to be changed any more</param>
    /// <param name="To">for whom</param>
    public sealed record Send(ReadOnlyMemory<byte> Bytes, DatagramPeer To);

    /// <summary>Answer <see cref="Flushed"/> when what was to be sent before this is with the system.</summary>
    public sealed record Flush
    {
        public static readonly Flush Instance = new();
    }

    /// <summary>It is.</summary>
    public sealed record Flushed
    {
        public static readonly Flushed Instance = new();
    }

    private sealed record CountDrops;

    /// <summary>Batches in a row before other actors get their turn.</summary>
    private const int BatchesInARowMax = 4;

    /// <summary>Datagrams that a reader may have in hand.</summary>
    private const int InHandMax = 256;

    private static readonly TimeSpan s_countInterval = TimeSpan.FromSeconds(1);

    private readonly NodeParts _parts;
    private readonly ListenerPlan _plan;
    private readonly IExchange? _exchange;
    private readonly IActorRef _reader;
    private readonly DatagramRounds _rounds;
    private readonly ArrayBufferWriter<byte> _answer = new(4096);
    private DatagramSocket? _socket;
    private Datagrams _in = null!, _out = null!; // from the moment there is a socket
    private int _inHand;
    private bool _counting;
    private long _received, _unanswered, _circled, _overflowed;
    private (long Unanswered, long Circled, long Overflowed) _told;

    public UdpListenerActor(NodeParts parts, ListenerPlan plan)
    {
        (_parts, _plan) = (parts, plan);
        _exchange = plan.Service switch
        {
            Service.Title => new TitleExchange(),
            Service.Greeter => new GreeterExchange(),
            _ => null,
        };
        _rounds = new DatagramRounds(parts.Settings.Listeners, parts.Clock);
        _reader = plan.Service == Service.Chat ? parts.Chat : ActorRefs.Nobody;
        Receive<DatagramSocket.Readable>(_ => Pull());
        Receive<Taken>(_ =>
        {
            if (_inHand-- == InHandMax)
                Pull();
        });
        Receive<Send>(send => Push(send.Bytes.Span, send.To.Address));
        Receive<Flush>(_ => Sender.Tell(Flushed.Instance));
        Receive<CountDrops>(_ => Count());
    }

    public static Props PropsOf(NodeParts parts, ListenerPlan plan) =>
        Props.Create(() => new UdpListenerActor(parts, plan)).WithDispatcher(NodeParts.ExchangesDispatcher);

    public ITimerScheduler Timers { get; set; } = null!;

    private void Pull()
    {
        for (var batches = 0; batches < BatchesInARowMax && _inHand < InHandMax; batches++)
        {
            _socket!.Receive(_in);
            if (_in.Count == 0)
                break;
            _received += _in.Count;
            var now = _parts.Clock.GetTimestamp();
            for (var i = 0; i < _in.Count; i++)
                Take(i, now);
            SendBatch();
        }
        WatchDrops();
        if (_inHand < InHandMax)
            _socket!.WaitReadable(Self);
    }

    private void Take(int i, long now)
    {
        if (_in.Port(i) == 0)
        {
            _unanswered++; // it says that it wants no answer
            return;
        }
        _answer.ResetWrittenCount();
        _exchange?.Answer(_in[i], _answer);
        _exchange?.End(_answer);
        if (!_rounds.TryAnswer(_in.Address(i), IsEcho(_in[i]), now))
        {
            _circled++;
            return;
        }
        if (_exchange is null)
        {
            _inHand++;
            _reader.Tell(new Arrived(_in[i].ToArray(), new DatagramPeer(_in.Address(i))));
            return;
        }
        if (_answer.WrittenCount > 0 || _in[i].IsEmpty) // the course's clients wait for the answer to an empty line, too
            Add(_answer.WrittenSpan, _in.Address(i));
    }

    /// <summary>Whether it could be an answer of this service, or of a node's other services to this one's.</summary>
    private bool IsEcho(ReadOnlySpan<byte> datagram) => _plan.Service switch
    {
        Service.Chat => datagram is not [(byte)'/', ..], // a command is no answer of anybody
        Service.Greeter => Ascii.EqualsIgnoreCase(datagram, _answer.WrittenSpan), // title says Hi to it
        _ => datagram.SequenceEqual(_answer.WrittenSpan),
    };

    private void Push(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> to)
    {
        Add(bytes, to);
        SendBatch();
        WatchDrops();
    }

    private void Add(ReadOnlySpan<byte> bytes, ReadOnlySpan<byte> to)
    {
        if (bytes.Length > Datagrams.SlotBytes)
        {
            _unanswered++; // no datagram is so long
            return;
        }
        if (_out.IsFull)
            SendBatch();
        bytes.CopyTo(_out.Slot(_out.Count));
        _out.SetAddress(_out.Count, to);
        _out.Set(_out.Count++, bytes.Length, to.Length);
    }

    private void SendBatch() => _unanswered += _socket!.Send(_out);

    // ---- drops are told in sum, not one by one: a flood is no reason to flood the log

    private void WatchDrops()
    {
        if (_counting)
            return;
        _counting = true;
        Timers.StartSingleTimer(nameof(CountDrops), new CountDrops(), s_countInterval);
    }

    private void Count()
    {
        _counting = false;
        _overflowed = _socket!.Overflowed;
        var now = (Unanswered: _unanswered, Circled: _circled, Overflowed: _overflowed);
        if (now == _told)
            return;
        Context.System.EventStream.Publish(new ServerEvent.DatagramsDropped(_parts.Now, _plan.Name,
            now.Overflowed - _told.Overflowed, now.Unanswered - _told.Unanswered, now.Circled - _told.Circled));
        _told = now;
        WatchDrops();
    }

    protected override string About =>
        $"{_received} datagrams in, {_overflowed} dropped by the system, {_unanswered} not answered, {_circled} that went round, {_inHand} in hand";

    // ---- lifecycle

    protected override void PreStart()
    {
        _socket = DatagramSocket.Open(_plan.Endpoint, _parts.Settings.Listeners);
        (_in, _out) = (new Datagrams(), new Datagrams());
        Context.System.EventStream.Publish(new ServerEvent.ListenerBound(_parts.Now, _plan.Name, _socket.Endpoint.ToString()));
        Context.Parent.Tell(new ListenerSupervisor.Bound(_plan.Name, _socket.Endpoint));
        _reader.Tell(new Opened(_plan.Name, _socket.AddressFamily));
        _socket.WaitReadable(Self);
    }

    protected override void PostStop()
    {
        if (_socket is null)
            return;
        _in.Free();
        _out.Free();
        _socket.Dispose();
        Context.System.EventStream.Publish(
            new ServerEvent.ListenerClosed(_parts.Now, _plan.Name, _socket.Endpoint.ToString()));
    }
}
