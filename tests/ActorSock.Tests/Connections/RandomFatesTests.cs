using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Connections;

/// <summary>Whatever becomes of some connections at whatever point, the others' uploads arrive and nothing is left.</summary>
public sealed class RandomFatesTests
{
    private const int Connections = 30;

    private enum Fate
    {
        Clean,
        Reset,
        Stalls,
        ConnectionFails,
        FramerFails,
        WriterFails,
    }

    [Fact]
    public async Task Any_fates_of_some_leave_the_others_whole()
    {
        var seed = Random.Shared.Next();
        try
        {
            await Live(new Random(seed));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
        }
    }

    private static async Task Live(Random random)
    {
        await using var node = await TestNode.Start("actorsock.connections.body-grace=500ms", "actorsock.connections.header-deadline=500ms",
            "actorsock.connections.digest-deadline=500ms", "actorsock.connections.linger=100ms", "actorsock.memory.blocks-max=1MiB",
            "actorsock.memory.block-bytes=64KiB");
        var lives = new List<Task>();
        var clean = new Dictionary<string, byte[]>();
        for (var i = 0; i < Connections; i++)
        {
            var client = await node.Connect();
            var opened = await node.Events.Until<ServerEvent.ConnectionOpened>(e => e.Connection == $"c-{i + 1:000000}");
            var fate = i % 3 == 0 ? Fate.Clean : (Fate)random.Next(1, 6);
            var (name, body) = ($"{i}-{fate}.bin", Bodies.Of(random.Next(1, 600_000), random.Next()));
            byte[] all = [.. WireClient.Header(name, body.Length), .. body, .. WireClient.Digits(body)];
            if (fate == Fate.Clean)
                clean.Add(name, body);
            lives.Add(Lead(node, client, opened.Connection, fate, all, random.Next(all.Length), random.Next(1, 50_000)));
        }
        await Task.WhenAll(lives).WaitAsync(TimeSpan.FromSeconds(60));

        await node.Events.UntilCount<ServerEvent.ConnectionClosed>(Connections);
        node.Events.Of<ServerEvent.ConnectionOpened>().Count().ShouldBe(Connections);
        node.Events.Of<ServerEvent.ConnectionClosed>().Select(e => e.Connection).Distinct().Count().ShouldBe(Connections);
        await node.NothingIsLeft();
        var stored = node.Stored();
        foreach (var (name, body) in clean)
            stored[name].AsSpan().SequenceEqual(body).ShouldBeTrue($"{name} differs");
        foreach (var e in node.Events.Of<ServerEvent.Stored>())
            stored[e.File].Length.ShouldBe((int)e.Bytes);
    }

    private static async Task Lead(TestNode node, WireClient client, string connection, Fate fate, byte[] all, int turn, int piece)
    {
        if (fate == Fate.Clean)
        {
            await InPieces(client, all, piece);
            (await client.Read(5)).ShouldBe("OK203");
            client.Dispose();
            return;
        }
        await InPieces(client, all[..turn], piece);
        switch (fate)
        {
            case Fate.Reset:
                client.Reset();
                break;
            case Fate.Stalls:
                await node.UntilClosed(connection);
                client.Dispose();
                break;
            default:
                // What is not there yet, or any more, is not hurt: that is one of the points at which it may happen.
                var below = fate switch { Fate.FramerFails => "/framer", Fate.WriterFails => "/writer-1", _ => "" };
                node.Node.System.ActorSelection($"/user/server/connections/{connection}{below}").Tell(Kill.Instance, ActorRefs.NoSender);
                await AfterFailure(client, all[turn..], piece);
                client.Dispose();
                break;
        }
    }

    /// <summary>The rest is sent; the answer is any, or the close of a conversation that could not go on.</summary>
    private static async Task AfterFailure(WireClient client, byte[] rest, int piece)
    {
        try
        {
            await InPieces(client, rest, piece);
            client.EndSending();
            await client.ReadToEnd();
        }
        catch (System.Net.Sockets.SocketException)
        {
            // closed while it was sending
        }
    }

    private static async Task InPieces(WireClient client, byte[] bytes, int piece)
    {
        for (var sent = 0; sent < bytes.Length; sent += piece)
            await client.Send(bytes[sent..Math.Min(bytes.Length, sent + piece)]);
    }
}
