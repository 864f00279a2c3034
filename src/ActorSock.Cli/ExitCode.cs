namespace ActorSock.Cli;

/// <summary>What the executable tells its caller; a contract with scripts.</summary>
internal static class ExitCode
{
    /// <summary>Everything was done.</summary>
    public const int Done = 0;

    /// <summary>It ran, and failed.</summary>
    public const int Failed = 1;

    /// <summary>The command line or the settings are wrong; nothing was done.</summary>
    public const int Misuse = 2;

    /// <summary>An endpoint could not be reached, or not be listened on.</summary>
    public const int Unreachable = 3;

    /// <summary>Ctrl-C.</summary>
    public const int Interrupted = 130;
}
