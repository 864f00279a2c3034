namespace ActorSock.Connections;

/// <summary>What can be seen of a peer from whom nothing is read.</summary>
internal enum PeerPresence
{
    /// <summary>It may say more.</summary>
    There,

    /// <summary>It has closed its side: it says nothing more, and may be gone.</summary>
    Ended,

    /// <summary>The connection is broken.</summary>
    Lost,
}
