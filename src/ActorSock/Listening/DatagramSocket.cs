using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using ActorSock.Connections;
using ActorSock.Settings;

namespace ActorSock.Listening;

/// <summary>Holds a bound UDP socket, and pulls datagrams out of it and pushes them in by the batch.</summary>
/// <remarks>
/// The socket does not set SO_REUSEADDR: for UDP that would let a second node take the port, and the datagrams, from this one
/// without a word (socket(7)), and no port of UDP has to be waited for after its socket was closed.
/// </remarks>
internal abstract class DatagramSocket : IDisposable, ReadWait.IEnded
{
    private readonly ReadWait _wait;
    private IActorRef _reader = ActorRefs.Nobody;

    protected DatagramSocket(Socket socket)
    {
        Socket = socket;
        Endpoint = Endpoint.FromUdp(socket.LocalEndPoint);
        _wait = ReadWait.On(socket, this);
    }

    /// <summary>There is a datagram to receive.</summary>
    public sealed record Readable
    {
        public static readonly Readable Instance = new();
    }

    /// <summary>Where it really is: with the port that the system chose where 0 was asked for.</summary>
    public Endpoint Endpoint { get; }

    /// <summary>The family in which it writes addresses.</summary>
    public AddressFamily AddressFamily => Socket.AddressFamily;

    protected Socket Socket { get; }

    /// <exception cref="SocketException">it cannot be bound there</exception>
    public static DatagramSocket Open(Endpoint endpoint, ListenerSettings settings, bool portable = false)
    {
        var address = (IPEndPoint)endpoint.Resolve();
        var socket = new Socket(address.AddressFamily, SocketType.Dgram, ProtocolType.Udp);
        try
        {
            if (address.AddressFamily == AddressFamily.InterNetworkV6)
                socket.DualMode = false; // [::] beside 0.0.0.0 is two listeners, and each is what it says
            socket.ReceiveBufferSize = (int)settings.UdpBufferBytes;
            socket.SendBufferSize = (int)settings.UdpBufferBytes;
            socket.Bind(address);
            socket.Blocking = false;
            return OperatingSystem.IsLinux() && !portable ? new LinuxDatagramSocket(socket) : new PortableDatagramSocket(socket);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>Fills a batch with what is there; none when there is nothing.</summary>
    /// <exception cref="SocketException">the socket is broken</exception>
    public void Receive(Datagrams batch)
    {
        _wait.BeforeRead();
        ReceiveBatch(batch);
        _wait.AfterRead(drained: !batch.IsFull);
    }

    /// <summary>Sends a batch, and empties it.</summary>
    /// <returns>how many could not be sent: nobody waits for datagrams</returns>
    public int Send(Datagrams batch)
    {
        var lost = batch.Count == 0 ? 0 : SendBatch(batch);
        batch.Count = 0;
        return lost;
    }

    /// <summary>Datagrams that the system has dropped because nobody took them in time, since the socket was bound; 0 where it does not tell.</summary>
    public abstract long Overflowed { get; }

    /// <summary>Sends <see cref="Readable"/> when there is something to receive.</summary>
    public void WaitReadable(IActorRef reader)
    {
        _reader = reader;
        _wait.Begin();
    }

    protected abstract void ReceiveBatch(Datagrams batch);

    protected abstract int SendBatch(Datagrams batch);

    void ReadWait.IEnded.Readable() => _reader.Tell(Readable.Instance, ActorRefs.NoSender);

    public virtual void Dispose() => _wait.Close();
}

/// <summary>A batch is one system call (recvmmsg(2), sendmmsg(2)).</summary>
internal sealed unsafe partial class LinuxDatagramSocket : DatagramSocket
{
    private const int EAGAIN = 11, EINTR = 4, ECONNREFUSED = 111;
    private const int SOL_SOCKET = 1, SO_MEMINFO = 55; // socket.h; 55 on all but Sparc and PA-RISC
    private const int SK_MEMINFO_DROPS = 8; // sock_diag.h

    // struct mmsghdr on 64-bit Linux: msghdr of 56 bytes, then the length that was transferred.
    [StructLayout(LayoutKind.Sequential)]
    private struct Message
    {
        public byte* Address;
        public int AddressLength;
        public Piece* Pieces;
        public nuint PiecesCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
        private readonly int _end; // of msghdr
        public uint Transferred;
    }

    [StructLayout(LayoutKind.Sequential)]
    private struct Piece
    {
        public nint Start;
        public nuint Length;
    }

    private readonly byte[] _counters = new byte[4 * (SK_MEMINFO_DROPS + 1)];

    public LinuxDatagramSocket(Socket socket) : base(socket)
    {
    }

    public override long Overflowed
    {
        get
        {
            try
            {
                var length = Socket.GetRawSocketOption(SOL_SOCKET, SO_MEMINFO, _counters);
                return length == _counters.Length ? BitConverter.ToUInt32(_counters, 4 * SK_MEMINFO_DROPS) : 0;
            }
            catch (SocketException)
            {
                return 0; // before Linux 4.12
            }
        }
    }

    protected override void ReceiveBatch(Datagrams batch)
    {
        var messages = stackalloc Message[Datagrams.Max];
        var pieces = stackalloc Piece[Datagrams.Max];
        for (var i = 0; i < Datagrams.Max; i++)
        {
            pieces[i] = new Piece { Start = batch.MemoryAt(i), Length = Datagrams.SlotBytes };
            messages[i] = new Message
            {
                Address = batch.AddressAt(i), AddressLength = Datagrams.AddressBytesMax, Pieces = pieces + i, PiecesCount = 1,
            };
        }
        batch.Count = 0;
        int count;
        do
            count = recvmmsg((int)Socket.Handle, messages, Datagrams.Max, 0, 0);
        while (count < 0 && Marshal.GetLastPInvokeError() is EINTR or ECONNREFUSED); // the latter is about one that was sent
        if (count < 0 && Marshal.GetLastPInvokeError() is var errno and not EAGAIN)
            throw new SocketException(errno);
        batch.Count = Math.Max(count, 0);
        for (var i = 0; i < batch.Count; i++)
            batch.Set(i, (int)messages[i].Transferred, Math.Min(messages[i].AddressLength, Datagrams.AddressBytesMax));
    }

    protected override int SendBatch(Datagrams batch)
    {
        var messages = stackalloc Message[Datagrams.Max];
        var pieces = stackalloc Piece[Datagrams.Max];
        for (var i = 0; i < batch.Count; i++)
        {
            pieces[i] = new Piece { Start = batch.MemoryAt(i), Length = (nuint)batch[i].Length };
            messages[i] = new Message
            {
                Address = batch.AddressAt(i), AddressLength = batch.Address(i).Length, Pieces = pieces + i, PiecesCount = 1,
            };
        }
        var (sent, lost) = (0, 0);
        while (sent < batch.Count)
        {
            var count = sendmmsg((int)Socket.Handle, messages + sent, (uint)(batch.Count - sent), 0);
            if (count < 0 && Marshal.GetLastPInvokeError() == EINTR)
                continue;
            if (count <= 0)
                lost++; // this one: too long, no way there, no room; those behind it may go
            sent += Math.Max(count, 1);
        }
        return lost;
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int recvmmsg(int socket, Message* messages, uint count, int flags, nint timeout);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int sendmmsg(int socket, Message* messages, uint count, int flags);
}

/// <summary>One datagram after the other: works on every system.</summary>
internal sealed class PortableDatagramSocket(Socket socket) : DatagramSocket(socket)
{
    private readonly SocketAddress _peer = new(socket.AddressFamily);

    public override long Overflowed => 0;

    protected override void ReceiveBatch(Datagrams batch)
    {
        batch.Count = 0;
        while (!batch.IsFull && Socket.Available > 0)
        {
            try
            {
                var length = Socket.ReceiveFrom(batch.Slot(batch.Count), SocketFlags.None, _peer);
                batch.SetAddress(batch.Count, _peer.Buffer.Span[.._peer.Size]);
                batch.Set(batch.Count++, length, _peer.Size);
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.WouldBlock)
            {
                return; // it was damaged, and the system has thrown it away
            }
            catch (SocketException e) when (e.SocketErrorCode == SocketError.ConnectionReset)
            {
                // Windows tells so that one that was sent found nobody.
            }
        }
    }

    protected override int SendBatch(Datagrams batch)
    {
        var lost = 0;
        for (var i = 0; i < batch.Count; i++)
        {
            batch.Address(i).CopyTo(_peer.Buffer.Span);
            _peer.Size = batch.Address(i).Length;
            try
            {
                Socket.SendTo(batch[i], SocketFlags.None, _peer);
            }
            catch (SocketException)
            {
                lost++;
            }
        }
        return lost;
    }
}
