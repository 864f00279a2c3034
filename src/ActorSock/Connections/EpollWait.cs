using System.Net.Sockets;

namespace ActorSock.Connections;

/// <summary>Waits by epoll, edge-triggered: after the registration neither a wait nor its end costs a system call.</summary>
/// <remarks>
/// The kernel tells once for each arrival (epoll(7)). What it tells while nobody waits is remembered, and forgotten by the
/// read that follows, before it reads: so nothing is missed, and little is tried in vain. Whether the peer has ended is
/// told only once too, perhaps together with its last bytes: from then on every read is tried.
/// </remarks>
internal sealed class EpollWait : ReadWait
{
    private const int Idle = 0, Waiting = 1, Ready = 2, Closed = 3;

    private readonly Socket _socket;
    private readonly IEnded _ended;
    private readonly int _slot;
    private int _state = Ready; // what came before the registration is not told
    private volatile bool _drained, _peerEnded;

    public EpollWait(Socket socket, IEnded ended)
    {
        (_socket, _ended) = (socket, ended);
        _slot = Epoll.Shared.Add((int)socket.Handle, this);
    }

    public override bool IsDrained => _drained && !_peerEnded && Volatile.Read(ref _state) != Ready;

    public override void BeforeRead()
    {
        // Also a wait that a reader before this one began is over: it would be told in the place of this one.
        if (Interlocked.CompareExchange(ref _state, Idle, Ready) == Waiting)
            Interlocked.CompareExchange(ref _state, Idle, Waiting);
    }

    public override void AfterRead(bool drained) => _drained = drained;

    public override void Begin()
    {
        if (Interlocked.CompareExchange(ref _state, Waiting, Idle) == Idle && _drained && !_peerEnded)
            return;
        // Something has come since the last read, a reader before this one was told in its place, or the end was told with the
        // last bytes and will not be told again.
        if (Interlocked.CompareExchange(ref _state, Idle, Ready) == Ready
            || Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting)
        {
            _drained = false;
            _ended.Readable();
        }
    }

    public override void Close()
    {
        if (Interlocked.Exchange(ref _state, Closed) == Closed)
            return;
        Epoll.Shared.Remove((int)_socket.Handle, _slot);
        _socket.Dispose();
    }

    /// <summary>Called by <see cref="Epoll"/>.</summary>
    public void Arrived(bool peerEnded)
    {
        if (peerEnded)
            _peerEnded = true;
        while (true)
        {
            switch (Volatile.Read(ref _state))
            {
                case Idle when Interlocked.CompareExchange(ref _state, Ready, Idle) == Idle:
                case Ready or Closed:
                    return;
                case Waiting when Interlocked.CompareExchange(ref _state, Idle, Waiting) == Waiting:
                    _drained = false; // nobody reads now who would find it otherwise
                    _ended.Readable();
                    return;
            }
        }
    }
}
