namespace ActorSock.Chat;

/// <summary>Lets so many lines a second pass, and a burst of some more after a pause.</summary>
internal struct LineRate(int perSecond, int burst, TimeSpan now)
{
    private double _tokens = burst;
    private TimeSpan _at = now;

    public bool TryTake(TimeSpan now)
    {
        _tokens = Math.Min(burst, _tokens + (now - _at).TotalSeconds * perSecond);
        _at = now;
        if (_tokens < 1)
            return false;
        _tokens--;
        return true;
    }
}
