using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using ActorSock.EndToEnd.Tests.Crashes;

namespace ActorSock.EndToEnd.Tests;

/// <summary>Everything at once: none of the conversations disturbs another.</summary>
public sealed class BusyNodeTests
{
    private const int Clients = 1_000, Rounds = 5, DatagramsASecond = 10_000, Datagrams = 2 * DatagramsASecond, Uploads = 8, FilesEach = 3;

    [Fact]
    public async Task A_thousand_clients_and_ten_thousand_datagrams_a_second_on_title_while_files_are_uploaded()
    {
        await using var node = await RunningNode.Start(
            "--set", "actorsock.title.endpoint=127.0.0.1:0", "--set", "actorsock.title.udp-endpoint=127.0.0.1:0");
        var body = RandomNumberGenerator.GetBytes(8 << 20);

        var uploads = Enumerable.Range(0, Uploads).Select(i => Upload(node.Port, i, body)).ToArray();
        var datagrams = Task.Run(() => Flood(node.PortOf("title-udp")));
        var clients = Enumerable.Range(0, Clients).Select(i => Converse(node.PortOf("title"), i)).ToArray();

        (await Task.WhenAll(clients)).ShouldAllBe(answers => answers == Rounds);
        var (answered, wrong) = await datagrams;
        wrong.ShouldBe(0);
        answered.ShouldBeGreaterThan(Datagrams * 9 / 10, "the system may drop some when nobody gets to run in time, not many");
        (await Task.WhenAll(uploads)).SelectMany(verdicts => verdicts).ShouldAllBe(verdict => verdict == "203");
        for (var i = 0; i < Uploads; i++)
            node.Stored($"u{i}-{FilesEach - 1}").AsSpan().SequenceEqual(body).ShouldBeTrue();
        node.Log.ShouldNotContain(" ERR ");
    }

    private static async Task<int> Converse(int port, int number)
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        var buffer = new byte[256];
        var right = 0;
        for (var round = 0; round < Rounds; round++)
        {
            var wanted = $"Client {number} In Round {round}";
            await socket.SendAsync(Encoding.UTF8.GetBytes(wanted.ToLowerInvariant()));
            var got = 0;
            while (got < wanted.Length && await socket.ReceiveAsync(buffer.AsMemory(got)) is > 0 and var count)
                got += count;
            right += Encoding.UTF8.GetString(buffer, 0, got) == wanted ? 1 : 0;
        }
        return right;
    }

    /// <summary>So many a second, on four sockets, which hear the answers meanwhile.</summary>
    private static (int Answered, int Wrong) Flood(int port)
    {
        var sockets = Enumerable.Range(0, 4).Select(_ =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Dgram, ProtocolType.Udp) { ReceiveBufferSize = 4 << 20 };
            socket.Connect(IPAddress.Loopback, port);
            return socket;
        }).ToArray();
        var (answered, wrong, sent) = (0, 0, 0);
        var buffer = new byte[256];
        var clock = Stopwatch.StartNew();
        while (sent < Datagrams)
        {
            for (; sent < Datagrams && sent < clock.Elapsed.TotalSeconds * DatagramsASecond; sent++)
            {
                sockets[sent % sockets.Length].Send(Encoding.ASCII.GetBytes($"datagram {sent}"));
                Hear(sockets[sent % sockets.Length]);
            }
            Array.ForEach(sockets, Hear);
        }
        // The last answers: until a second has passed without any.
        while (Array.Exists(sockets, socket => socket.Poll(250_000, SelectMode.SelectRead)))
            Array.ForEach(sockets, Hear);
        Array.ForEach(sockets, socket => socket.Dispose());
        return (answered, wrong);

        void Hear(Socket socket)
        {
            while (socket.Available > 0)
            {
                var count = socket.Receive(buffer);
                var right = buffer.AsSpan(0, count).StartsWith("Datagram "u8);
                (answered, wrong) = (answered + (right ? 1 : 0), wrong + (right ? 0 : 1));
            }
        }
    }

    private static async Task<string[]> Upload(int port, int number, byte[] body)
    {
        using var uploader = await Uploader.Connect(port, new Ledger());
        var verdicts = new string[FilesEach];
        for (var file = 0; file < FilesEach; file++)
            verdicts[file] = await uploader.Put($"u{number}-{file}", body);
        return verdicts;
    }
}
