namespace ActorSock.Settings;

/// <summary>What a node needs to know before it starts.</summary>
/// <remarks>
/// Each record here is a section of <c>actorsock { }</c> and each property a key (<c>HeaderDeadline</c> is
/// <c>header-deadline</c>). What a key means, its range and why its default is what it is stand in
/// <c>hocon/reference.conf</c>; no default stands in C#, hence <c>required</c> everywhere.
/// </remarks>
public sealed record NodeSettings
{
    /// <summary>The transfer service.</summary>
    public required TransferSettings Transfer { get; init; }

    /// <summary>The service that answers text in title case.</summary>
    public required ExchangeSettings Title { get; init; }

    /// <summary>The service that answers <c>hi</c>.</summary>
    public required ExchangeSettings Greeter { get; init; }

    /// <summary>The service where people talk.</summary>
    public required ChatSettings Chat { get; init; }

    /// <summary>The service that runs the operator's commands.</summary>
    public required CommandsSettings Commands { get; init; }

    /// <summary>How clients prove who they are.</summary>
    public required AccessSettings Access { get; init; }

    /// <summary>What all listeners have in common.</summary>
    public required ListenerSettings Listeners { get; init; }

    /// <summary>Limits of one connection, and of all together.</summary>
    public required ConnectionSettings Connections { get; init; }

    /// <summary>Limits of what a peer may say.</summary>
    public required WireSettings Wire { get; init; }

    /// <summary>Limits of native conversations.</summary>
    public required NativeSettings Native { get; init; }

    /// <summary>Memory between sockets and disk.</summary>
    public required MemorySettings Memory { get; init; }

    /// <summary>Where uploads are stored.</summary>
    public required FilesSettings Files { get; init; }

    /// <summary>The record of what was stored.</summary>
    public required JournalSettings Journal { get; init; }

    /// <summary>The digest lanes.</summary>
    public required LanesSettings Lanes { get; init; }

    /// <summary>How a node ends.</summary>
    public required DrainSettings Drain { get; init; }

    /// <summary>The door for the operator's commands.</summary>
    public required AdminSettings Admin { get; init; }

    /// <summary>Where events are written.</summary>
    public required LoggingSettings Logging { get; init; }
}
