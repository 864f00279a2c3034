using System.Buffers;
using System.Net;
using System.Net.Sockets;
using ActorSock.Benchmarks.Uploads;
using ActorSock.Wire.Text;

namespace ActorSock.Benchmarks.Exchanges;

/// <summary>What exchanges are measured against: plain loops over a socket, as one writes them in an hour.</summary>
/// <remarks>
/// TCP is served in two ways, of which the faster one counts: <c>threads</c>, a thread with blocking calls for each client, and
/// <c>async</c>, an asynchronous method for each. UDP is one thread with blocking calls. The text becomes title case by the
/// same code as in the node, so that what differs is how bytes get there and back. Uploads are taken by <see cref="Yardstick"/>.
/// </remarks>
internal sealed class ExchangeLoop(string folder, bool threads)
{
    private const int BufferBytes = 64 * 1024;

    public int Serve()
    {
        using var tcp = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        tcp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        tcp.Listen(1024);
        using var udp = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp);
        udp.ReceiveBufferSize = udp.SendBufferSize = 4 << 20;
        udp.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        new Thread(() => AnswerDatagrams(udp)) { IsBackground = true }.Start();
        new Thread(() => Accept(tcp)) { IsBackground = true }.Start();
        return new Yardstick(folder, renames: false).Serve(0, $" title=tcp://{tcp.LocalEndPoint} title-udp=udp://{udp.LocalEndPoint}");
    }

    private void Accept(Socket listener)
    {
        while (true)
        {
            var peer = listener.Accept();
            peer.NoDelay = true;
            if (threads)
                new Thread(() => Converse(peer), 256 * 1024) { IsBackground = true }.Start();
            else
                _ = ConverseAsync(peer);
        }
    }

    private static void Converse(Socket peer)
    {
        using var socket = peer;
        var (buffer, answer, exchange) = (new byte[BufferBytes], new ArrayBufferWriter<byte>(), new TitleExchange());
        try
        {
            while (socket.Receive(buffer) is > 0 and var count)
            {
                answer.ResetWrittenCount();
                exchange.Answer(buffer.AsSpan(0, count), answer);
                socket.Send(answer.WrittenSpan);
            }
        }
        catch (SocketException)
        {
            // The client is gone.
        }
    }

    private static async Task ConverseAsync(Socket peer)
    {
        using var socket = peer;
        var (buffer, answer, exchange) = (new byte[BufferBytes], new ArrayBufferWriter<byte>(), new TitleExchange());
        try
        {
            while (await socket.ReceiveAsync(buffer.AsMemory()) is > 0 and var count)
            {
                answer.ResetWrittenCount();
                exchange.Answer(buffer.AsSpan(0, count), answer);
                await socket.SendAsync(answer.WrittenMemory);
            }
        }
        catch (SocketException)
        {
            // The client is gone.
        }
    }

    private static void AnswerDatagrams(Socket socket)
    {
        var (buffer, answer, exchange) = (new byte[BufferBytes], new ArrayBufferWriter<byte>(), new TitleExchange());
        var peer = new SocketAddress(AddressFamily.InterNetwork);
        while (true)
        {
            var count = socket.ReceiveFrom(buffer, SocketFlags.None, peer);
            answer.ResetWrittenCount();
            exchange.Answer(buffer.AsSpan(0, count), answer);
            exchange.End(answer);
            socket.SendTo(answer.WrittenSpan, SocketFlags.None, peer);
        }
    }
}
