namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>What a crowd of clients sends.</summary>
public enum Load
{
    /// <summary>Files that reach the disk through the commit log.</summary>
    Small,

    /// <summary>Files that reach it as part files.</summary>
    Large,

    Mixed,
}

/// <summary>Several clients that send all sorts of files until the node is gone.</summary>
internal sealed class Crowd(int seed, Load load, Ledger ledger)
{
    private const int Clients = 6, UploadsMax = 500;
    private const int SmallBytesMax = 64 << 10, LargeBytesMax = 2 << 20;

    /// <summary>Ends when all connections are broken, or when each client has sent all that it ever would.</summary>
    public Task SendTo(int port) => Task.WhenAll(
        [.. Enumerable.Range(0, Clients).Select(client => Send(port, client)), SendHalf(port)]);

    private async Task Send(int port, int client)
    {
        var random = new Random(seed * 31 + client);
        using var uploader = await Uploader.Connect(port, ledger);
        for (var number = 0; number < UploadsMax && !uploader.IsBroken; number++)
        {
            if (client == 0 && number % 3 == 1)
                await uploader.PutWrongly(Name(random, client, number), Body(random));
            else if (client == 1)
                await uploader.PutAll([.. Enumerable.Range(0, 4).Select(i => (Name(random, client, number * 4 + i), Body(random)))]);
            else
                await uploader.Put(Name(random, client, number), Body(random));
        }
    }

    private async Task SendHalf(int port)
    {
        using var uploader = await Uploader.Connect(port, ledger);
        await uploader.PutHalf("half.bin", new byte[300_000]);
    }

    private string Name(Random random, int client, int number) => random.Next(5) switch
    {
        0 => $"again-{client}-{number % 3}.bin", // replaces its own older ones
        1 => $"shared/{random.Next(2)}.bin", // and those of others
        2 => $"目录/{seed}-{random.Next(3)}/{client}/{number}.bin",
        _ => $"new-{seed}-{client}-{number}.bin",
    };

    private byte[] Body(Random random)
    {
        var small = load == Load.Small || (load == Load.Mixed && random.Next(3) > 0);
        var bytes = (small, random.Next(8)) switch
        {
            (true, 0) => random.Next(3), // also empty ones
            (true, 1) => SmallBytesMax,
            (true, 2) => random.Next(SmallBytesMax),
            (true, _) => random.Next(5_000),
            (false, 0) => SmallBytesMax + 1,
            (false, 1) => random.Next(SmallBytesMax + 1, LargeBytesMax),
            (false, _) => random.Next(SmallBytesMax + 1, LargeBytesMax / 4),
        };
        var body = new byte[bytes];
        random.NextBytes(body);
        return body;
    }
}
