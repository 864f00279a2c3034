using Microsoft.Extensions.Configuration;

namespace ActorSock.Settings;

/// <summary>The service where people talk: section <c>actorsock.chat</c>.</summary>
public sealed record ChatSettings
{
    /// <summary>Where clients connect; none when it is off.</summary>
    [Endpoints, ConfigurationKeyName("endpoint")]
    public required IReadOnlyList<Endpoint> Endpoints { get => field ?? []; init; }

    /// <summary>Where clients send datagrams; none when that is off.</summary>
    [UdpEndpoints, ConfigurationKeyName("udp-endpoint")]
    public required IReadOnlyList<Endpoint> UdpEndpoints { get => field ?? []; init; }

    /// <summary>Whether clients that connect must prove first that they have a key.</summary>
    [Switch]
    public required bool Challenge { get; init; }

    /// <summary>Members that may be here at once; names that are bound do not count.</summary>
    [Count(1, 10_000)]
    public required int MembersMax { get; init; }

    /// <summary>Bytes of the longest name.</summary>
    [Size("1B", "255B")]
    public required int NameBytesMax { get; init; }

    /// <summary>Bytes of the longest text.</summary>
    [Size("1B", "32KiB")]
    public required int TextBytesMax { get; init; }

    /// <summary>How long a member that sends datagrams may be silent before it is taken to be gone.</summary>
    [Duration("10ms", "1d")]
    public required TimeSpan SilenceLimit { get; init; }

    /// <summary>The same for a bound name that may speak from any port.</summary>
    [Duration("10ms", "365d")]
    public required TimeSpan BoundSilenceLimit { get; init; }

    /// <summary>Texts that may wait for one member.</summary>
    [Count(1, 10_000)]
    public required int OutstandingMax { get; init; }

    /// <summary>Answers to one member that are kept for repeats.</summary>
    [Count(1, 10_000)]
    public required int AnswersKept { get; init; }

    /// <summary>Lines a second that one member may send.</summary>
    [Count(1, 1_000_000)]
    public required int LinesASecond { get; init; }

    /// <summary>Lines that one address may send at once after a pause.</summary>
    [Count(1, 1_000_000)]
    public required int LinesBurst { get; init; }

    /// <summary>Lines a second that are heard from one host of those who have not joined.</summary>
    [Count(1, 1_000_000)]
    public required int StrangerLinesASecond { get; init; }

    /// <summary>When a text that was not acknowledged is sent again; each time after twice as long.</summary>
    [Duration("1ms", "1m")]
    public required TimeSpan RepeatAfter { get; init; }

    /// <summary>How often it is sent again before it is given up.</summary>
    [Count(0, 10)]
    public required int RepeatsMax { get; init; }

    /// <summary>Names of those whose programs send bare texts.</summary>
    [ChatNames]
    public required IReadOnlyDictionary<string, BoundMember> Bound { get => field ?? new Dictionary<string, BoundMember>(); init; }
}
