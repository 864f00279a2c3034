namespace ActorSock.Hocon;

/// <summary>Tells the operator in one sentence what is wrong with a configuration, and where.</summary>
/// <remarks>
/// <see cref="Exception.Message"/> starts with the place:
/// <c>reference.conf:12:7: expected a value after '=' but found '}'</c>.
/// </remarks>
public sealed class HoconException : Exception
{
    /// <summary>Names the place and what is wrong there.</summary>
    public HoconException(HoconOrigin origin, string problem, Exception? inner = null)
        : base($"{origin}: {problem}", inner)
    {
        Origin = origin;
        Problem = problem;
    }

    /// <summary>Where it is.</summary>
    public HoconOrigin Origin { get; }

    /// <summary>What is wrong, without the place.</summary>
    public string Problem { get; }
}
