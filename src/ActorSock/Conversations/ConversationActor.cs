using System.Net.Sockets;
using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Supervision;

namespace ActorSock.Conversations;

/// <summary>What all conversations but the transfer have in common: reading, sending, deadlines, the drain, the end.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>.<br/>
/// States: <see cref="Reading"/>, <see cref="Saying"/> while the peer takes an answer slowly, <see cref="Closing"/>.<br/>
/// On restart: the socket stays with the <see cref="SocketLink"/> and the conversation goes on with what is read next; it closes
/// where an answer was under way.
/// </remarks>
internal abstract class ConversationActor : ServerActor, IWithTimers
{
    /// <summary>The most that one read delivers.</summary>
    public const int ReadBytesMax = 64 * 1024;

    /// <summary>
    /// The most that is answered at once while there is no room to keep a larger answer. The answer to so little fits into what every conversation may
    /// keep, so a peer that reads slowly is slowed down by those that do not read at all, and never closed in their place.
    /// </summary>
    public const int ScarceBytes = 1024;

    /// <summary>
    /// What a peer takes within the send deadline at least: half of what is promised, because systems tell in steps of up to
    /// 64 KiB how far it is.
    /// </summary>
    private const int TakenBytesMin = 32 * 1024;

    /// <summary>The peer may have been silent, or deaf, for too long.</summary>
    private sealed record Late
    {
        public static readonly Late Instance = new();
    }

    private sealed record LingerEnded;

    [ThreadStatic]
    private static byte[]? t_read;

    private readonly Alarm _deadline;
    private readonly UntakenBytes _untaken;
    private bool _paused, _saying, _closing, _ended;
    private Action? _afterSaying;
    private string _closeReason = "stopped";
    private long _takenBefore;
    private int _left; // of a message that is answered in parts

    protected ConversationActor(NodeParts parts, SocketLink link)
    {
        (Parts, Link) = (parts, link);
        _deadline = new Alarm(Late.Instance, parts.Clock);
        _untaken = new UntakenBytes(parts.Unsent);
        Become(Reading);
    }

    protected NodeParts Parts { get; }

    protected SocketLink Link { get; }

    public ITimerScheduler Timers { get; set; } = null!;

    // ---- what a conversation says itself

    /// <summary>Hears what one read has delivered, which is valid only meanwhile.</summary>
    protected abstract void On(ReadOnlySpan<byte> read);

    /// <summary>
    /// Hears the beginning of what one read would deliver, or of what is left of that: where there is no room to keep the answer
    /// to all of it.
    /// </summary>
    /// <param name="left">What is left, its end included; valid only meanwhile.</param>
    /// <param name="bytesMax">The most that may be answered now.</param>
    /// <returns>How many bytes were answered; the rest is heard again.</returns>
    protected virtual int OnPart(ReadOnlySpan<byte> left, int bytesMax) => throw new NotSupportedException("its answers need no room");

    /// <summary>The most that <see cref="On"/> says itself to a read of so many bytes.</summary>
    protected virtual int SaidBytesMax(int readBytes) => 0;

    /// <summary>Reads in a row before other actors get their turn.</summary>
    protected virtual int ReadsInARowMax => 16;

    /// <summary>The most that the next read may deliver, at least one byte.</summary>
    protected virtual int ReadBytesNow => ReadBytesMax;

    /// <summary>The peer has closed its side in order.</summary>
    protected virtual void OnEnd() => CloseInOrder("peer closed");

    /// <summary>What the socket had not taken at once has gone. It is never called within <see cref="Say"/>.</summary>
    protected virtual void OnSaid()
    {
    }

    /// <summary>Whether something is under way that a drain waits for.</summary>
    protected virtual bool IsBusy => false;

    /// <summary>Handlers of other messages, in every state but <see cref="Closing"/>.</summary>
    protected virtual void More()
    {
    }

    // ---- the states, in the order in which they are lived

    private void Reading()
    {
        Receive<SocketLink.Readable>(_ => Read());
        Always();
    }

    /// <summary>The peer takes slowly what it was told: nothing is read from it meanwhile.</summary>
    private void Saying()
    {
        Receive<SocketLink.Readable>(static _ => { }); // it is asked for again
        Always();
    }

    /// <summary>The last word has been said; the peer is read until it has heard it.</summary>
    private void Closing()
    {
        Receive<SocketLink.Readable>(_ => SkipRest());
        Receive<LingerEnded>(_ => Context.Stop(Self));
        ReceiveAny(static _ => { });
    }

    private void Always()
    {
        Receive<SocketLink.SendEnded>(ended => Said(ended.Error));
        Receive<Late>(_ => CheckDeadline());
        Receive<ConnectionActor.Drain>(_ =>
        {
            Link.Draining = true;
            LeaveIfDrained();
        });
        More();
    }

    // ---- reading

    /// <summary>Reads nothing until <see cref="ResumeReading"/>.</summary>
    protected void PauseReading()
    {
        _paused = true;
        if (!_saying)
            _deadline.Lift();
    }

    protected void ResumeReading()
    {
        _paused = false;
        if (LeaveIfDrained())
            return;
        AwaitMore();
    }

    private bool MayRead => !_paused && !_saying && !_closing;

    private void Read()
    {
        ReadAll();
        _untaken.Settle();
    }

    private void ReadAll()
    {
        for (var reads = 0; reads < ReadsInARowMax && MayRead; reads++)
            if (!ReadOnce())
                break;
        if (MayRead && !_ended && !LeaveIfDrained())
            AwaitMore();
    }

    /// <summary>Whether there is room to keep the answer to the largest read.</summary>
    private bool HasRoom() => _untaken.TryReserve(SaidBytesMax(ReadBytesMax));

    /// <summary>Reads and answers once; false when there is nothing more to read.</summary>
    private bool ReadOnce()
    {
        Memory<byte> memory = t_read ??= new byte[ReadBytesMax];
        if (_left > 0 || !HasRoom())
            return AnswerPart(memory);
        var outcome = Link.TryRead(memory[..ReadBytesNow]);
        if (!Delivers(outcome))
            return false;
        On(memory.Span[..outcome.Bytes]);
        return true;
    }

    /// <summary>
    /// Looks at all that a read would deliver, so that the answer is what it would be, and takes away and answers as much as there
    /// is room for.
    /// </summary>
    private bool AnswerPart(Memory<byte> memory)
    {
        var outcome = Link.TryPeek(_left > 0 ? memory[.._left] : memory);
        if (!Delivers(outcome))
            return false;
        var answered = OnPart(memory.Span[..outcome.Bytes], HasRoom() ? ReadBytesMax : ScarceBytes);
        Link.TryRead(memory[..answered]);
        _left = outcome.Bytes - answered;
        return true;
    }

    /// <summary>Whether a read has delivered something; if it was the end, the conversation ends.</summary>
    private bool Delivers(ReadOutcome outcome)
    {
        if (outcome.WouldBlock)
            return false;
        if (outcome.Error != SocketError.Success)
        {
            Close($"peer lost: {outcome.Error}");
            return false;
        }
        if (outcome.Bytes > 0)
            return true;
        _ended = true;
        OnEnd();
        return false;
    }

    private void AwaitMore()
    {
        if (!MayRead || _ended)
            return;
        _deadline.Set(Parts.Settings.Connections.IdleLimit, Timers);
        Link.WaitReadable(Self);
    }

    // ---- sending

    /// <summary>Whether the peer takes slowly what it was told.</summary>
    protected bool IsSaying => _saying;

    /// <summary>
    /// Sends all of it, behind what is under way. What the socket does not take at once is copied, within what all conversations
    /// of the node may keep so; a peer for which there is no room left is closed.
    /// </summary>
    protected void Say(ReadOnlySpan<byte> bytes)
    {
        if (_closing || bytes.IsEmpty)
            return;
        if (!_saying)
        {
            var sent = Link.TrySend(bytes, out var error);
            if (error != SocketError.Success)
            {
                Close($"peer lost: {error}");
                return;
            }
            bytes = bytes[sent..];
        }
        if (bytes.IsEmpty)
            return;
        if (_untaken.TryAdd(bytes))
            SendFirst();
        else
            Close("it does not read what it is told, and too much is kept for such peers already");
    }

    /// <summary>The same of what the conversation holds anyway, within limits of its own, and does not change.</summary>
    protected void SayHeld(ReadOnlyMemory<byte> bytes)
    {
        if (_closing || bytes.IsEmpty)
            return;
        _untaken.AddHeld(bytes);
        SendFirst();
    }

    /// <summary>Sends what was just added, unless something before it is on its way.</summary>
    private void SendFirst()
    {
        if (_saying)
            return;
        if (Link.Send(_untaken.First, Self))
        {
            _untaken.Forget();
            return;
        }
        _saying = true;
        LimitSaying();
        Become(Saying);
    }

    private void SendRest()
    {
        while (!_untaken.IsEmpty)
        {
            if (!Link.Send(_untaken.First, Self))
                return;
            _untaken.Forget();
        }
        _saying = false;
        Become(Reading);
        if (_afterSaying is { } after)
        {
            _afterSaying = null;
            after();
            return;
        }
        OnSaid();
        if (MayRead && !LeaveIfDrained())
            AwaitMore();
    }

    private void Said(SocketError error)
    {
        if (!_saying)
            return; // of the actor before a restart
        if (error != SocketError.Success)
        {
            Close($"peer lost: {error}");
            return;
        }
        _untaken.Forget();
        LimitSaying();
        SendRest();
    }

    private void LimitSaying()
    {
        _takenBefore = Link.BytesTaken;
        _deadline.Set(Parts.Settings.Connections.SendDeadline, Timers);
    }

    // ---- the end

    private void CheckDeadline()
    {
        if (!_deadline.Passed(Timers))
            return;
        var limits = Parts.Settings.Connections;
        if (_saying && Link.BytesTaken - _takenBefore >= TakenBytesMin)
            LimitSaying(); // a long answer goes on
        else if (_saying)
            Close($"an answer was not taken within {limits.SendDeadline.TotalSeconds:0.###} s");
        else
            CloseInOrder($"idle for {limits.IdleLimit.TotalSeconds:0.###} s");
    }

    private bool LeaveIfDrained()
    {
        if (!Link.Draining || _closing || _saying || IsBusy || (!_paused && Link.Available > 0))
            return false;
        CloseInOrder("drained");
        return true;
    }

    /// <summary>Ends the conversation behind what is still being said.</summary>
    protected void CloseInOrder(string reason)
    {
        if (_closing)
            return;
        if (_saying)
        {
            _afterSaying = () => CloseInOrder(reason);
            return;
        }
        _closing = true;
        _closeReason = reason;
        _deadline.Lift();
        if (_ended)
        {
            Context.Stop(Self);
            return;
        }
        Link.EndSending();
        Become(Closing);
        Timers.StartSingleTimer(nameof(LingerEnded), new LingerEnded(), Parts.Settings.Connections.Linger);
        Link.WaitReadable(Self);
    }

    /// <summary>Reads on for a while: a close with bytes unread is a reset, which can overtake what was said last.</summary>
    private void SkipRest()
    {
        var outcome = Link.TryRead(t_read ??= new byte[ReadBytesMax]);
        if (outcome.IsEnd && !outcome.WouldBlock)
            Context.Stop(Self);
        else
            Link.WaitReadable(Self); // one piece for each message: a flood here waits its turn like everybody
    }

    /// <summary>Ends the conversation now.</summary>
    protected void Close(string reason)
    {
        if (_closing)
            return;
        _closing = true;
        _closeReason = reason;
        Context.Stop(Self);
    }

    protected static void Publish(ServerEvent happened) => Context.System.EventStream.Publish(happened);

    protected override string About => $"{Link.Peer}, {Link.BytesIn} bytes in, {Link.BytesOut} out{(Link.Draining ? ", draining" : "")}";

    // ---- lifecycle

    protected override void PreStart()
    {
        Publish(new ServerEvent.ConnectionOpened(Parts.Now, Link.Id, Link.Peer, Link.Listener) { Client = Link.Client });
        AwaitMore();
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // The children go, the link stays: PostStop, which closes it, is not for a restart.
        foreach (var child in Context.GetChildren())
        {
            Context.Unwatch(child);
            Context.Stop(child);
        }
        _untaken.Clear();
    }

    protected override void PostRestart(Exception reason)
    {
        Publish(new ServerEvent.Restarted(Parts.Now, Self.Path.ToStringWithoutAddress(), reason));
        Context.Parent.Tell(new ConnectionSupervisor.Recovered(reason));
        if (Link.IsSending)
            Close("failed while an answer was on its way"); // what is said next could come before its end
        else if (!LeaveIfDrained())
            AwaitMore();
    }

    protected override void PostStop()
    {
        _untaken.Clear();
        Link.Dispose();
        Publish(new ServerEvent.ConnectionClosed(Parts.Now, Link.Id, Link.Peer, _closeReason,
            Parts.Clock.GetElapsedTime(Link.OpenedAt), Link.BytesIn, Link.BytesOut, Link.UploadsStored, Link.UploadsRefused));
    }
}
