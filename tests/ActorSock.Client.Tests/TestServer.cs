using System.Net;
using System.Net.Sockets;
using System.Text;
using ActorSock.Wire;
using ActorSock.Wire.Tests;

namespace ActorSock.Client.Tests;

/// <summary>Listens on a real socket and holds one conversation, which the test writes.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly Task _conversation;

    private TestServer(Socket listener, Func<Socket, Task> conversation)
    {
        _listener = listener;
        _conversation = ConverseAsync(conversation);
    }

    /// <summary>Where it listens, as a client is told.</summary>
    public string Address => _listener.AddressFamily == AddressFamily.Unix
        ? $"unix:{_listener.LocalEndPoint}"
        : $"{_listener.LocalEndPoint}";

    public static TestServer Start(Func<Socket, Task> conversation, EndPoint? endpoint = null)
    {
        endpoint ??= new IPEndPoint(IPAddress.Loopback, 0);
        var protocol = endpoint is IPEndPoint ? ProtocolType.Tcp : ProtocolType.Unspecified;
        var listener = new Socket(endpoint.AddressFamily, SocketType.Stream, protocol);
        listener.Bind(endpoint);
        listener.Listen();
        return new TestServer(listener, conversation);
    }

    /// <summary>Speaks by the rules of WIRE.md.</summary>
    public static TestServer Start(PaperServer paper, EndPoint? endpoint = null) =>
        Start(async peer =>
        {
            var buffer = new byte[64 * 1024];
            while (await peer.ReceiveAsync(buffer) is > 0 and var count)
            {
                await peer.SendAsync(paper.Take(buffer.AsSpan(0, count)));
                if (paper.IsClosed) await EndAsync(peer);
            }
            paper.TakeEnd();
        }, endpoint);

    public static PaperServer NewPaper(Func<PutHeader, Refusal?>? judge = null)
    {
        var limits = new WireLimits { HeaderBytesMax = 65_536, FileBytesMax = 1L << 44 };
        return new PaperServer(limits, 16 << 20) { Judge = judge ?? (_ => null) };
    }

    /// <summary>Waits for so many bytes.</summary>
    public static async Task<byte[]> ReceiveAsync(Socket peer, int count)
    {
        var bytes = new byte[count];
        for (var at = 0; at < count;)
        {
            var got = await peer.ReceiveAsync(bytes.AsMemory(at));
            if (got == 0) throw new EndOfStreamException($"the client sent {at} of {count} bytes");
            at += got;
        }
        return bytes;
    }

    /// <summary>Waits for a header of <see cref="Dialect.DigestAfter"/> and throws it away.</summary>
    public static async Task ReceivePrefixedHeaderAsync(Socket peer) =>
        await ReceiveAsync(peer, BitConverter.ToInt32(await ReceiveAsync(peer, 4)));

    /// <summary>Takes five bytes in <see cref="Dialect.DigestAfter"/> and says what comes of it.</summary>
    public static async Task HearHelloAsync(Socket peer, string verdict)
    {
        await ReceivePrefixedHeaderAsync(peer);
        await ReceiveAsync(peer, 5);
        await SayAsync(peer, "OK");
        await ReceiveAsync(peer, 32);
        await SayAsync(peer, verdict);
    }

    public static async Task SayAsync(Socket peer, string words) =>
        await peer.SendAsync(Encoding.UTF8.GetBytes(words));

    /// <summary>Closes as a server should: no further word, and what still comes is thrown away.</summary>
    public static async Task EndAsync(Socket peer)
    {
        peer.Shutdown(SocketShutdown.Send);
        await ListenAsync(peer);
    }

    /// <summary>Takes whatever comes and says nothing.</summary>
    public static async Task ListenAsync(Socket peer)
    {
        var buffer = new byte[64 * 1024];
        try
        {
            while (await peer.ReceiveAsync(buffer) > 0) { }
        }
        catch (SocketException)
        {
            // The client went away with something unread: as good an end as any.
        }
    }

    /// <summary>Waits for the conversation; a test whose server did not get through it fails here.</summary>
    public async ValueTask DisposeAsync()
    {
        // The limit is for a test that fails: its server may be waiting for what will never come.
        await _conversation.WaitAsync(TimeSpan.FromSeconds(30));
        _listener.Dispose();
    }

    private async Task ConverseAsync(Func<Socket, Task> conversation)
    {
        using var peer = await _listener.AcceptAsync();
        if (peer.AddressFamily != AddressFamily.Unix) peer.NoDelay = true;
        await conversation(peer);
    }
}
