using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary>A node that lists what no node would, and has the same byte under every name.</summary>
/// <param name="list">The lines of its list.</param>
/// <param name="md5">The digest that it names.</param>
internal sealed class LyingNode : IDisposable
{
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly TaskCompletionSource _greeted = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly byte[] _list;
    private readonly string _md5;

    public LyingNode(string list, string? md5 = null)
    {
        (_list, _md5) = (Encoding.UTF8.GetBytes(list), md5 ?? "55a54008ad1ba589aa210d2629c1df41"); // of the byte 1
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen();
        _ = ServeAsync();
    }

    /// <summary>Somebody has said hello.</summary>
    public Task Greeted => _greeted.Task;

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    public void Dispose() => _listener.Dispose();

    private async Task ServeAsync()
    {
        try
        {
            while (true) _ = TalkAsync(await _listener.AcceptAsync());
        }
        catch (SocketException)
        {
            // The test is over.
        }
    }

    private async Task TalkAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        var length = new byte[4];
        while (await stream.ReadAtLeastAsync(length, 4, throwOnEndOfStream: false) == 4)
        {
            var header = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
            await stream.ReadExactlyAsync(header);
            using var asked = JsonDocument.Parse(header);
            var (reply, body) = Answer(asked.RootElement);
            var json = Encoding.UTF8.GetBytes(reply);
            BinaryPrimitives.WriteInt32LittleEndian(length, json.Length);
            await stream.WriteAsync((byte[])[.. length, .. json, .. body]);
            _greeted.TrySetResult();
        }
    }

    private (string Reply, byte[] Body) Answer(JsonElement asked)
    {
        var action = asked.GetProperty("action").GetString();
        if (action == "hello")
            return ("""
                {"status":200,"version":1,"agent":"x","capabilities":[],
                "limits":{"requests":64,"file":1000000,"name":1024,"chunk":1048576,"skip":16777216,"list":10000,"idle":300}}
                """, []);
        var id = asked.GetProperty("id").GetInt64();
        if (action == "list")
            return ($$"""{"id":{{id}},"status":200,"entries":{{_list.Count(b => b == '\n')}},"more":false,"body":{{_list.Length}}}""", _list);
        var name = JsonSerializer.Serialize(asked.GetProperty("name").GetString());
        var file = $"\"name\":{name},\"size\":1,\"modified\":\"2026-01-01T00:00:00.0000000Z\",\"md5\":\"{_md5}\"";
        return action == "get"
            ? ($$"""{"id":{{id}},"status":200,{{file}},"offset":0,"body":1}""", [1])
            : ($$"""{"id":{{id}},"status":200,{{file}}}""", []);
    }
}
