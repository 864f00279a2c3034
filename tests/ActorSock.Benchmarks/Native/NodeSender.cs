using System.Diagnostics;
using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Benchmarks.Native;

/// <summary>Sends the files of a folder with a new <see cref="NodeClient"/> in this process, many at once.</summary>
internal static class NodeSender
{
    /// <param name="address">of a node</param>
    /// <param name="folder">what is sent, each file under its own name</param>
    /// <param name="filesAtOnce">how many are under way</param>
    /// <param name="options">null for the defaults</param>
    /// <param name="known">gives the digest of a file by its number; null to digest each on its way</param>
    /// <param name="interrupted">gives up</param>
    /// <returns>Connecting is on the clock, closing is not.</returns>
    public static async Task<Sent> RunAsync(
        string address, SourceFolder folder, int filesAtOnce, NodeOptions? options, Func<int, Md5Digest>? known,
        CancellationToken interrupted)
    {
        var begun = Stopwatch.GetTimestamp();
        await using var client = new NodeClient(address, options);
        var limits = new ParallelOptions { MaxDegreeOfParallelism = filesAtOnce, CancellationToken = interrupted };
        await Parallel.ForEachAsync(folder.Files.Index(), limits, async (file, cancel) =>
        {
            var order = known is null ? null : new PutOptions { Known = ContentDigest.From(known(file.Index)) };
            await client.PutFileAsync(folder.PathOf(file.Item), file.Item, order, cancel: cancel);
        });
        return new Sent(Stopwatch.GetElapsedTime(begun));
    }
}
