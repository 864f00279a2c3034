namespace ActorSock.Tests.Chaos;

/// <summary>What goes wrong.</summary>
[Flags]
public enum Trouble
{
    /// <summary>Peers reset, stall, lie and leave.</summary>
    Peers = 1,

    /// <summary>Actors of the node fail.</summary>
    Actors = 2,

    /// <summary>The disk refuses some steps.</summary>
    Disk = 4,

    /// <summary>The node is told to end in the middle.</summary>
    Drain = 8,
}
