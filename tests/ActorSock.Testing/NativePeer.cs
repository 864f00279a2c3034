using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ActorSock.Testing;

/// <summary>Speaks the native protocol as it stands in WIRE.md, byte by byte, and knows nothing of the server's code.</summary>
internal sealed class NativePeer(WireClient wire) : IDisposable
{
    /// <summary>What the server said.</summary>
    /// <param name="Header">as it came</param>
    /// <param name="Body">what followed it</param>
    public sealed record Reply(JsonObject Header, byte[] Body)
    {
        public int Status => (int)Header["status"]!;

        public long? Id => (long?)Header["id"];

        public string? Error => (string?)Header["error"];

        public bool Closes => (bool?)Header["closes"] == true;

        public override string ToString() => Header.ToJsonString();
    }

    public WireClient Wire => wire;

    /// <summary>Connects and says hello; the answer is read.</summary>
    public static async Task<NativePeer> Connect(TestNode node)
    {
        var peer = new NativePeer(await node.Connect());
        var greeting = await peer.Hello();
        if (greeting.Status != 200)
            throw new InvalidOperationException($"hello was answered {greeting}");
        return peer;
    }

    public async Task<Reply> Hello()
    {
        await Send(new { action = "hello", versions = new[] { 1 }, agent = "test" });
        return await Read();
    }

    /// <summary>A header with its length, as it goes over the wire, and what follows it.</summary>
    public static byte[] Frame(object header, params byte[][] behind) =>
        [.. WireClient.Prefixed(header as string ?? JsonSerializer.Serialize(header)), .. behind.SelectMany(each => each)];

    /// <summary>One chunk of a body.</summary>
    public static byte[] Chunk(byte[] bytes) => [.. Length(bytes.Length), .. bytes];

    /// <summary>What stands before a chunk; 0 at the end, -1 to give up.</summary>
    public static byte[] Length(int bytes)
    {
        var length = new byte[sizeof(int)];
        BinaryPrimitives.WriteInt32LittleEndian(length, bytes);
        return length;
    }

    /// <summary>The frames of an upload with its digest in the header.</summary>
    public static byte[] Put(long id, string name, byte[] body) =>
        Frame(new { id, action = "put", name, body = body.Length, md5 = Md5(body) }, body);

    public static string Md5(byte[] body) => Encoding.ASCII.GetString(WireClient.Digits(body));

    public Task Send(object header, params byte[][] behind) => wire.Send(Frame(header, behind));

    /// <summary>The next reply, with its body.</summary>
    public async Task<Reply> Read()
    {
        var length = await wire.ReadBytes(sizeof(int));
        if (length.Length < sizeof(int))
            throw new EndOfStreamException("the server has closed");
        var header = (JsonObject)JsonNode.Parse(await wire.ReadBytes(BinaryPrimitives.ReadInt32LittleEndian(length)))!;
        return new Reply(header, await Body(header["body"]));
    }

    private async Task<byte[]> Body(JsonNode? body)
    {
        if (body is null)
            return [];
        if (body.GetValueKind() == JsonValueKind.Number)
            return await wire.ReadBytes((int)body);
        var all = new MemoryStream();
        while (BinaryPrimitives.ReadInt32LittleEndian(await wire.ReadBytes(sizeof(int))) is > 0 and var chunk)
            all.Write(await wire.ReadBytes(chunk));
        return all.ToArray();
    }

    /// <summary>So many replies, in whatever order they come.</summary>
    public async Task<List<Reply>> Read(int count)
    {
        var all = new List<Reply>();
        while (all.Count < count)
            all.Add(await Read());
        return all;
    }

    /// <summary>Asks, and reads the reply.</summary>
    public async Task<Reply> Ask(object header, params byte[][] behind)
    {
        await Send(header, behind);
        return await Read();
    }

    /// <summary>Whether the server has closed, without another word.</summary>
    public async Task<bool> IsClosed() => (await wire.ReadBytes(1)).Length == 0;

    public void Dispose() => wire.Dispose();
}
