using System.Net;
using System.Net.Sockets;

namespace ActorSock.Testing;

/// <summary>Stands between a client and a node, and cuts connections after so many bytes.</summary>
internal sealed class CuttingProxy : IAsyncDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly Func<int> _port;
    private readonly Queue<Cut> _cuts;
    private readonly List<Socket> _open = [];
    private readonly Task _accepting;

    /// <param name="port">of the node, on this machine; asked for each connection</param>
    /// <param name="cuts">for one connection after the other; those behind the last are left alone</param>
    public CuttingProxy(Func<int> port, params Cut[] cuts)
    {
        (_port, _cuts) = (port, new Queue<Cut>(cuts));
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _accepting = AcceptAsync();
    }

    /// <param name="Up">bytes that get through to the node</param>
    /// <param name="Down">bytes that get back</param>
    public readonly record struct Cut(long Up, long Down);

    /// <summary>No limit.</summary>
    public const long All = long.MaxValue;

    public string Address => $"{_listener.LocalEndPoint}";

    /// <summary>Connections so far.</summary>
    public int Connections { get; private set; }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        await _accepting;
    }

    private async Task AcceptAsync()
    {
        var passing = new List<Task>();
        try
        {
            while (true)
            {
                var client = await _listener.AcceptAsync();
                Connections++;
                passing.Add(PassAsync(client, _cuts.TryDequeue(out var cut) ? cut : new Cut(All, All)));
            }
        }
        catch (Exception closed) when (closed is SocketException or ObjectDisposedException)
        {
            lock (_open) _open.ForEach(socket => socket.Dispose());
        }
        await Task.WhenAll(passing);
    }

    private async Task PassAsync(Socket client, Cut cut)
    {
        using var node = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        client.NoDelay = true;
        lock (_open) _open.AddRange([client, node]);
        try
        {
            await node.ConnectAsync(IPAddress.Loopback, _port());
            await Task.WhenAny(CopyAsync(client, node, cut.Up), CopyAsync(node, client, cut.Down));
            // The node gets all that had passed, and then the end, before the client hears of it; a close with something unread would
            // take it back.
            node.Shutdown(SocketShutdown.Send);
            var rest = new byte[32 << 10];
            while (await node.ReceiveAsync(rest) > 0) { }
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException)
        {
            // The node is not there, or the test is over: to the client the connection is lost either way.
        }
        client.Dispose();
    }

    /// <summary>Comes to its end when one side has closed, or so many bytes have passed.</summary>
    private static async Task CopyAsync(Socket from, Socket to, long bytes)
    {
        var buffer = new byte[32 << 10];
        try
        {
            while (bytes > 0)
            {
                var count = await from.ReceiveAsync(buffer.AsMemory(0, (int)Math.Min(bytes, buffer.Length)));
                if (count == 0) return;
                for (var sent = 0; sent < count;) sent += await to.SendAsync(buffer.AsMemory(sent, count - sent));
                bytes -= count;
            }
        }
        catch (Exception lost) when (lost is SocketException or ObjectDisposedException)
        {
            // The other direction is told by the end of this one.
        }
    }
}
