using System.Net;
using System.Net.Sockets;

namespace ActorSock.Benchmarks.Native;

/// <summary>Listens on loopback and passes everything on, each byte a fixed time later: a network that is far and has room.</summary>
/// <remarks>Connecting is not delayed; it is alike for all who connect.</remarks>
internal sealed class Relay : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Lock _gate = new();
    private readonly List<RelayPipe> _pipes = [];
    private readonly Thread _accepting;
    private readonly TimeSpan _delay;
    private readonly int _to;
    private volatile bool _isDisposed;

    /// <param name="to">the port of a server on this machine</param>
    /// <param name="delay">what is added in each direction</param>
    public Relay(int to, TimeSpan delay)
    {
        (_to, _delay) = (to, delay);
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = new Thread(Accept) { IsBackground = true };
        _accepting.Start();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Connections so far.</summary>
    public int Accepted
    {
        get
        {
            lock (_gate)
                return _pipes.Count / 2;
        }
    }

    /// <summary>CPU time of connections that have ended.</summary>
    public TimeSpan Cpu
    {
        get
        {
            lock (_gate)
                return _pipes.Aggregate(TimeSpan.Zero, (sum, pipe) => sum + pipe.Cpu);
        }
    }

    /// <summary>Waits until all connections have ended in both directions.</summary>
    /// <exception cref="TimeoutException">one does not</exception>
    public void Settle()
    {
        List<RelayPipe> all;
        lock (_gate)
            all = [.. _pipes];
        if (!all.TrueForAll(pipe => pipe.Join(s_patience)))
            throw new TimeoutException($"a connection of the relay is still open after {s_patience}");
    }

    public void Dispose()
    {
        _isDisposed = true;
        _listener.Dispose();
        _accepting.Join();
        _pipes.ForEach(pipe => pipe.Break());
        Settle();
    }

    private void Accept()
    {
        while (!_isDisposed)
        {
            Socket client;
            try
            {
                client = _listener.Accept();
            }
            catch (Exception closed) when (_isDisposed && closed is SocketException or ObjectDisposedException)
            {
                return;
            }
            Join(client);
        }
    }

    private void Join(Socket client)
    {
        var server = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        try
        {
            (client.NoDelay, server.NoDelay) = (true, true);
            server.Connect(IPAddress.Loopback, _to);
        }
        catch (SocketException)
        {
            // The server is gone; so the client hears it, as it would without a relay.
            client.Dispose();
            server.Dispose();
            return;
        }
        lock (_gate)
            _pipes.AddRange([new RelayPipe(client, server, _delay), new RelayPipe(server, client, _delay)]);
    }
}
