using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>One connection that stores, deletes and renames files of its own folder, one after the other, until the node is gone.</summary>
internal sealed class ChangingClient : IDisposable
{
    private static readonly string[] s_names = ["a", "b.txt", "c", "f/a", "f/b.tar.gz", "g/h/a"];

    private readonly NativeFrames _frames;
    private readonly ChangedFiles _files;
    private readonly Random _random;
    private int _id;

    private ChangingClient(NativeFrames frames, ChangedFiles files, Random random) => (_frames, _files, _random) = (frames, files, random);

    /// <summary>Ends when the connection is broken, or after so many requests.</summary>
    public static async Task Run(int port, ChangedFiles files, int seed, int requestsMax = 400)
    {
        try
        {
            using var client = new ChangingClient(await NativeFrames.Connect(port), files, new Random(seed));
            await client.Say(new { action = "hello", versions = new[] { 1 } });
            if (await client._frames.Hear() is null)
                return;
            for (var left = requestsMax; left > 0 && await client.Request(); left--)
            {
            }
        }
        catch (SocketException)
        {
            // the node is gone, before or behind what is in the books as possible
        }
    }

    public void Dispose() => _frames.Dispose();

    /// <returns>False when the node is gone.</returns>
    private Task<bool> Request()
    {
        var (name, to) = (_files.Folder + s_names[_random.Next(s_names.Length)], _files.Folder + s_names[_random.Next(s_names.Length)]);
        var exists = _random.Next(6) switch { 0 => "refuse", 1 => "keep-both", _ => "replace" };
        return _random.Next(5) switch
        {
            0 => Delete(name, withDigest: _random.Next(2) == 0),
            1 => Rename(name, to, exists),
            2 => Put(name, _random.Next(65_537, 200_000), exists),
            _ => Put(name, _random.Next(5_000), exists),
        };
    }

    private async Task<bool> Put(string name, int bytes, string exists)
    {
        var body = new byte[bytes];
        _random.NextBytes(body);
        var md5 = Convert.ToHexStringLower(MD5.HashData(body));
        var expected = _files.NameFor(name, exists);
        if (expected is not null)
            _files.Begin(files => files[expected] = new StoredFile(bytes, md5));
        await Say(new { id = ++_id, action = "put", name, body = bytes, md5, exists });
        await _frames.Send(body);
        return await Answer(expected is null ? 412 : 201, expected);
    }

    private async Task<bool> Delete(string name, bool withDigest)
    {
        var md5 = withDigest ? _files.Now.GetValueOrDefault(name)?.Digest : null;
        var isThere = _files.Now.ContainsKey(name);
        if (isThere)
            _files.Begin(files => files.Remove(name));
        await Say(new { id = ++_id, action = "delete", name, md5 });
        return await Answer(isThere ? 200 : 404, null);
    }

    private async Task<bool> Rename(string name, string to, string exists)
    {
        var isThere = _files.Now.TryGetValue(name, out var file);
        var expected = name == to ? to : _files.NameFor(to, exists);
        if (isThere && expected is not null)
        {
            _files.Begin(files =>
            {
                files.Remove(name);
                files[expected] = file!;
            });
        }
        await Say(new { id = ++_id, action = "rename", name, to, exists });
        return await Answer(!isThere ? 404 : expected is null ? 412 : 200, isThere ? expected : null);
    }

    private async Task<bool> Answer(int status, string? name)
    {
        if (await _frames.Hear() is not { } reply)
            return false;
        reply.GetProperty("status").GetInt32().ShouldBe(status, $"{reply}");
        if (status >= 300)
            return true;
        if (name is not null)
            reply.GetProperty("name").GetString().ShouldBe(name);
        var receipt = reply.GetProperty("receipt");
        _files.End(receipt.GetProperty("sequence").GetInt64(), receipt.GetProperty("hash").GetString()!);
        return true;
    }

    private Task Say(object header) => _frames.Say(JsonSerializer.SerializeToUtf8Bytes(header));
}
