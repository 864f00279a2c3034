using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorSock.Tests.Chat;

/// <summary>Talks to a node by hand: lines over a socket, as CHAT.md writes them.</summary>
internal sealed class Talker : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket;
    private readonly byte[] _buffer = new byte[65_536];
    private readonly List<byte> _unread = [];

    private Talker(Socket socket) => _socket = socket;

    public static async Task<Talker> Udp(int port, IPEndPoint? from = null)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        if (from is not null)
            socket.Bind(from);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new Talker(socket);
    }

    public static async Task<Talker> Tcp(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return new Talker(socket);
    }

    /// <summary>Joins, and gives the answer.</summary>
    public static async Task<Talker> Joined(Task<Talker> connecting, string name)
    {
        var talker = await connecting;
        await talker.Say($"/join {name}");
        (await talker.Hear()).ShouldStartWith($"joined {name.Split(' ')[0]} silence ");
        return talker;
    }

    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    private bool IsUdp => _socket.SocketType == SocketType.Dgram;

    public Task Say(string line) => SayRaw(Encoding.UTF8.GetBytes(IsUdp ? line : line + "\n"));

    public async Task SayRaw(byte[] bytes)
    {
        for (var rest = bytes.AsMemory(); rest.Length > 0;)
            rest = rest[await _socket.SendAsync(rest)..];
    }

    /// <summary>The next line; "" at the end of a connection.</summary>
    public async Task<string> Hear()
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (true)
        {
            var end = _unread.IndexOf((byte)'\n');
            if (end >= 0)
            {
                var line = Encoding.UTF8.GetString([.. _unread[..end]]);
                _unread.RemoveRange(0, end + 1);
                return line;
            }
            var length = await _socket.ReceiveAsync(_buffer, patience.Token);
            if (IsUdp)
                return Encoding.UTF8.GetString(_buffer, 0, length);
            if (length == 0)
                return "";
            _unread.AddRange(_buffer[..length]);
        }
    }

    /// <summary>Says a line until it is answered, as it may be lost.</summary>
    public async Task<string> Ask(string line, Func<string, bool> isAnswer)
    {
        for (var i = 0; i < 100; i++)
        {
            await Say(line);
            while (_socket.Poll(TimeSpan.FromMilliseconds(250), SelectMode.SelectRead))
            {
                if (await Hear() is var heard && isAnswer(heard))
                    return heard;
            }
        }
        throw new TimeoutException($"no answer to {line}");
    }

    /// <summary>Whether nothing is there to be heard: what this node has sent over loopback before is there at once.</summary>
    public bool HasNothing => _unread.Count == 0 && _socket.Available == 0;

    public void Dispose() => _socket.Dispose();
}
