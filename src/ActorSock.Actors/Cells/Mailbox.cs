using System.Runtime.InteropServices;

namespace ActorSock.Actors;

/// <summary>What came of posting a message.</summary>
internal enum Posted
{
    /// <summary>It is queued; somebody is already responsible for running the cell.</summary>
    Queued,

    /// <summary>It is queued, and the poster has to hand the cell to its dispatcher.</summary>
    Wake,

    /// <summary>The actor is gone.</summary>
    Dead,
}

/// <summary>The senders' side of a cell: many may post at once, one takes everything at a time.</summary>
/// <remarks>
/// A spin lock held for a few instructions guards a chain of segments. The taker swaps the whole chain for the empty segment it
/// has just used up, so in a steady state nothing is allocated for a message, and the taker touches this object once for a batch
/// rather than once for a message: while it works, the cache line stays with the senders. Padding keeps neighbours off it.
/// Idle, an actor that never got a user message holds no segment at all.
/// <para>
/// It is born blocked and scheduled, with the creation of its actor as the first system message: whoever finds the new cell
/// before its creator has handed it to the dispatcher can post to it, and neither runs it nor overtakes its creation.
/// </para>
/// </remarks>
internal sealed class Mailbox
{
    private const int FirstCapacity = 4, CapacityMax = 1024, KeptWhenIdleMax = 64;

#pragma warning disable CS0169, IDE0051 // padding
    private readonly Padding _before;
#pragma warning restore CS0169, IDE0051
    private int _gate;
    private bool _scheduled = true, _closed, _blocked = true;
    private Segment? _head, _tail;
    private SystemMessage? _systemFirst, _systemLast;

    public Mailbox(SystemMessage first) => _systemFirst = _systemLast = first;

    public Posted Post(object message, IActorRef? sender)
    {
        Enter();
        if (_closed)
        {
            Exit();
            return Posted.Dead;
        }
        var tail = _tail;
        if (tail is null)
            _head = _tail = tail = new Segment(FirstCapacity);
        else if (tail.Count == tail.Items.Length)
            _tail = tail = tail.After = new Segment(Math.Min(tail.Items.Length * 2, CapacityMax));
        ref var slot = ref tail.Items[tail.Count++];
        slot.Message = message;
        slot.Sender = sender;
        var wake = !_scheduled & !_blocked;
        _scheduled |= wake;
        Exit();
        return wake ? Posted.Wake : Posted.Queued;
    }

    /// <param name="pending">set when there is something for <see cref="TakeSystem"/>, in the same step: a run never misses it</param>
    public Posted PostSystem(SystemMessage message, ref bool pending)
    {
        Enter();
        if (_closed)
        {
            Exit();
            return Posted.Dead;
        }
        if (_systemLast is null)
            _systemFirst = message;
        else
            _systemLast.Next = message;
        _systemLast = message;
        Volatile.Write(ref pending, true);
        var wake = !_scheduled;
        _scheduled = true;
        Exit();
        return wake ? Posted.Wake : Posted.Queued;
    }

    /// <summary>All system messages, linked by Next, or null.</summary>
    public SystemMessage? TakeSystem(ref bool pending)
    {
        Enter();
        Volatile.Write(ref pending, false);
        var first = _systemFirst;
        _systemFirst = _systemLast = null;
        Exit();
        return first;
    }

    /// <summary>All user messages, or null; the used-up segment takes their place.</summary>
    public Segment? Take(Segment? usedUp)
    {
        Enter();
        var taken = _head is { Count: > 0 } ? _head : null;
        if (taken is not null)
        {
            usedUp?.Reset();
            _head = _tail = usedUp;
        }
        Exit();
        return taken;
    }

    /// <summary>Whether <see cref="Take"/> would give something; may be out of date at once.</summary>
    public bool HasUserMessages => Volatile.Read(ref _head) is { } head && Volatile.Read(ref head.Count) > 0;

    /// <summary>While blocked, user messages queue and do not wake the cell.</summary>
    public void Block(bool blocked)
    {
        Enter();
        _blocked = blocked;
        Exit();
    }

    /// <summary>The end of a run: true when there is more to do and the cell has to be scheduled again.</summary>
    /// <param name="userMessagesLeft">whether the cell itself still holds taken messages</param>
    public bool Rest(bool userMessagesLeft)
    {
        Enter();
        var more = !_closed && (_systemFirst is not null || (!_blocked && (userMessagesLeft || _head is { Count: > 0 })));
        _scheduled = more;
        if (!more && _head is { Count: 0 } head && head.Items.Length > KeptWhenIdleMax)
            _head = _tail = null;
        Exit();
        return more;
    }

    /// <summary>Nothing can be posted from now on; what is left comes back, to be buried.</summary>
    public (Segment? User, SystemMessage? System) Close()
    {
        Enter();
        _closed = true;
        var left = (_head, _systemFirst);
        _head = _tail = null;
        _systemFirst = _systemLast = null;
        Exit();
        return left;
    }

    public bool IsClosed => Volatile.Read(in _closed);

    public static bool WorthKeepingWhenIdle(Segment segment) => segment.Items.Length <= KeptWhenIdleMax;

    private void Enter()
    {
        if (Interlocked.CompareExchange(ref _gate, 1, 0) != 0)
            EnterContended();
    }

    private void EnterContended()
    {
        var spin = default(SpinWait);
        do
            spin.SpinOnce(sleep1Threshold: -1);
        while (Volatile.Read(ref _gate) != 0 || Interlocked.CompareExchange(ref _gate, 1, 0) != 0);
    }

    private void Exit() => Volatile.Write(ref _gate, 0);

    internal struct Slot
    {
        public object? Message;
        public IActorRef? Sender;
    }

    /// <summary>A run of messages in one array.</summary>
    internal sealed class Segment(int capacity)
    {
        public readonly Slot[] Items = new Slot[capacity];
        public int Next, Count;
        public Segment? After;

        /// <summary>Holds only messages that were taken: each slot was cleared when its message was.</summary>
        public void Reset()
        {
            Next = Count = 0;
            After = null;
        }
    }

    [StructLayout(LayoutKind.Sequential, Size = 48)]
    private struct Padding;
}
