namespace ActorSock.Settings;

/// <summary>What all listeners have in common: section <c>actorsock.listeners</c>.</summary>
public sealed record ListenerSettings
{
    /// <summary>Connections that the system may hold for each listener before they are accepted.</summary>
    [Count(1, 65_535)]
    public required int Backlog { get; init; }

    /// <summary>How long a listener that failed waits before its first restart.</summary>
    [Duration("10ms", "1m")]
    public required TimeSpan RetryMin { get; init; }

    /// <summary>How long it waits at most, after many restarts.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan RetryMax { get; init; }

    /// <summary>How long accepting rests when the machine is out of descriptors or memory.</summary>
    [Duration("1ms", "1m")]
    public required TimeSpan AcceptPause { get; init; }

    /// <summary>Who may connect to a Unix socket: the permissions of its file.</summary>
    [FileMode]
    public required UnixFileMode UnixMode { get; init; }

    /// <summary>Whose a Unix socket's file becomes: <c>USER</c>, <c>USER:GROUP</c> or <c>:GROUP</c>; null leaves it.</summary>
    [Owner]
    public required string? UnixOwner { get; init; }

    /// <summary>Bytes of datagrams that the system holds for a UDP listener; more are dropped.</summary>
    [Size("4KiB", "1GiB")]
    public required long UdpBufferBytes { get; init; }

    /// <summary>Datagrams from one address that are answered without a pause before one is dropped.</summary>
    [Count(1, 1_000_000_000)]
    public required int UdpAnswersMax { get; init; }

    /// <summary>The same of those that look like an answer that has come back.</summary>
    [Count(1, 1_000_000_000)]
    public required int UdpEchoesMax { get; init; }

    /// <summary>Datagrams a second from one address that do not count as what could go round.</summary>
    [Count(0, 1_000_000)]
    public required int UdpHarmlessASecond { get; init; }

    /// <summary>How long an address says nothing until its datagrams are counted anew.</summary>
    [Duration("10ms", "1h")]
    public required TimeSpan UdpPause { get; init; }
}
