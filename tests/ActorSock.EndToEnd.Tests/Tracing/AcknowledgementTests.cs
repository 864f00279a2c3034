using ActorSock.EndToEnd.Tests.Crashes;
using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Tracing;

/// <summary>What the executable really asks of the system, in which order.</summary>
public sealed class AcknowledgementTests(ITestOutputHelper output)
{
    private const int Clients = 4, Files = 12;

    [StraceFact]
    public async Task No_acknowledgement_leaves_before_its_flushes_have_returned()
    {
        await using var node = await RunningNode.StartTraced();

        var told = (await Task.WhenAll(Enumerable.Range(0, Clients).Select(client => Send(node.Port, client)))).SelectMany(all => all).ToArray();

        (await node.Terminate()).ShouldBe(0);
        var trace = await node.Trace();
        output.WriteLine($"{trace.Length} lines");
        FlushOrder.Faults(trace, node.Inbox, told).ShouldBeEmpty();
        var withoutFlushes = trace.Where(line => !line.Contains("/log/log-") || !line.Contains("fdatasync(", StringComparison.Ordinal));
        FlushOrder.Faults(withoutFlushes, node.Inbox, told).Count.ShouldBeGreaterThanOrEqualTo(told.Length);
    }

    /// <summary>Small and large files, in folders too, some of them several in flight.</summary>
    private static async Task<List<Told>> Send(int port, int client)
    {
        var told = new List<Told>();
        using var uploader = await Uploader.Connect(port, new Ledger());
        for (var number = 0; number < Files; number++)
        {
            (string, byte[])[] files = [.. Enumerable.Range(0, number % 3 + 1).Select(i => File(client, number, i))];
            (await uploader.PutAll(files)).ShouldAllBe(verdict => verdict == "203");
            told.AddRange(files.Select(file => new Told(uploader.Port, file.Item1, file.Item2.Length > 1000)));
        }
        return told;
    }

    private static (string, byte[]) File(int client, int number, int i) => ((number + i) % 4) switch
    {
        0 => ($"large-{client}-{number}-{i}.bin", new byte[70_000]),
        1 => ($"sub-{client}/{number}/deep-{client}-{number}-{i}.bin", new byte[1_100_000]),
        2 => ($"sub-{client}/small-{client}-{number}-{i}.bin", new byte[100]),
        _ => ($"tiny-{client}-{number}-{i}.bin", new byte[i]),
    };
}
