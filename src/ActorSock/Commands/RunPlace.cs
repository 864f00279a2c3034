namespace ActorSock.Commands;

/// <summary>One client's place among the programs that run, or in the line for one.</summary>
internal sealed class RunPlace(RunPlaces places, IActorRef who)
{
    private bool _waits;

    public bool IsTaken { get; private set; }

    public RunPlaces.Answer Take()
    {
        var answer = places.Take(who);
        (IsTaken, _waits) = (answer == RunPlaces.Answer.Taken, answer == RunPlaces.Answer.Waits);
        return answer;
    }

    /// <summary><see cref="RunPlaces.Granted"/> has come.</summary>
    public void Granted() => (IsTaken, _waits) = (true, false);

    /// <summary>Gives the place back, or leaves the line; nothing when there is neither.</summary>
    public void Leave()
    {
        if (IsTaken)
            places.Return();
        else if (_waits)
            places.Leave(who);
        (IsTaken, _waits) = (false, false);
    }
}
