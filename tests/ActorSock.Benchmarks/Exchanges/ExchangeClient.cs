using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Exchanges;

/// <summary>Many clients on one thread, each with at most one message in flight.</summary>
/// <remarks>One thread and epoll, so that the client takes as little of two cores as it can, and the same whoever answers.</remarks>
internal sealed class ExchangeClient : IDisposable
{
    public const int MessageBytes = 32;

    private readonly Socket[] _sockets;
    private readonly long[] _sentAt;
    private readonly int[] _got;
    private readonly Poller _poller = new();
    private readonly bool _udp;
    private readonly byte[] _question = "the quick brown fox jumps over 1"u8.ToArray();
    private readonly byte[] _answer = "The Quick Brown Fox Jumps Over 1"u8.ToArray();
    private readonly byte[] _buffer = new byte[2048];

    public ExchangeClient(int port, int clients, bool udp)
    {
        _udp = udp;
        _sockets = [.. Enumerable.Range(0, clients).Select(_ => Open(port, udp))];
        (_sentAt, _got) = (new long[clients], new int[clients]);
        for (var i = 0; i < clients; i++)
            _poller.Add(_sockets[i], i);
    }

    /// <param name="Rate">exchanges a second</param>
    /// <param name="Latencies">of each exchange, sorted; from the moment it was due</param>
    /// <param name="Lost">datagrams that no answer came to within a second</param>
    public sealed record Result(double Rate, TimeSpan[] Latencies, int Lost);

    /// <summary>As many exchanges as possible.</summary>
    public Result Run(TimeSpan duration)
    {
        var begun = Stopwatch.GetTimestamp();
        var end = begun + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var latencies = new List<long>(1 << 20);
        var lost = 0;
        for (var i = 0; i < _sockets.Length; i++)
            Ask(i, begun);
        var inFlight = _sockets.Length;
        while (inFlight > 0)
        {
            var ready = _poller.Wait(1000);
            if (ready == 0)
            {
                lost += inFlight; // a datagram in flight is lost; on a stream that would be a bug
                break;
            }
            for (var r = 0; r < ready; r++)
            {
                var i = _poller[r];
                if (!TryHear(i))
                    continue;
                var now = Stopwatch.GetTimestamp();
                latencies.Add(now - _sentAt[i]);
                if (now < end)
                    Ask(i, now);
                else
                    inFlight--;
            }
        }
        return Summed(latencies, Stopwatch.GetElapsedTime(begun), lost);
    }

    /// <summary>So many exchanges a second, evenly; what is late is sent at once, and its latency counts from when it was due.</summary>
    public Result RunAt(double rate, TimeSpan duration, Func<bool> goesOn)
    {
        var begun = Stopwatch.GetTimestamp();
        var end = begun + (long)(duration.TotalSeconds * Stopwatch.Frequency);
        var step = Stopwatch.Frequency / rate;
        var latencies = new List<long>(1 << 20);
        var idle = new Stack<int>(Enumerable.Range(0, _sockets.Length));
        var (asked, lost) = (0L, 0);
        while (true)
        {
            var now = Stopwatch.GetTimestamp();
            var open = now < end && goesOn();
            while (open && idle.Count > 0 && Due(asked) <= now)
                Ask(idle.Pop(), Due(asked++)); // one that finds nobody idle waits, and that counts
            if (!open && idle.Count == _sockets.Length)
                break;
            var pause = open && idle.Count > 0 ? (int)Math.Clamp((Due(asked) - now) * 1000 / Stopwatch.Frequency, 0, 1000) : 1000;
            var ready = _poller.Wait(pause);
            if (ready == 0 && pause == 1000)
            {
                lost += _sockets.Length - idle.Count;
                break;
            }
            for (var r = 0; r < ready; r++)
            {
                var i = _poller[r];
                if (!TryHear(i))
                    continue;
                latencies.Add(Stopwatch.GetTimestamp() - _sentAt[i]);
                idle.Push(i);
            }
        }
        return Summed(latencies, Stopwatch.GetElapsedTime(begun), lost);

        long Due(long number) => begun + (long)(number * step);
    }

    public void Dispose()
    {
        _poller.Dispose();
        Array.ForEach(_sockets, socket => socket.Dispose());
    }

    private void Ask(int i, long at)
    {
        (_sentAt[i], _got[i]) = (at, 0);
        if (_sockets[i].Send(_question) != _question.Length)
            throw new IOException("a question did not fit into a socket");
    }

    private bool TryHear(int i)
    {
        var count = _sockets[i].Receive(_buffer, SocketFlags.None, out var error);
        if (error == SocketError.WouldBlock)
            return false;
        if (count <= 0)
            throw new IOException($"the server has closed: {error}");
        if (_got[i] == 0 && count == _answer.Length && !_buffer.AsSpan(0, count).SequenceEqual(_answer))
            throw new IOException("a wrong answer");
        _got[i] += count;
        if (_udp && count != _answer.Length)
            throw new IOException("a wrong answer");
        return _got[i] == _answer.Length;
    }

    private static Result Summed(List<long> latencies, TimeSpan took, int lost)
    {
        latencies.Sort();
        return new Result(latencies.Count / took.TotalSeconds, [.. latencies.Select(Ticks)], lost);

        static TimeSpan Ticks(long ticks) => TimeSpan.FromSeconds(ticks / (double)Stopwatch.Frequency);
    }

    private static Socket Open(int port, bool udp)
    {
        if (!udp)
        {
            var connected = LoadClient.Connect(port);
            connected.Blocking = false;
            return connected;
        }
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        socket.Connect(IPAddress.Loopback, port);
        socket.Blocking = false;
        return socket;
    }
}
