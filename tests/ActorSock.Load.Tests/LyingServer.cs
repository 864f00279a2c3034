using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorSock.Load.Tests;

/// <summary>Acknowledges everything, and does with it what it likes.</summary>
internal sealed class LyingServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Action<string, byte[]> _store;
    private readonly Func<int, string> _verdict;
    private readonly CancellationTokenSource _stop = new();
    private readonly List<Task> _work = []; // the accepting adds to it
    private readonly Task _accepting;
    private int _files;

    /// <param name="store">Gets name and body of each upload.</param>
    /// <param name="verdict">What is said of the upload with that number.</param>
    public LyingServer(Action<string, byte[]> store, Func<int, string>? verdict = null)
    {
        (_store, _verdict) = (store, verdict ?? (_ => "203"));
        _listener.Start();
        _accepting = Accept();
    }

    /// <summary>Where connections came from.</summary>
    public ConcurrentBag<IPAddress> Peers { get; } = [];

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _accepting;
        _listener.Stop();
        await Task.WhenAll(_work);
        _stop.Dispose();
    }

    private async Task Accept()
    {
        try
        {
            while (true) _work.Add(Serve(await _listener.AcceptTcpClientAsync(_stop.Token)));
        }
        catch (OperationCanceledException)
        {
        }
    }

    private async Task Serve(TcpClient peer)
    {
        using var _ = peer;
        peer.NoDelay = true;
        Peers.Add(((IPEndPoint)peer.Client.RemoteEndPoint!).Address);
        var stream = peer.GetStream();
        try
        {
            while (true)
            {
                var header = new byte[BinaryPrimitives.ReadInt32LittleEndian(await Read(stream, 4))];
                await stream.ReadExactlyAsync(header);
                using var json = JsonDocument.Parse(header);
                if (!json.RootElement.TryGetProperty("filesize", out var size)) return; // it knows one dialect
                var body = await Read(stream, size.GetInt32());
                await stream.WriteAsync("OK"u8.ToArray());
                await Read(stream, 32);
                _store(json.RootElement.GetProperty("filename").GetString()!, body);
                await stream.WriteAsync(Encoding.ASCII.GetBytes(_verdict(Interlocked.Increment(ref _files) - 1)));
            }
        }
        catch (Exception left) when (left is IOException)
        {
        }
    }

    private static async Task<byte[]> Read(NetworkStream stream, int count)
    {
        var bytes = new byte[count];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }
}
