namespace ActorSock.Client.Chat;

/// <summary>Says how a <see cref="ChatClient"/> talks, and how patient it is.</summary>
public sealed record ChatOptions
{
    /// <summary>Over a connection in the place of datagrams; a Unix socket is always one.</summary>
    public bool OverTcp { get; init; }

    /// <summary>For a node that challenges those who connect; null for others.</summary>
    public ClientKey? Key { get; init; }

    /// <summary>When a datagram that was not answered is sent again; each time after twice as long, up to 2 s.</summary>
    public TimeSpan RepeatAfter { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a node that says nothing is asked again before that is given up.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(15);

    /// <summary>How long the first join may take.</summary>
    public TimeSpan JoinPatience { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Texts and news that wait for the caller; what comes then stays with the node.</summary>
    public int NewsMax { get; init; } = 1000;

    /// <summary>The clock of repeats and pings.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
