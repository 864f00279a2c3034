using Microsoft.Extensions.Configuration;

namespace ActorSock.Settings;

/// <summary>The service that runs the operator's commands for clients: section <c>actorsock.commands</c>.</summary>
public sealed record CommandsSettings
{
    /// <summary>Where clients connect; none when the service is off.</summary>
    [Endpoints, ConfigurationKeyName("endpoint")]
    public required IReadOnlyList<Endpoint> Endpoints { get => field ?? []; init; }

    /// <summary>Whether clients must prove first that they have a key.</summary>
    [Switch]
    public required bool Challenge { get; init; }

    /// <summary>Programs that run at once, for all clients together.</summary>
    [Count(1, 1_000)]
    public required int RunsMax { get; init; }

    /// <summary>Requests that may wait for one of these to end.</summary>
    [Count(0, 100_000)]
    public required int WaitingMax { get; init; }

    /// <summary>How long a program goes on whose client has closed its side.</summary>
    [Duration("0s", "1h")]
    public required TimeSpan GoneGrace { get; init; }

    /// <summary>A section whose keys are names of commands.</summary>
public sealed class CommandNamesAttribute() : NamedAttribute("actorsock.commands.defaults")
{
    /// <inheritdoc/>
    public override string? WrongWith(string name) =>
        name == "exit" ? "ends the conversation: must be another name" : base.WrongWith(name);
}

/// <summary>What holds for each command that does not say otherwise.</summary>
    public required CommandDefaults Defaults { get; init; }

    /// <summary>The commands by the names that clients use.</summary>
    [CommandNames]
    public required IReadOnlyDictionary<string, CommandSettings> Allowed
    {
        get => field ?? new Dictionary<string, CommandSettings>();
        init;
    }
}

/// <summary>What holds for each command that does not say otherwise: section <c>actorsock.commands.defaults</c>.</summary>
public record CommandDefaults
{
    /// <summary>How long a program may run before it is killed.</summary>
    [Duration("10ms", "1d")]
    public required TimeSpan TimeLimit { get; init; }

    /// <summary>Bytes of both its outputs together before it is killed.</summary>
    [Size("1B", "1GiB")]
    public required long OutputBytesMax { get; init; }

    /// <summary>The folder that it runs in; relative to the node's.</summary>
    [Folder]
    public required string Folder { get; init; }

    /// <summary>Who it runs as; null for who the node runs as.</summary>
    [User]
    public required string? User { get; init; }

    /// <summary>Its environment, each <c>NAME=VALUE</c>.</summary>
    [Environment]
    public required IReadOnlyList<string> Environment { get => field ?? []; init; }
}

/// <summary>One command: a section <c>actorsock.commands.allowed.NAME</c>.</summary>
public sealed record CommandSettings : CommandDefaults
{
    /// <summary>The program.</summary>
    [Program]
    public required string Program { get; init; }

    /// <summary>Arguments that it always gets, in front of those of a client.</summary>
    [Arguments(Optional = true)]
    public required IReadOnlyList<string> Arguments { get => field ?? []; init; }

    /// <summary>What the arguments of a client must match: the first the first, and so on; those beyond the last pattern must
    /// match that one.</summary>
    [Patterns(Optional = true)]
    public required IReadOnlyList<string> Patterns { get => field ?? []; init; }

    /// <summary>How many arguments a client may give; null for as many as there are patterns.</summary>
    [Count(0, 1_000, Optional = true)]
    public required int? ArgumentsMax { get; init; }
}
