using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests;

/// <summary>Bodies to send, and what is waited for without a clock.</summary>
internal static class Bodies
{
    /// <summary>So many bytes that depend on the seed.</summary>
    public static byte[] Of(int length, int seed = 1)
    {
        var bytes = new byte[length];
        new Random(seed).NextBytes(bytes);
        return bytes;
    }

    /// <summary>Waits for what no event tells.</summary>
    public static Task Until(string what, Func<bool> holds) => Until(what, () => Task.FromResult(holds()));

    /// <inheritdoc cref="Until(string, Func{bool})"/>
    public static async Task Until(string what, Func<Task<bool>> holds)
    {
        for (var deadline = DateTime.UtcNow.AddSeconds(30); !await holds(); await Task.Delay(1))
            if (DateTime.UtcNow > deadline)
                throw new TimeoutException($"not within half a minute: {what}");
    }

    /// <summary>Nothing of anybody's upload is left in memory or in the staging folder.</summary>
    public static async Task NothingIsLeft(this TestNode node)
    {
        await Until("all blocks are back", () => node.Node.Parts.Blocks.BlocksOut == 0);
        await Until("all part files are gone", () => node.Parts().Length == 0);
    }

    /// <summary>Waits until a connection has read so much of what it was sent.</summary>
    public static Task UntilRead(this TestNode node, string connection, long bytes) => Until($"{connection} has read {bytes} bytes", async () =>
        (await node.Node.Tree()).Children.Single(c => c.Name == "connections").Children
            .Any(c => c.Name == connection && c.Note.Contains($" {bytes} bytes in", StringComparison.Ordinal)));

    public static Task<ServerEvent.ConnectionClosed> UntilClosed(this TestNode node, string connection) =>
        node.Events.Until<ServerEvent.ConnectionClosed>(e => e.Connection == connection);
}
