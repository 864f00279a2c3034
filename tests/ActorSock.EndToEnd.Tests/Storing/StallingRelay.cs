using System.Net;
using System.Net.Sockets;

namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary>A way to a node on which nothing more passes when so many bytes have, until it is told otherwise.</summary>
internal sealed class StallingRelay : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly List<Socket> _sockets = [];
    private readonly Lock _gate = new();
    private readonly TaskCompletionSource _stalled = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _upBytes, _downBytes;

    public StallingRelay(int target)
    {
        Target = target;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>The port of the node, for those who come from now on.</summary>
    public int Target { get; set; }

    /// <summary>How many bytes pass to the node, and from it.</summary>
    public long UpBytesMax { get; set; } = long.MaxValue;

    public long DownBytesMax { get; set; } = long.MaxValue;

    public long UpBytes => Interlocked.Read(ref _upBytes);

    public long DownBytes => Interlocked.Read(ref _downBytes);

    /// <summary>As many have passed as may.</summary>
    public Task Stalled => _stalled.Task;

    /// <summary>Lets all pass, for those who come from now on, and counts anew.</summary>
    public void Open()
    {
        Cut();
        (UpBytesMax, DownBytesMax, _upBytes, _downBytes) = (long.MaxValue, long.MaxValue, 0, 0);
    }

    /// <summary>Ends the connections that there are.</summary>
    public void Cut()
    {
        lock (_gate)
        {
            foreach (var socket in _sockets) Close(socket);
            _sockets.Clear();
        }
    }

    public void Dispose()
    {
        _listener.Dispose();
        Cut();
    }

    private async Task ServeAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
                lock (_gate) _sockets.AddRange([client, node]);
                _ = PassAsync(client, node);
            }
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private async Task PassAsync(Socket client, Socket node)
    {
        try
        {
            await node.ConnectAsync(IPAddress.Loopback, Target);
            await await Task.WhenAny(
                PumpAsync(client, node, () => UpBytesMax - UpBytes, got => Interlocked.Add(ref _upBytes, got)),
                PumpAsync(node, client, () => DownBytesMax - DownBytes, got => Interlocked.Add(ref _downBytes, got)));
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // One side has ended, and so does the other.
        }
        Close(client);
        Close(node);
    }

    private async Task PumpAsync(Socket from, Socket to, Func<long> room, Action<int> passed)
    {
        var block = new byte[64 << 10];
        while (true)
        {
            var wanted = (int)Math.Min(block.Length, room());
            if (wanted <= 0)
            {
                _stalled.TrySetResult();
                await Task.Delay(Timeout.Infinite); // until both are closed
            }
            var got = await from.ReceiveAsync(block.AsMemory(0, wanted));
            if (got == 0) return;
            for (var sent = 0; sent < got;) sent += await to.SendAsync(block.AsMemory(sent, got - sent));
            passed(got);
        }
    }

    private static void Close(Socket socket)
    {
        try
        {
            socket.Shutdown(SocketShutdown.Both);
        }
        catch (Exception gone) when (gone is SocketException or ObjectDisposedException)
        {
            // It was not connected any more.
        }
        socket.Dispose();
    }
}
