using System.ComponentModel;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;

namespace ActorSock.Connections;

/// <summary>Waits until there is something to read from one socket, without holding memory for it.</summary>
/// <remarks>One wait at a time. <see cref="Ended"/> is called on any thread, once for each wait.</remarks>
internal abstract class ReadWait
{
    /// <summary>Waits where the system has epoll by that, elsewhere by a read of zero bytes.</summary>
    public static ReadWait On(Socket socket, IEnded ended)
    {
        if (!OperatingSystem.IsLinux())
            return new ZeroByteWait(socket, ended);
        try
        {
            return new EpollWait(socket, ended);
        }
        catch (Win32Exception)
        {
            return new ZeroByteWait(socket, ended); // the user has no watch left: /proc/sys/fs/epoll/max_user_watches
        }
    }

    /// <summary>Hears that a wait is over.</summary>
    public interface IEnded
    {
        /// <summary>A read would get something, or the end of the connection.</summary>
        void Readable();
    }

    /// <summary>
    /// Whether a read can be spared, because the last one got all there was and nothing has come since. False is no promise
    /// that there is something.
    /// </summary>
    public abstract bool IsDrained { get; }

    /// <summary>To be called before a read.</summary>
    public abstract void BeforeRead();

    /// <summary>To be called after a read.</summary>
    /// <param name="drained">it got less than it had room for</param>
    public abstract void AfterRead(bool drained);

    /// <summary>Begins a wait.</summary>
    public abstract void Begin();

    /// <summary>Closes the socket as soon as no wait needs it.</summary>
    public abstract void Close();
}

/// <summary>Waits by a read of zero bytes: works on every system.</summary>
[SuppressMessage("Design", "CA1001", Justification = "Close disposes of them, as soon as no wait needs them.")]
internal sealed class ZeroByteWait : ReadWait
{
    private readonly Socket _socket;
    private readonly IEnded _ended;
    private readonly Arguments _arguments;
    private int _pending;
    private bool _closed;

    public ZeroByteWait(Socket socket, IEnded ended)
    {
        (_socket, _ended) = (socket, ended);
        _arguments = new Arguments(this);
    }

    public override bool IsDrained => false;

    public override void BeforeRead()
    {
    }

    public override void AfterRead(bool drained)
    {
    }

    public override void Begin()
    {
        if (Interlocked.Exchange(ref _pending, 1) != 0)
            return; // under way for a reader that is gone
        try
        {
            if (!_socket.ReceiveAsync(_arguments))
                Complete();
        }
        catch (ObjectDisposedException)
        {
            Complete();
        }
    }

    public override void Close()
    {
        Interlocked.Exchange(ref _closed, true); // a fence: either this sees that the wait has ended, or its end sees the close
        if (Volatile.Read(ref _pending) == 0)
        {
            Release();
            return;
        }
        try
        {
            // Closing under a pending wait would reset the connection: the shutdown ends the wait, and that closes the socket.
            _socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            Release(); // the peer has ended it already
        }
    }

    private void Complete()
    {
        Interlocked.Exchange(ref _pending, 0);
        if (Volatile.Read(ref _closed))
            Release();
        else
            _ended.Readable();
    }

    private void Release()
    {
        _socket.Dispose();
        _arguments.Dispose();
    }

    /// <summary>No execution context flows: actors have none.</summary>
    private sealed class Arguments(ZeroByteWait wait) : SocketAsyncEventArgs(true)
    {
        protected override void OnCompleted(SocketAsyncEventArgs e) => wait.Complete();
    }
}
