using ActorSock.Connections;

namespace ActorSock.Commands;

/// <summary>Looks whether somebody still waits for an answer. One who has only closed its side may, for a while.</summary>
internal sealed class PeerWatch(SocketLink link, TimeProvider clock, TimeSpan grace)
{
    private long? _endedAt;

    /// <summary>Whether the connection was found broken.</summary>
    public bool IsLost { get; private set; }

    /// <summary>Whether nobody waits any more, as it looks now.</summary>
    public bool FindsNobody()
    {
        var presence = link.Presence;
        if (presence == PeerPresence.There)
            return false;
        IsLost |= presence == PeerPresence.Lost;
        _endedAt ??= clock.GetTimestamp();
        return IsLost || clock.GetElapsedTime(_endedAt.Value) >= grace;
    }
}
