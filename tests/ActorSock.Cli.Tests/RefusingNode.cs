using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorSock.Cli.Tests;

/// <summary>A node that greets, and has no room for anything else.</summary>
internal sealed class RefusingNode : IDisposable
{
    private const string Hello = """
        {"status":200,"version":1,"agent":"x","capabilities":[],
        "limits":{"requests":64,"file":1000000,"name":1024,"chunk":1048576,"skip":16777216,"list":10000,"idle":300}}
        """;

    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);

    public RefusingNode()
    {
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = ServeAsync();
    }

    public string Address => $"{_listener.LocalEndPoint}";

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await _listener.AcceptAsync());
        }
        catch (Exception over) when (over is SocketException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static async Task TalkAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        var length = new byte[4];
        while (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false) == 4)
        {
            var header = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            await stream.ReadExactlyAsync(header);
            using var asked = JsonDocument.Parse(header);
            if (asked.RootElement.TryGetProperty("body", out var body)) await stream.ReadExactlyAsync(new byte[body.GetInt32()]);
            var reply = Encoding.UTF8.GetBytes(asked.RootElement.TryGetProperty("id", out var id)
                ? $$"""{"id":{{id}},"status":507,"error":"NoSpace","message":"there is no space"}""" : Hello);
            BinaryPrimitives.WriteInt32LittleEndian(length, reply.Length);
            await stream.WriteAsync((byte[])[.. length, .. reply]);
        }
    }
}
