using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace ActorSock.EndToEnd.Tests;

/// <summary>More peers than the process has descriptors for.</summary>
public sealed class DescriptorTests
{
    private const int Limit = 300, Crowd = 300;

    [Fact]
    public async Task Those_beyond_the_limit_wait_and_those_inside_go_on()
    {
        if (OperatingSystem.IsWindows())
            return; // no such limit there
        await using var node = await RunningNode.StartWithDescriptors(Limit);
        try
        {
            await Crowded(node);
        }
        catch (Exception e) when (e is SocketException or OperationCanceledException or ShouldAssertException)
        {
            throw new InvalidOperationException($"{e.Message}; the log says:\n{node.Log}", e);
        }
    }

    private static async Task Crowded(RunningNode node)
    {
        var body = RandomNumberGenerator.GetBytes(200_000);
        using var inside = await Connect(node.Port);
        await inside.SendAsync((byte[])[.. Header("inside.bin", body.Length), .. body[..1000]]);
        using var idle = await Connect(node.Port);

        var crowd = new List<Socket>();
        while (crowd.Count < Crowd)
            crowd.Add(await Connect(node.Port));
        await node.UntilLogged("accepts nobody");

        // The upload in hand is committed, and a connection that is open begins another.
        await inside.SendAsync((byte[])[.. body[1000..], .. Digits(body)]);
        (await Read(inside, 5)).ShouldBe("OK203");
        await idle.SendAsync((byte[])[.. Header("sub/idle.bin", body.Length), .. body, .. Digits(body)]);
        (await Read(idle, 5)).ShouldBe("OK203");
        Regex.Count(node.Log, "accepts nobody").ShouldBe(1, node.Log);

        var last = crowd[^1];
        foreach (var client in crowd[..^1])
            client.Dispose();
        await last.SendAsync((byte[])[.. Header("last.bin", body.Length), .. body, .. Digits(body)]);
        (await Read(last, 5)).ShouldBe("OK203");
        last.Dispose();
        foreach (var name in new[] { "inside.bin", "sub/idle.bin", "last.bin" })
            node.Stored(name).ShouldBe(body);
    }

    [Fact]
    public async Task More_uploads_than_descriptors_are_refused_and_the_node_lives()
    {
        if (OperatingSystem.IsWindows())
            return; // no such limit there
        await using var node = await RunningNode.StartWithDescriptors(Limit);
        var body = RandomNumberGenerator.GetBytes(200_000);
        var crowd = new List<Socket>();
        while (crowd.Count < Crowd)
        {
            crowd.Add(await Connect(node.Port));
            await crowd[^1].SendAsync((byte[])[.. Header($"crowd-{crowd.Count}.bin", body.Length), .. body[..1000]]);
        }
        await node.UntilLogged("500 NotStored: too many files are open");

        foreach (var client in crowd)
            client.Dispose();

        // The node closes their files as it hears that they are gone.
        string verdict;
        for (var patience = Stopwatch.StartNew(); (verdict = await PutOn(node.Port, "after.bin", body)).EndsWith("500") && patience.Elapsed < TimeSpan.FromSeconds(30);)
            await Task.Delay(20);
        verdict.ShouldBe("OK203");
        (await node.Terminate()).ShouldBe(0);
        Directory.GetFiles(node.Inbox).Select(Path.GetFileName).ShouldBe(["after.bin"]);
        node.Log.ShouldNotContain(" ERR ");
    }

    [Fact]
    public async Task Peers_that_fetch_and_do_not_read_leave_descriptors_for_uploads()
    {
        if (OperatingSystem.IsWindows())
            return; // no such limit there
        await using var node = await RunningNode.StartWithDescriptors(Limit);
        await using (var large = File.Create(Path.Combine(node.Inbox, "large.bin")))
            large.SetLength(1L << 30); // more than sockets hold
        using var inside = await Connect(node.Port);
        var deaf = new List<Socket>();
        while (deaf.Count < Limit / 5)
            deaf.Add(await Connect(node.Port));

        // Four of each are begun at once, and each holds the file open.
        var asks = Frame("""{"action":"hello","versions":[1]}""").Concat(Enumerable.Range(0, 4)
            .SelectMany(i => Frame($$"""{"id":{{i}},"action":"get","name":"large.bin"}"""))).ToArray();
        foreach (var peer in deaf)
            await peer.SendAsync(asks);
        await node.UntilLogged("too many files are open");

        var body = RandomNumberGenerator.GetBytes(200_000);
        for (var i = 0; i < 5; i++)
        {
            await inside.SendAsync((byte[])[.. Header($"{i}.bin", body.Length), .. body, .. Digits(body)]);
            (await Read(inside, 5)).ShouldBe("OK203");
        }
        deaf.ForEach(peer => peer.Dispose());
    }

    private static async Task<string> PutOn(int port, string name, byte[] body)
    {
        using var socket = await Connect(port);
        await socket.SendAsync((byte[])[.. Header(name, body.Length), .. body, .. Digits(body)]);
        return await Read(socket, 5);
    }

    private static byte[] Frame(string json) => [.. BitConverter.GetBytes(Encoding.UTF8.GetByteCount(json)), .. Encoding.UTF8.GetBytes(json)];

    private static async Task<Socket> Connect(int port)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port);
        return socket;
    }

    private static byte[] Header(string name, long size)
    {
        var json = Encoding.UTF8.GetBytes($$"""{"action":"put","filename":"{{name}}","filesize":{{size}}}""");
        return [.. BitConverter.GetBytes(json.Length), .. json];
    }

    private static byte[] Digits(byte[] body) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(body)));

    private static async Task<string> Read(Socket socket, int count)
    {
        var bytes = new byte[count];
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        var got = 0;
        while (got < count && await socket.ReceiveAsync(bytes.AsMemory(got), patience.Token) is > 0 and var more)
            got += more;
        return Encoding.ASCII.GetString(bytes, 0, got);
    }
}
