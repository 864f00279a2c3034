namespace ActorSock.Chat;

/// <summary>Bounds what is heard from one address of those who have not joined, however many addresses there are.</summary>
/// <remarks>A table of fixed size: addresses that fall on the same place share what one may have.</remarks>
internal sealed class StrangerRates(int perSecond, int burst)
{
    private const int Places = 1024;

    private readonly LineRate[] _rates = [.. Enumerable.Repeat(new LineRate(perSecond, burst, TimeSpan.Zero), Places)];

    /// <summary>Whether a line from there is to be looked at.</summary>
    public bool TryTake(ChatDoor door, TimeSpan now)
    {
        // Ports cost nothing: all of one host are one stranger.
        var hash = door is ChatDoor.Datagrams udp ? udp.Address.Address.GetHashCode() : door.GetHashCode();
        return _rates[(uint)hash % Places].TryTake(now);
    }
}
