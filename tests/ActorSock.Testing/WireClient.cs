using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ActorSock.Testing;

/// <summary>Speaks raw bytes to a node, as a script of the tutorials would.</summary>
internal sealed class WireClient : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;

    private WireClient(Socket socket) => _socket = socket;

    public static async Task<WireClient> Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new WireClient(socket);
    }

    public static async Task<WireClient> Connect(string unixPath)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(unixPath));
        return new WireClient(socket);
    }

    /// <summary>Sends and receives datagrams: what is read is one of them, whole.</summary>
    /// <param name="port">of the node</param>
    /// <param name="from">an address of this machine, when it matters</param>
    public static async Task<WireClient> ConnectUdp(int port, IPAddress? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        if (from is not null)
            socket.Bind(new IPEndPoint(from, 0));
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new WireClient(socket);
    }

    public static async Task<WireClient> ConnectV6(int port)
    {
        var socket = new Socket(AddressFamily.InterNetworkV6, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.IPv6Loopback, port);
        return new WireClient(socket);
    }

    /// <summary>The header of the dialect with the digest after the body: length, then JSON.</summary>
    public static byte[] Header(string name, long size) => Prefixed(JsonSerializer.Serialize(new { action = "put", filename = name, filesize = size }));

    /// <summary>A text with its length before it.</summary>
    public static byte[] Prefixed(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var framed = new byte[sizeof(int) + bytes.Length];
        BinaryPrimitives.WriteInt32LittleEndian(framed, bytes.Length);
        bytes.CopyTo(framed, sizeof(int));
        return framed;
    }

    public static byte[] Digits(byte[] body) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(body)));

    public async Task Send(params byte[][] parts)
    {
        foreach (var part in parts)
        {
            for (var rest = part.AsMemory(); rest.Length > 0;)
                rest = rest[await _socket.SendAsync(rest)..];
        }
    }

    public Task Send(string text) => Send(Encoding.UTF8.GetBytes(text));

    /// <summary>Exactly this many bytes, or one datagram, as text.</summary>
    public async Task<string> Read(int count) => Encoding.UTF8.GetString(await ReadBytes(count));

    /// <summary>The same as bytes.</summary>
    public async Task<byte[]> ReadBytes(int count)
    {
        using var patience = new CancellationTokenSource(s_patience);
        if (_socket.SocketType == SocketType.Dgram)
        {
            var datagram = new byte[65_536];
            return datagram[..await _socket.ReceiveAsync(datagram, patience.Token)];
        }
        var bytes = new byte[count];
        for (var got = 0; got < count;)
        {
            var read = await _socket.ReceiveAsync(bytes.AsMemory(got), patience.Token);
            if (read == 0)
                return bytes[..got];
            got += read;
        }
        return bytes;
    }

    /// <summary>Bytes that were sent as urgent come in their place.</summary>
    public WireClient WithUrgentInLine()
    {
        if (_socket.ProtocolType == ProtocolType.Tcp)
            _socket.SetSocketOption(SocketOptionLevel.Socket, SocketOptionName.OutOfBandInline, true);
        return this;
    }

    /// <summary>Sends a line: with a line feed over a stream, as a datagram otherwise.</summary>
    public Task SayLine(string line) => Send(_socket.SocketType == SocketType.Dgram ? line : line + "\n");

    /// <summary>The next line, without its end, or the next datagram; what has come at the end.</summary>
    public async Task<string> ReadLine()
    {
        if (_socket.SocketType == SocketType.Dgram)
            return await Read(0);
        List<byte> line = [];
        while (await ReadBytes(1) is [var b and not (byte)'\n'])
            line.Add(b);
        return Encoding.UTF8.GetString([.. line]);
    }

    /// <summary>What one read delivers.</summary>
    public async Task<string> ReadAvailable()
    {
        var bytes = new byte[1024];
        using var patience = new CancellationTokenSource(s_patience);
        return Encoding.UTF8.GetString(bytes, 0, await _socket.ReceiveAsync(bytes, patience.Token));
    }

    /// <summary>Everything until the server closes.</summary>
    public async Task<string> ReadToEnd()
    {
        var all = new MemoryStream();
        var buffer = new byte[4096];
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            var read = await _socket.ReceiveAsync(buffer, patience.Token);
            if (read == 0)
                return Encoding.UTF8.GetString(all.ToArray());
            all.Write(buffer, 0, read);
        }
    }

    /// <summary>Sends one file as the tutorial's client does, and gives the verdict.</summary>
    public async Task<string> Put(string name, byte[] body)
    {
        await Send(Header(name, body.Length), body);
        var ok = await Read(2);
        if (ok != "OK")
            return ok + await ReadToEnd();
        await Send(Digits(body));
        return await Read(3);
    }

    /// <summary>Says that nothing more will be sent, and goes on reading.</summary>
    public void EndSending() => _socket.Shutdown(SocketShutdown.Send);

    /// <summary>Ends with a reset instead of an orderly close.</summary>
    public void Reset()
    {
        _socket.LingerState = new LingerOption(true, 0);
        _socket.Dispose();
    }

    public void Dispose() => _socket.Dispose();
}
