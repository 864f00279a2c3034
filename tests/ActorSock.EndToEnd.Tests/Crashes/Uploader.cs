using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>One connection that sends files and writes down in a ledger what it was told.</summary>
internal sealed class Uploader : IDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly Ledger _ledger;

    private Uploader(Ledger ledger) => _ledger = ledger;

    /// <summary>Whether the node has gone, or has ended the conversation.</summary>
    public bool IsBroken { get; private set; }

    /// <summary>As the node sees it.</summary>
    public int Port => ((IPEndPoint)_socket.LocalEndPoint!).Port;

    /// <remarks>Where there is no node any more, it is broken from the start.</remarks>
    public static async Task<Uploader> Connect(int port, Ledger ledger)
    {
        var uploader = new Uploader(ledger);
        await uploader.Trying(async patience => await uploader._socket.ConnectAsync(IPAddress.Loopback, port, patience));
        return uploader;
    }

    /// <summary>Sends a file with its digest behind it; gives the three digits, or nothing when the node is gone.</summary>
    public async Task<string> Put(string name, byte[] body) => (await PutAll((name, body))).Single();

    /// <summary>Sends files one right behind the other, before the first is answered.</summary>
    public async Task<IReadOnlyList<string>> PutAll(params (string Name, byte[] Body)[] files)
    {
        var sent = files.Select(file => _ledger.Begin(file.Name, file.Body)).ToArray();
        await Send([.. files.SelectMany(file => (byte[][])[Header(file.Name, file.Body.Length), file.Body, Digits(file.Body)])]);
        foreach (var one in sent)
            _ledger.End(one, await Verdict());
        return [.. sent.Select(one => one.Verdict)];
    }

    /// <summary>Sends a file with the digest of another.</summary>
    public async Task<string> PutWrongly(string name, byte[] body)
    {
        var sent = _ledger.Begin(name, body, isRight: false);
        await Send(Header(name, body.Length), body, Digits([.. body, 0]));
        _ledger.End(sent, await Verdict());
        return sent.Verdict;
    }

    /// <summary>Sends half of a file, and waits until the node is gone.</summary>
    public async Task PutHalf(string name, byte[] body)
    {
        _ledger.Begin(name, body, isRight: false);
        await Send(Header(name, body.Length), body[..(body.Length / 2)]);
        await Read(1);
    }

    /// <summary>Sends all of a file but its last byte; what is given sends the rest, and gives the verdict.</summary>
    public async Task<Func<Task<string>>> PutAllButLast(string name, byte[] body)
    {
        var sent = _ledger.Begin(name, body);
        await Send(Header(name, body.Length), body[..^1]);
        return async () =>
        {
            await Send(body[^1..], Digits(body));
            _ledger.End(sent, await Verdict());
            return sent.Verdict;
        };
    }

    /// <summary>Sends small files until one is taken: the node may need some time to find out that it can store again.</summary>
    public async Task UntilTaken()
    {
        for (var patience = Stopwatch.StartNew(); await Put($"again-{patience.ElapsedTicks}.bin", [4]) != "203"; await Task.Delay(50))
            if (patience.Elapsed > s_patience)
                throw new TimeoutException("the node takes nothing any more");
    }

    public void Dispose() => _socket.Dispose();

    private async Task<string> Verdict()
    {
        var ok = await Read(2);
        if (ok == "OK")
            return await Read(3);
        IsBroken = true; // a last word, or none
        return ok.Length == 2 ? ok + await Read(1) : "";
    }

    private Task Send(params byte[][] pieces) => Trying(async patience =>
    {
        foreach (var piece in pieces)
            for (var rest = piece.AsMemory(); rest.Length > 0;)
                rest = rest[await _socket.SendAsync(rest, patience)..];
    });

    /// <summary>So many bytes; fewer only when there are no more.</summary>
    private async Task<string> Read(int count)
    {
        var bytes = new byte[count];
        var got = 0;
        await Trying(async patience =>
        {
            while (got < count && await _socket.ReceiveAsync(bytes.AsMemory(got), patience) is > 0 and var more)
                got += more;
        });
        IsBroken |= got < count;
        return got == count ? Encoding.ASCII.GetString(bytes) : "";
    }

    private async Task Trying(Func<CancellationToken, Task> step)
    {
        using var patience = new CancellationTokenSource(s_patience);
        try
        {
            if (!IsBroken)
                await step(patience.Token);
        }
        catch (SocketException)
        {
            IsBroken = true;
        }
        catch (OperationCanceledException)
        {
            throw new TimeoutException($"the node neither answers nor goes within {s_patience}");
        }
    }

    private static byte[] Header(string name, long size)
    {
        var json = JsonSerializer.SerializeToUtf8Bytes(new { action = "put", filename = name, filesize = size });
        return [.. BitConverter.GetBytes(json.Length), .. json];
    }

    private static byte[] Digits(byte[] body) => Encoding.ASCII.GetBytes(Convert.ToHexStringLower(MD5.HashData(body)));
}
