using System.Net.Sockets;
using ActorSock.Events;
using ActorSock.Testing;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>Actors of native conversations that fail at random, while many requests are under way.</summary>
public sealed class NativeChaosTests
{
    private const int Peers = 6, Uploads = 60;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task What_was_said_to_be_stored_is_stored_whatever_fails(int seed)
    {
        await using var node = await TestNode.Start("actorsock.connections.restarts-max=1000", "actorsock.memory.blocks-max=2MiB", "actorsock.memory.block-bytes=64KiB");
        using var done = new CancellationTokenSource();
        var sabotage = Sabotage(node, new Random(seed), done.Token);

        var stored = (await Task.WhenAll(Enumerable.Range(0, Peers).Select(peer => Upload(node, peer, new Random(seed * 100 + peer))))).SelectMany(each => each).ToList();
        await done.CancelAsync();
        await sabotage;

        var files = node.Stored();
        foreach (var (name, body) in stored)
            files[name].AsSpan().SequenceEqual(body).ShouldBeTrue($"{name}, seed {seed}");
        foreach (var (name, bytes) in files)
            bytes.AsSpan().SequenceEqual(Body(name)).ShouldBeTrue($"{name} was not refused, seed {seed}");
        stored.Count.ShouldBeGreaterThan(0, $"seed {seed}");
        node.Events.Of<ServerEvent.Restarted>().ShouldNotBeEmpty($"seed {seed}");
        await node.NothingIsLeft();
        await Bodies.Until("all room is back", () => node.Node.Parts.Unsent.BytesTaken == 0 && node.Node.Parts.SmallBodies.BytesTaken == 0 && node.Node.Parts.LongHeaders.BytesTaken == 0);
    }

    /// <summary>Sends until all is answered or the connection ends, and tells what was said to be stored.</summary>
    private static async Task<List<(string Name, byte[] Body)>> Upload(TestNode node, int peer, Random random)
    {
        List<(string, byte[])> stored = [];
        using var client = await Connect(node);
        var names = Enumerable.Range(0, Uploads).Select(i => $"{peer}-{i}-{(random.Next(3) == 0 ? random.Next(400_000) : random.Next(9_000))}").ToArray();
        var sending = Send(client, names, random);
        try
        {
            for (var answered = 0; answered < 2 * Uploads; answered++)
            {
                var reply = await client.Read();
                if (reply.Status == 201)
                    stored.Add((names[reply.Id!.Value], Body(names[reply.Id!.Value])));
                if (reply.Closes)
                    break;
            }
        }
        catch (Exception e) when (e is EndOfStreamException or SocketException)
        {
            // It failed where nobody knew how to go on.
        }
        client.Dispose();
        await sending;
        return stored;
    }

    private static async Task Send(NativePeer client, string[] names, Random random)
    {
        try
        {
            for (var id = 0; id < names.Length; id++)
            {
                await client.Wire.Send(Put(id, names[id], Body(names[id])));
                await client.Send(new { id = 1000 + id, action = "get", name = names[random.Next(id + 1)] });
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // closed upon
        }
    }

    /// <summary>The body that belongs to a name.</summary>
    private static byte[] Body(string name) => Bodies.Of(int.Parse(name.Split('-')[2]), seed: int.Parse(name.Split('-')[1]));

    /// <summary>Fails an actor each time that some things have happened: of the connection that has begun an upload last.</summary>
    private static async Task Sabotage(TestNode node, Random random, CancellationToken done)
    {
        for (var next = 20; !done.IsCancellationRequested; next += random.Next(5, 40))
        {
            await Bodies.Until("something has happened", () => done.IsCancellationRequested || node.Events.All.Count >= next);
            if (node.Events.Of<ServerEvent.UploadStarted>().LastOrDefault() is not { } last)
                continue;
            var child = random.Next(4) switch { 0 => "", 1 => "/framer", 2 => $"/{last.Upload}", _ => "/reader-*" };
            node.Node.System.ActorSelection($"/user/server/connections/{last.Connection}{child}").Tell(Kill.Instance, ActorRefs.NoSender);
        }
    }
}
