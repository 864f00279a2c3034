namespace ActorSock.Client.Native;

/// <summary>Says how a client of the native protocol behaves.</summary>
public sealed record NodeOptions
{
    /// <summary>For nodes that challenge those who connect; null for others.</summary>
    public ClientKey? Key { get; init; }

    /// <summary>What the client calls itself, for the logs of the node.</summary>
    public string Agent { get; init; } = "ActorSock.Client";

    /// <summary>How many connections there are at the most: one for small requests, of which many are under way at once, and
    /// the others for bodies, one each. At least 2. Digests of sixteen bodies at once take little more time
    /// than one's, on the node, too.</summary>
    public int ConnectionsMax { get; init; } = 17;

    /// <summary>How long it may take to connect and to be greeted.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a reply may take that is due, and how long a body may stand still. Five minutes outlast a node
    /// that flushes a large file to a slow disk before it answers, and end the wait for one that hangs. One that has to read a large
    /// file first, for its digest, gets more.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>What happens when something goes wrong that may go well the next time.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <summary>Files up to this size travel in one piece with their header, many of them at once. Larger ones have a connection
    /// for themselves and are resumed. At most 1 MiB.</summary>
    public int SmallBytesMax { get; init; } = 64 << 10;

    /// <summary>Bytes that are read, digested and sent at a time; a transfer holds two such blocks. At most 1 MiB.</summary>
    public int BlockBytes { get; init; } = 512 << 10;

    /// <summary>Whether large files are digested where the system keeps them, and sent from there, instead of being read: for a third less
    /// of processor time. On Linux, for files of the own user on a disk of this machine; others are read. While a block is digested, for some
    /// milliseconds, whoever opens the file to write it waits (fcntl(2), leases). Should the process be stopped just then, for 45 seconds and
    /// more, and the file become shorter meanwhile, the process dies when it goes on: so it is off unless it is asked for.</summary>
    public bool ReadsInPlace { get; init; }

    /// <summary>The clock of all limits and delays.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;

    internal void Check()
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(ConnectionsMax, 2, nameof(ConnectionsMax));
        ArgumentOutOfRangeException.ThrowIfNegative(SmallBytesMax, nameof(SmallBytesMax));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(SmallBytesMax, 1 << 20, nameof(SmallBytesMax));
        ArgumentOutOfRangeException.ThrowIfLessThan(BlockBytes, 1, nameof(BlockBytes));
        ArgumentOutOfRangeException.ThrowIfGreaterThan(BlockBytes, 1 << 20, nameof(BlockBytes));
        Retry.Check();
    }
}
