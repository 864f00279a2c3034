using System.Collections;

namespace ActorSock.Settings;

/// <summary>
/// Where settings come from, beside the reference: see the head of <c>hocon/reference.conf</c>.
/// </summary>
public sealed record SettingsSources
{
    /// <summary>
    /// The file that is read from the working folder, if it is there, when no other is named.
    /// </summary>
    public const string DefaultFile = "config/actorsock.conf";

    /// <summary>
    /// Configuration files, a later one over an earlier one; none means <see cref="DefaultFile"/>.
    /// </summary>
    public IReadOnlyList<string> Files { get; init; } = [];

    /// <summary>
    /// Single settings over all files, each <c>KEY=VALUE</c>, a later one over an earlier one.
    /// </summary>
    public IReadOnlyList<string> Overrides { get; init; } = [];

    /// <summary>The root, over everything else that says it.</summary>
    public string? Root { get; init; }

    /// <summary>
    /// Environment variables: those that begin with <c>ACTORSOCK__</c> are settings, the others can be
    /// referred to in substitutions.
    /// </summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>What relative paths are relative to.</summary>
    public string WorkingFolder { get; init; } = ".";

    /// <summary>The environment and the working folder of this process.</summary>
    public static SettingsSources OfProcess() => new()
    {
        Environment = System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(variable => (string)variable.Key, variable => (string?)variable.Value ?? ""),
    };
}
