namespace ActorSock.Actors;

/// <summary>The result of something that has none.</summary>
public sealed class Done
{
    public static readonly Done Instance = new();

    private Done()
    {
    }
}
