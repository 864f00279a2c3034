namespace ActorSock.Settings;

/// <summary>One thing that is wrong with the settings.</summary>
/// <param name="Key">The key, in full: <c>actorsock.memory.blocks-max</c>; empty where a file as a whole is
/// wrong.</param>
/// <param name="Value">What it was set to; null where that does not matter.</param>
/// <param name="Why">What is wrong, and what is allowed or to be done.</param>
/// <param name="Origin">Where it was set: <c>FILE:LINE</c>, an environment variable or an option.</param>
public sealed record SettingsProblem(string Key, string? Value, string Why, string? Origin)
{
    /// <summary>The problem as one line: <c>KEY = VALUE (ORIGIN): WHY</c>.</summary>
    public override string ToString()
    {
        var what = Value is null ? Key : $"{Key} = {Value}";
        return (what, Origin) switch
        {
            ("", null) => Why,
            ("", _) => $"{Origin}: {Why}",
            (_, null) => $"{what}: {Why}",
            _ => $"{what} ({Origin}): {Why}",
        };
    }
}
