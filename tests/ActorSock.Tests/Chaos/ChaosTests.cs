using ActorSock.Events;
using ActorSock.Journal;
using ActorSock.Testing;
using Xunit.Abstractions;

namespace ActorSock.Tests.Chaos;

/// <summary>
/// Peers of all kinds, actors that fail and a disk that does, all at once: nothing that was acknowledged is lost, nothing
/// else is visible, and nothing is left.
/// </summary>
public sealed class ChaosTests(ITestOutputHelper output)
{
    private const string Seed = "ACTORSOCK_TEST_SEED";

    private static readonly string[] s_settings =
    [
        "actorsock.connections.idle-limit=500ms", "actorsock.connections.header-deadline=300ms",
        "actorsock.connections.body-grace=300ms", "actorsock.connections.digest-deadline=300ms",
        "actorsock.connections.linger=50ms", "actorsock.drain.limit=500ms",
        "actorsock.memory.blocks-max=1MiB", "actorsock.memory.block-bytes=64KiB", "actorsock.files.direct-bytes-min=200KiB",
        "actorsock.lanes.threads=2", "actorsock.journal.checkpoint-interval=20ms", "actorsock.journal.file-bytes-max=4KiB",
    ];

    [Theory]
    [InlineData(Trouble.Peers | Trouble.Actors)]
    [InlineData(Trouble.Peers | Trouble.Disk)]
    [InlineData(Trouble.Peers | Trouble.Actors | Trouble.Disk)]
    [InlineData(Trouble.Peers | Trouble.Actors | Trouble.Disk | Trouble.Drain)]
    public async Task Nothing_acknowledged_is_lost_and_nothing_is_left(Trouble trouble)
    {
        var seed = Environment.GetEnvironmentVariable(Seed) is { } given ? int.Parse(given) : Random.Shared.Next();
        output.WriteLine($"seed {seed}");
        try
        {
            await Live(new Random(seed), trouble);
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed} (again with {Seed}={seed}): {e.Message}", e);
        }
    }

    private async Task Live(Random random, Trouble trouble)
    {
        var ways = new Sabotage(random, trouble);
        var uploads = new SentUploads();
        await using var node = await TestNode.Start(null, ways.Around, s_settings);
        var peers = new List<Peer>();
        for (var i = 1; i <= Peer.Count; i++)
        {
            var client = await node.Connect();
            var opened = await node.Events.Until<ServerEvent.ConnectionOpened>(e => e.Connection == $"c-{i:000000}");
            peers.Add(new Peer(node, client, opened.Connection, new Random(random.Next()), uploads, trouble));
        }
        ways.Begin(node);
        try
        {
            await Task.WhenAll(peers.Select(peer => Task.Run(peer.Live))).WaitAsync(TimeSpan.FromSeconds(60));
            ways.End();
            if (!trouble.HasFlag(Trouble.Drain))
                await NothingIsLeftWhileItRuns(node);
            await node.Node.Drain("the end");
            NobodyHoldsAnything(node);
            if (!node.Events.Of<ServerEvent.JournalFailed>().Any() || !trouble.HasFlag(Trouble.Drain))
                EverythingIsThere(node, uploads);
            // One that ended while it could not open its journal leaves that to the next.
            await (await TestNode.Start(node.Folder, null, s_settings)).DisposeAsync();
            EverythingIsThere(node, uploads);
        }
        catch (Exception)
        {
            output.WriteLine((await node.Node.Tree()).ToText(notes: true));
            output.WriteLine(string.Join('\n', node.Events.All));
            throw;
        }
        finally
        {
            output.WriteLine($"{uploads.Acknowledged.Count} acknowledged, {node.Events.Of<ServerEvent.Refused>().Count()} refused; {ways}");
        }
    }

    private static async Task NothingIsLeftWhileItRuns(TestNode node)
    {
        await node.Events.UntilCount<ServerEvent.ConnectionClosed>(Peer.Count);
        await Bodies.Until("the journal is open", () => node.Node.Parts.Journal.ClosedBecause is null);
        await node.NothingIsLeft();
        await Bodies.Until("no allowance is taken", () => node.Node.Parts.SmallBodies.BytesTaken + node.Node.Parts.LongHeaders.BytesTaken == 0);
    }

    private static void NobodyHoldsAnything(TestNode node)
    {
        node.Node.Parts.Blocks.BlocksOut.ShouldBe(0, string.Join('\n', node.Node.Parts.Blocks.Rentals));
        node.Events.Of<ServerEvent.BlocksKept>().ShouldBeEmpty();
        node.Node.Parts.SmallBodies.BytesTaken.ShouldBe(0);
        node.Node.Parts.LongHeaders.BytesTaken.ShouldBe(0);
        var closed = node.Events.Of<ServerEvent.ConnectionClosed>().Select(e => e.Connection).ToList();
        closed.ShouldBe(node.Events.Of<ServerEvent.ConnectionOpened>().Select(e => e.Connection), ignoreOrder: true);
    }

    private static void EverythingIsThere(TestNode node, SentUploads uploads)
    {
        var records = new HashSet<(string, string)>();
        JournalVerifier.Verify(JournalReader.FolderOf(node.Root), record => records.Add((record.Name, $"{record.Digest}")))
            .Fault.ShouldBeNull();
        var stored = node.Stored();
        foreach (var name in uploads.Acknowledged.Concat(node.Events.Of<ServerEvent.Stored>().Select(e => e.File)))
        {
            stored.ContainsKey(name).ShouldBeTrue($"{name} was acknowledged and is not there");
            records.Contains((name, uploads.DigestOf(name))).ShouldBeTrue($"{name} was acknowledged and is not in the journal");
        }
        foreach (var (name, content) in stored)
            uploads.IsWhole(name, content).ShouldBeTrue($"{name} has {content.Length} bytes that are no upload");
        node.Parts().ShouldBeEmpty();
    }
}
