using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorSock.Tests.Chat;

/// <summary>Stands between UDP clients and a node, and loses, doubles and delays datagrams both ways.</summary>
internal sealed class LossyLink : IAsyncDisposable
{
    private const int DelayMaxMilliseconds = 30;

    private readonly Socket _front = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly ConcurrentDictionary<EndPoint, Socket> _backs = [];
    private readonly ConcurrentQueue<string> _carried = [];
    private readonly CancellationTokenSource _end = new();
    private readonly int _nodePort;
    private readonly double _loss;
    private readonly Random _random;
    private readonly Task _forwarding;

    public LossyLink(int nodePort, double loss, int seed)
    {
        (_nodePort, _loss, _random) = (nodePort, loss, new Random(seed));
        _front.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _forwarding = ForwardAsync();
    }

    public int Port => ((IPEndPoint)_front.LocalEndPoint!).Port;

    /// <summary>What went over it, each with the delays of its copies: for who looks for a fault.</summary>
    public IEnumerable<string> Carried => _carried;

    /// <summary>Datagrams that never arrived.</summary>
    public int Lost { get; private set; }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _forwarding;
        _front.Dispose();
        foreach (var back in _backs.Values)
            back.Dispose();
        _end.Dispose();
    }

    private async Task ForwardAsync()
    {
        var buffer = new byte[65_536];
        try
        {
            while (true)
            {
                var received = await _front.ReceiveFromAsync(buffer, SocketFlags.None, new IPEndPoint(IPAddress.Any, 0), _end.Token);
                var client = received.RemoteEndPoint;
                var back = _backs.GetOrAdd(client, Open);
                Carry($"{client} >", buffer[..received.ReceivedBytes], bytes => back.SendAsync(bytes));
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    private Socket Open(EndPoint client)
    {
        var back = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        back.Connect(IPAddress.Loopback, _nodePort);
        _ = ReturnAsync(back, client);
        return back;
    }

    private async Task ReturnAsync(Socket back, EndPoint client)
    {
        var buffer = new byte[65_536];
        while (!_end.IsCancellationRequested)
        {
            try
            {
                var length = await back.ReceiveAsync(buffer, _end.Token);
                Carry($"{client} <", buffer[..length], bytes => _front.SendToAsync(bytes, client));
            }
            catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
            {
                // The end, or a node that is not there: as if it were lost.
            }
        }
    }

    private void Carry(string way, byte[] datagram, Func<byte[], Task> send)
    {
        List<int> delays = [];
        lock (_random)
        {
            for (var copies = _random.NextDouble() < _loss / 2 ? 2 : 1; copies > 0; copies--)
            {
                if (_random.NextDouble() < _loss)
                    Lost++;
                else
                    delays.Add(_random.NextDouble() < _loss ? _random.Next(DelayMaxMilliseconds) : 0);
            }
        }
        _carried.Enqueue($"{DateTime.UtcNow:mm:ss.fff} {way} {Encoding.UTF8.GetString(datagram)} [{string.Join(' ', delays)}]");
        foreach (var delay in delays)
            _ = CarryAsync(datagram, delay, send);
    }

    private async Task CarryAsync(byte[] datagram, int delay, Func<byte[], Task> send)
    {
        try
        {
            if (delay > 0)
                await Task.Delay(delay, _end.Token);
            await send(datagram);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or ObjectDisposedException)
        {
            // Lost, too.
        }
    }
}
