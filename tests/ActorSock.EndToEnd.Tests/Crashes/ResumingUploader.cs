using System.Buffers.Binary;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>One connection that speaks as much of the native protocol as it takes to resume an upload.</summary>
internal sealed class ResumingUploader : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private int _id;

    private ResumingUploader()
    {
    }

    public static async Task<ResumingUploader> Connect(int port)
    {
        var uploader = new ResumingUploader();
        await uploader._socket.ConnectAsync(IPAddress.Loopback, port);
        await uploader.Say("""{"action": "hello", "versions": [1]}""");
        (await uploader.Hear()).ShouldNotBeNull().GetProperty("status").GetInt32().ShouldBe(200);
        return uploader;
    }

    /// <summary>What the node has of an upload.</summary>
    public async Task<JsonElement> Resume(string upload, string name, long size)
    {
        await Say($$"""{"id": {{++_id}}, "action": "resume", "upload": "{{upload}}", "name": "{{name}}", "size": {{size}}}""");
        var reply = (await Hear()).ShouldNotBeNull("the node is gone");
        if (reply.TryGetProperty("body", out var body))
            (await Fill(new byte[body.GetInt32()])).ShouldBeTrue("the lines of the parts, whose offsets and sizes are known here");
        return reply;
    }

    /// <summary>Sends the file from an offset on; gives the answer, or null when the node is gone.</summary>
    /// <param name="upload">its word</param>
    /// <param name="name">the name of the file</param>
    /// <param name="body">all of the file</param>
    /// <param name="offset">where to begin</param>
    /// <param name="pause">comes after so many bytes of it</param>
    public async Task<JsonElement?> Put(
        string upload, string name, ReadOnlyMemory<byte> body, long offset, (long After, Task Until)? pause = null)
    {
        var md5 = Convert.ToHexStringLower(MD5.HashData(body.Span));
        try
        {
            await Say($$"""
                {"id": {{++_id}}, "action": "put", "upload": "{{upload}}", "name": "{{name}}", "size": {{body.Length}},
                 "offset": {{offset}}, "body": {{body.Length - offset}}, "md5": "{{md5}}"}
                """);
            var rest = body[(int)offset..];
            if (pause is { } at)
            {
                await Send(rest[..(int)at.After]);
                await at.Until.WaitAsync(s_patience);
                rest = rest[(int)at.After..];
            }
            await Send(rest);
            return await Hear();
        }
        catch (SocketException)
        {
            return null;
        }
    }

    /// <summary>Sends one part of the file; null when the node is gone.</summary>
    public async Task<JsonElement?> PutPart(string upload, string name, ReadOnlyMemory<byte> body, int offset, int bytes)
    {
        var part = body.Slice(offset, bytes);
        await Say($$"""
            {"id": {{++_id}}, "action": "put", "upload": "{{upload}}", "part": true, "name": "{{name}}", "size": {{body.Length}},
             "offset": {{offset}}, "body": {{bytes}}, "md5": "{{Convert.ToHexStringLower(MD5.HashData(part.Span))}}"}
            """);
        await Send(part);
        return await Hear();
    }

    /// <summary>Makes a file of the parts; null when the node is gone.</summary>
    public async Task<JsonElement?> Join(string upload, string name, ReadOnlyMemory<byte> body)
    {
        var md5 = Convert.ToHexStringLower(MD5.HashData(body.Span));
        await Say($$"""{"id": {{++_id}}, "action": "join", "upload": "{{upload}}", "name": "{{name}}", "md5": "{{md5}}"}""");
        return await Hear();
    }

    public void Dispose() => _socket.Dispose();

    private Task Say(string header)
    {
        var frame = new byte[sizeof(int) + Encoding.UTF8.GetByteCount(header)];
        BinaryPrimitives.WriteInt32LittleEndian(frame, frame.Length - sizeof(int));
        Encoding.UTF8.GetBytes(header, frame.AsSpan(sizeof(int)));
        return Send(frame);
    }

    private async Task Send(ReadOnlyMemory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (!bytes.IsEmpty)
            bytes = bytes[await _socket.SendAsync(bytes, patience.Token)..];
    }

    /// <summary>The next header; null at the end.</summary>
    private async Task<JsonElement?> Hear()
    {
        var length = new byte[sizeof(int)];
        if (!await Fill(length))
            return null;
        var header = new byte[BinaryPrimitives.ReadInt32LittleEndian(length)];
        return await Fill(header) ? JsonDocument.Parse(header).RootElement : null;
    }

    private async Task<bool> Fill(Memory<byte> bytes)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            while (!bytes.IsEmpty)
            {
                var read = await _socket.ReceiveAsync(bytes, patience.Token);
                if (read == 0)
                    return false;
                bytes = bytes[read..];
            }
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
