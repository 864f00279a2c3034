namespace ActorSock.Settings;

/// <summary>Settings as they run, and where they come from.</summary>
/// <param name="Settings">The settings of the node.</param>
/// <param name="EngineHocon">Everything outside <c>actorsock { }</c>, resolved, as HOCON: the actor engine's
/// configuration.</param>
/// <param name="Keys">Every key, in the order of the reference.</param>
public sealed record LoadedSettings(
    NodeSettings Settings, string EngineHocon, IReadOnlyList<EffectiveKey> Keys);

/// <summary>One key as it runs.</summary>
/// <param name="Key">The key in full.</param>
/// <param name="Value">Its value as it was written, substitutions resolved; a list as JSON.</param>
/// <param name="Source">Who said so: <c>reference.conf:12</c>, <c>FILE:LINE</c>, an environment variable,
/// <c>--set</c> or <c>--root</c>.</param>
/// <param name="Overridden">Whether that is somebody else than the reference.</param>
public sealed record EffectiveKey(string Key, string Value, string Source, bool Overridden);
