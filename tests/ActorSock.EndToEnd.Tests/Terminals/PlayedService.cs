using System.Net;
using System.Net.Sockets;
using System.Text;

namespace ActorSock.EndToEnd.Tests.Terminals;

/// <summary>A service over TCP or a Unix socket whose every word a test says.</summary>
internal sealed class PlayedService : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Socket _listener;
    private Socket? _client;

    public PlayedService(EndPoint? at = null)
    {
        at ??= new IPEndPoint(IPAddress.Loopback, 0);
        _listener = new Socket(at.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        _listener.Bind(at);
        _listener.Listen();
    }

    public string Address => _listener.LocalEndPoint is IPEndPoint ip ? $"{ip}" : $"unix:{_listener.LocalEndPoint}";

    private Socket Client => _client ?? throw new InvalidOperationException("nobody has connected");

    public async Task Accept() => _client = await _listener.AcceptAsync().WaitAsync(s_patience);

    public Task Say(string text) => Say(Encoding.UTF8.GetBytes(text));

    public async Task Say(byte[] bytes) => await Client.SendAsync(bytes);

    /// <summary>Waits until exactly this has come.</summary>
    public async Task Hear(string text)
    {
        var heard = new byte[Encoding.UTF8.GetByteCount(text)];
        for (var count = 0; count < heard.Length;)
        {
            var more = await Client.ReceiveAsync(heard.AsMemory(count)).AsTask().WaitAsync(s_patience);
            more.ShouldBePositive($"the client ended after {Encoding.UTF8.GetString(heard, 0, count)}");
            count += more;
        }
        Encoding.UTF8.GetString(heard).ShouldBe(text);
    }

    /// <summary>Waits until the client has said that nothing more comes.</summary>
    public async Task HearEnd() =>
        (await Client.ReceiveAsync(new byte[1]).WaitAsync(s_patience)).ShouldBe(0);

    public void Close() => Client.Close();

    public void Reset()
    {
        Client.LingerState = new LingerOption(true, 0);
        Client.Close();
    }

    public void Dispose()
    {
        _client?.Dispose();
        _listener.Dispose();
    }
}
