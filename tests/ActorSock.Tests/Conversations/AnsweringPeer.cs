using System.Net;
using System.Net.Sockets;

namespace ActorSock.Tests.Conversations;

/// <summary>A service of somebody else: answers each datagram, and never repeats one.</summary>
internal sealed class AnsweringPeer : IAsyncDisposable
{
    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
    private readonly CancellationTokenSource _end = new();
    private readonly Func<byte[], int, Task> _answer;
    private readonly Task _answering;
    private int _heard;

    /// <param name="port">of the service of a node</param>
    /// <param name="answer">sends the answer to one, the how manieth it is; null sends it back as it came</param>
    public AnsweringPeer(int port, Func<byte[], int, Task>? answer = null)
    {
        _socket.Connect(IPAddress.Loopback, port);
        _answer = answer ?? ((datagram, _) => Say(datagram));
        _answering = Answer();
    }

    /// <summary>Datagrams that the node has sent.</summary>
    public int Heard => Volatile.Read(ref _heard);

    public async Task Say(byte[] datagram) => await _socket.SendAsync(datagram);

    private async Task Answer()
    {
        var buffer = new byte[2048];
        try
        {
            while (true)
            {
                var length = await _socket.ReceiveAsync(buffer, _end.Token);
                await _answer(buffer[..length], Interlocked.Increment(ref _heard));
            }
        }
        catch (OperationCanceledException)
        {
            // The end of the test.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _end.CancelAsync();
        await _answering;
        _socket.Dispose();
        _end.Dispose();
    }
}
