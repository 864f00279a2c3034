using System.Net.Sockets;
using ActorSock.Settings;
using ActorSock.Wire;

namespace ActorSock.Connections;

/// <summary>Where in the grammar of frames the next unread byte stands; it survives the actors that read.</summary>
internal enum FramePosition
{
    /// <summary>Before a header.</summary>
    Boundary,

    /// <summary>Inside a header, or nobody knows where: the next boundary cannot be found.</summary>
    Unknown,

    /// <summary>Inside a body, <see cref="SocketLink.Left"/> bytes before its end.</summary>
    Body,

    /// <summary>Inside the digits of a digest, <see cref="SocketLink.Left"/> bytes before their end.</summary>
    Digest,

    /// <summary>Before the frame behind a body that names its digest.</summary>
    Trailer,
}

/// <summary>What a read gave.</summary>
/// <param name="Bytes">how many; 0 when the peer has closed, -1 when there is nothing to read yet</param>
/// <param name="Error">set when the connection is broken</param>
internal readonly record struct ReadOutcome(int Bytes, SocketError Error)
{
    public bool WouldBlock => Bytes < 0 && Error == SocketError.Success;

    public bool IsEnd => Bytes == 0 || Error != SocketError.Success;
}

/// <summary>Holds one connection's socket, and what of the conversation must outlive a restart of its actors.</summary>
/// <remarks>
/// Reading is pulled: <see cref="TryRead"/> takes what is there into the caller's memory and never waits;
/// <see cref="WaitReadable"/> waits without holding any memory. So no buffer is ever in the hands of the
/// kernel while an actor fails, and nothing is allocated for a read.
/// </remarks>
internal sealed class SocketLink : IDisposable, ReadWait.IEnded
{
    private readonly Socket _socket;
    private readonly TimeProvider _clock;
    private readonly ReadWait _wait;
    private IActorRef? _reader;
    private SendRest? _sending;
    private long _waitingSince, _waitedTicks;
    private ReadOnlyMemory<byte> _pushedBack;
    private bool _disposed;

    /// <param name="socket">is the link's from now on</param>
    /// <param name="id">of the connection</param>
    /// <param name="listener">accepted it</param>
    /// <param name="clock">the node's</param>
    /// <param name="wait">how to wait for bytes; null chooses what is best on this system</param>
    public SocketLink(
        Socket socket, string id, string listener, TimeProvider clock, Func<Socket, ReadWait.IEnded, ReadWait>? wait = null)
    {
        _socket = socket;
        _clock = clock;
        Id = id;
        Listener = listener;
        Peer = DescribePeer(socket);
        OpenedAt = clock.GetTimestamp();
        Prepare(socket);
        _wait = (wait ?? ReadWait.On)(socket, this);
    }

    /// <summary>Tells a reader that there is something to read, or that the connection has ended.</summary>
    public sealed record Readable
    {
        public static readonly Readable Instance = new();
    }

    /// <summary>Tells a sender that what did not fit into the socket at once is on its way, or never will be.</summary>
    public sealed record SendEnded(SocketError Error);

    public string Id { get; }

    public string Peer { get; }

    /// <summary>The listener that accepted it.</summary>
    public string Listener { get; }

    /// <summary>The name under which the peer has proved that it has a key; null where nobody asked.</summary>
    public string? Client { get; set; }

    public long OpenedAt { get; }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    public int UploadsStored { get; set; }

    public int UploadsRefused { get; set; }

    public int UploadsBegun { get; set; }

    /// <summary>Whether the conversation ends with the request in hand.</summary>
    public bool Draining { get; set; }

    /// <summary>Whether no header has been read yet.</summary>
    public bool IsFresh { get; set; } = true;

    public FramePosition Position { get; set; }

    public long Left { get; set; }

    /// <summary>Whether <see cref="Left"/> is of one chunk of a body, and others may follow.</summary>
    public bool InChunks { get; set; }

    /// <summary>Bytes that a framer holds beyond what it has given away: lost with it.</summary>
    public int Unread { get; set; }

    /// <summary>The request that the peer has been promised an answer to; null between requests.</summary>
    public PutHeader? InHand { get; set; }

    /// <summary>What becomes of the upload in hand; null while there is none.</summary>
    public Journal.Verdict? Verdict { get; set; }

    /// <summary>Whether a refusal of the request in hand has been told.</summary>
    public bool Noted { get; set; }

    /// <summary>Whether "OK", or the like, was said for the request in hand.</summary>
    public bool BodyAnswered { get; set; }

    /// <summary>What a native conversation has under way; null in all others.</summary>
    public Native.NativeSession? Session { get; set; }

    /// <summary>Whether a reply waits for room in the socket.</summary>
    public bool IsSending => _sending is { IsPending: true };

    /// <summary>Bytes that a read would get now.</summary>
    public int Available
    {
        get
        {
            try
            {
                return _pushedBack.Length + _socket.Available;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return _pushedBack.Length; // the read that follows says what is wrong
            }
        }
    }

    /// <summary>Whether it is TCP, and no Unix socket.</summary>
    public bool IsTcp => _socket.ProtocolType == ProtocolType.Tcp;

    /// <summary>
    /// Whether the peer has read all that was sent. Only Unix sockets tell; the other end of TCP tells what its system has
    /// got, and that is no reader.
    /// </summary>
    public bool IsRead => IsTcp || SendQueue.BytesLeft(_socket.SafeHandle) == 0;

    /// <summary>
    /// Bytes that the peer's system has got of those sent; of a Unix socket about those that the peer has read, in steps of some
    /// 32 KiB. What the node's own system has taken says little of a slow peer: it may be some MiB.
    /// </summary>
    public long BytesTaken
    {
        get
        {
            try
            {
                return BytesOut - SendQueue.BytesLeft(_socket.SafeHandle);
            }
            catch (ObjectDisposedException)
            {
                return BytesOut;
            }
        }
    }

    /// <summary>Looks whether the peer is still there, without reading: behind bytes unread its end cannot be seen.</summary>
    public PeerPresence Presence
    {
        get
        {
            try
            {
                if (!_socket.Poll(0, SelectMode.SelectRead))
                    return PeerPresence.There;
                if ((int)_socket.GetSocketOption(SocketOptionLevel.Socket, SocketOptionName.Error)! != 0)
                    return PeerPresence.Lost;
                return _socket.Available > 0 ? PeerPresence.There : PeerPresence.Ended;
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return PeerPresence.Lost;
            }
        }
    }

    /// <summary>How long the peer has been waited for altogether.</summary>
    public TimeSpan PeerWaited
    {
        get
        {
            var since = Volatile.Read(ref _waitingSince);
            var waited = TimeSpan.FromTicks(Volatile.Read(ref _waitedTicks));
            return since == 0 ? waited : waited + _clock.GetElapsedTime(since);
        }
    }

    /// <summary>Takes what is there, at most as much as fits.</summary>
    public ReadOutcome TryRead(Memory<byte> into)
    {
        if (!_pushedBack.IsEmpty)
            return ReadAgain(into.Span);
        if (_wait.IsDrained)
            return new ReadOutcome(-1, SocketError.Success);
        var outcome = Receive(into, SocketFlags.None);
        BytesIn += Math.Max(outcome.Bytes, 0);
        return outcome;
    }

    private ReadOutcome Receive(Memory<byte> into, SocketFlags flags)
    {
        try
        {
            _wait.BeforeRead();
            var bytes = _socket.Receive(into.Span, flags, out var error);
            // What was only shown is still there.
            _wait.AfterRead(drained: error == SocketError.WouldBlock || (flags == SocketFlags.None && bytes > 0 && bytes < into.Length));
            if (error == SocketError.WouldBlock)
                return new ReadOutcome(-1, SocketError.Success);
            return error == SocketError.Success ? new ReadOutcome(bytes, error) : new ReadOutcome(-1, error);
        }
        catch (ObjectDisposedException)
        {
            return new ReadOutcome(-1, SocketError.OperationAborted);
        }
    }

    /// <summary>Shows what the next read gets, and leaves it there.</summary>
    public ReadOutcome TryPeek(Memory<byte> into)
    {
        if (!_pushedBack.IsEmpty)
        {
            var bytes = Math.Min(into.Length, _pushedBack.Length);
            _pushedBack[..bytes].CopyTo(into);
            return new ReadOutcome(bytes, SocketError.Success);
        }
        return _wait.IsDrained ? new ReadOutcome(-1, SocketError.Success) : Receive(into, SocketFlags.Peek);
    }

    /// <summary>Takes back what a reader has no use for: the next read gets it.</summary>
    public void PushBack(ReadOnlySpan<byte> unread)
    {
        if (!unread.IsEmpty)
            _pushedBack = (byte[])[.. unread, .. _pushedBack.Span];
    }

    private ReadOutcome ReadAgain(Span<byte> into)
    {
        var bytes = Math.Min(into.Length, _pushedBack.Length);
        _pushedBack.Span[..bytes].CopyTo(into);
        _pushedBack = bytes == _pushedBack.Length ? default : _pushedBack[bytes..];
        return new ReadOutcome(bytes, SocketError.Success);
    }

    /// <summary>Sends <see cref="Readable"/> when a read would get something. One reader at a time; a later one replaces it.</summary>
    public void WaitReadable(IActorRef reader)
    {
        Volatile.Write(ref _reader, reader);
        if (!_pushedBack.IsEmpty)
        {
            reader.Tell(Readable.Instance, ActorRefs.NoSender);
            return;
        }
        Volatile.Write(ref _waitingSince, _clock.GetTimestamp());
        _wait.Begin();
    }

    void ReadWait.IEnded.Readable()
    {
        var since = Interlocked.Exchange(ref _waitingSince, 0);
        if (since != 0)
            Interlocked.Add(ref _waitedTicks, _clock.GetElapsedTime(since).Ticks);
        Volatile.Read(ref _reader)!.Tell(Readable.Instance, ActorRefs.NoSender);
    }

    /// <summary>Sends what fits at once, perhaps nothing, while nothing else is being sent.</summary>
    /// <returns>how many bytes were sent</returns>
    public int TrySend(ReadOnlySpan<byte> bytes, out SocketError error) => TrySend(bytes, SocketFlags.None, out error);

    /// <summary>
    /// The same with the last byte marked as urgent, where there is such a mark: a reader that does not ask for such bytes in
    /// line gets those before it by themselves, and never that one (tcp(7)).
    /// </summary>
    public int TrySendUrgent(ReadOnlySpan<byte> bytes, out SocketError error) =>
        TrySend(bytes, IsTcp ? SocketFlags.OutOfBand : SocketFlags.None, out error);

    private int TrySend(ReadOnlySpan<byte> bytes, SocketFlags flags, out SocketError error)
    {
        int sent;
        try
        {
            sent = Math.Max(_socket.Send(bytes, flags, out error), 0);
        }
        catch (ObjectDisposedException)
        {
            (sent, error) = (0, SocketError.OperationAborted);
        }
        BytesOut += sent;
        if (error == SocketError.WouldBlock)
            error = SocketError.Success;
        return sent;
    }

    /// <summary>Sends all of it. True when the socket took it at once; otherwise the owner gets <see cref="SendEnded"/> later.</summary>
    /// <param name="bytes">not to be changed before they are sent</param>
    /// <param name="owner">who is told</param>
    public bool Send(ReadOnlyMemory<byte> bytes, IActorRef owner)
    {
        var sent = TrySend(bytes.Span, out var error);
        if (error == SocketError.Success && sent == bytes.Length)
            return true;
        if (error == SocketError.Success)
            (_sending ??= new SendRest(this)).Start(bytes[sent..], owner);
        else
            owner.Tell(new SendEnded(error), ActorRefs.NoSender);
        return false;
    }

    /// <summary>Says to the peer that nothing more will come, and goes on reading.</summary>
    public void EndSending()
    {
        try
        {
            _socket.Shutdown(SocketShutdown.Send);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The peer was faster: there is nobody left to tell.
        }
    }

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _disposed, true))
            return;
        if (_sending is { IsPending: false })
            _sending.Dispose();
        _wait.Close();
    }

    private static void Prepare(Socket socket)
    {
        try
        {
            socket.Blocking = false;
            if (socket.ProtocolType != ProtocolType.Tcp)
                return;
            socket.NoDelay = true;
            SendQueue.Bound(socket);
        }
        catch (SocketException)
        {
            // It left between accept and here, and some systems take no options then; the first read says so.
        }
    }

    private static string DescribePeer(Socket socket)
    {
        try
        {
            var peer = Endpoint.From(socket.RemoteEndPoint);
            // Without a space: lines of text are read by it.
            return peer is Endpoint.Unix { Path: var path } && PeerUser.Of(socket) is { } uid
                ? $"{peer}{(path.Length > 0 ? "," : "")}uid={uid}" : peer.ToString();
        }
        catch (SocketException)
        {
            return "gone"; // it left between accept and here
        }
    }

    /// <summary>What did not fit into the socket at once.</summary>
    private sealed class SendRest(SocketLink link) : SocketAsyncEventArgs(true)
    {
        // A piece is booked when all of it has gone: a small one, so that it is seen how far a slow peer is.
        private const int PieceBytesMax = 16 << 10;

        private ReadOnlyMemory<byte> _left;
        private IActorRef _owner = ActorRefs.Nobody;

        public bool IsPending { get; private set; }

        public void Start(ReadOnlyMemory<byte> left, IActorRef owner)
        {
            (_left, _owner, IsPending) = (left, owner, true);
            Go();
        }

        protected override void OnCompleted(SocketAsyncEventArgs e)
        {
            if (Took())
                Go();
        }

        private void Go()
        {
            try
            {
                do
                    SetBuffer(System.Runtime.InteropServices.MemoryMarshal.AsMemory(_left[..Math.Min(_left.Length, PieceBytesMax)]));
                while (!link._socket.SendAsync(this) && Took());
            }
            catch (ObjectDisposedException)
            {
                End(SocketError.OperationAborted);
            }
        }

        /// <summary>Books what was sent; true when there is more.</summary>
        private bool Took()
        {
            if (SocketError != SocketError.Success)
            {
                End(SocketError);
                return false;
            }
            link.BytesOut += BytesTransferred;
            _left = _left[BytesTransferred..];
            var sent = link.TrySend(_left.Span, out var error); // there is room: as much as there is
            _left = _left[sent..];
            if (_left.Length > 0 && error == SocketError.Success)
                return true;
            End(error);
            return false;
        }

        private void End(SocketError error)
        {
            _left = default;
            IsPending = false;
            _owner.Tell(new SendEnded(error), ActorRefs.NoSender);
            if (Volatile.Read(ref link._disposed))
                Dispose();
        }
    }
}
