using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>A connection to a node that may be gone at any moment: frames of the native protocol, in and out.</summary>
internal sealed class NativeFrames : IDisposable
{
    public static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };

    private NativeFrames()
    {
    }

    public static async Task<NativeFrames> Connect(int port)
    {
        var frames = new NativeFrames();
        await frames._socket.ConnectAsync(IPAddress.Loopback, port);
        return frames;
    }

    public void Dispose() => _socket.Dispose();

    /// <summary>Sends a header.</summary>
    /// <param name="header">its JSON</param>
    public Task Say(ReadOnlySpan<byte> header)
    {
        var frame = new byte[sizeof(int) + header.Length];
        BinaryPrimitives.WriteInt32LittleEndian(frame, header.Length);
        header.CopyTo(frame.AsSpan(sizeof(int)));
        return Send(frame);
    }

    public async Task Send(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, patience.Token)..];
    }

    /// <summary>The next header; null when the node is gone.</summary>
    public async Task<JsonElement?> Hear()
    {
        var length = new byte[sizeof(int)];
        if (!await Fill(length))
            return null;
        var header = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        return await Fill(header) ? JsonDocument.Parse(header).RootElement : null;
    }

    /// <summary>Reads so many bytes; false when the node is gone before it has sent them.</summary>
    public async Task<bool> Fill(Memory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(Patience);
        try
        {
            while (!bytes.IsEmpty)
            {
                var read = await _socket.ReceiveAsync(bytes, patience.Token);
                if (read == 0)
                    return false;
                bytes = bytes[read..];
            }
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
