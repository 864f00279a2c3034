using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>One connection that speaks as much of the native protocol as it takes to resume an upload.</summary>
internal sealed class ResumingUploader : IDisposable
{
    private readonly NativeFrames _frames;
    private int _id;

    private ResumingUploader(NativeFrames frames) => _frames = frames;

    public static async Task<ResumingUploader> Connect(int port)
    {
        var uploader = new ResumingUploader(await NativeFrames.Connect(port));
        await uploader.Say("""{"action": "hello", "versions": [1]}""");
        (await uploader._frames.Hear()).ShouldNotBeNull().GetProperty("status").GetInt32().ShouldBe(200);
        return uploader;
    }

    /// <summary>What the node has of an upload.</summary>
    public async Task<JsonElement> Resume(string upload, string name, long size)
    {
        await Say($$"""{"id": {{++_id}}, "action": "resume", "upload": "{{upload}}", "name": "{{name}}", "size": {{size}}}""");
        var reply = (await _frames.Hear()).ShouldNotBeNull("the node is gone");
        if (reply.TryGetProperty("body", out var body))
            (await _frames.Fill(new byte[body.GetInt32()])).ShouldBeTrue("the lines of the parts, whose offsets and sizes are known here");
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
                await _frames.Send(rest[..(int)at.After]);
                await at.Until.WaitAsync(NativeFrames.Patience);
                rest = rest[(int)at.After..];
            }
            await _frames.Send(rest);
            return await _frames.Hear();
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
        await _frames.Send(part);
        return await _frames.Hear();
    }

    /// <summary>Makes a file of the parts; null when the node is gone.</summary>
    public async Task<JsonElement?> Join(string upload, string name, ReadOnlyMemory<byte> body)
    {
        var md5 = Convert.ToHexStringLower(MD5.HashData(body.Span));
        await Say($$"""{"id": {{++_id}}, "action": "join", "upload": "{{upload}}", "name": "{{name}}", "md5": "{{md5}}"}""");
        return await _frames.Hear();
    }

    public void Dispose() => _frames.Dispose();

    private Task Say(string header) => _frames.Say(Encoding.UTF8.GetBytes(header));
}
