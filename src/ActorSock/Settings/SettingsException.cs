namespace ActorSock.Settings;

/// <summary>The settings are wrong; nothing was started. Tells every problem, not only the first.</summary>
public sealed class SettingsException : Exception
{
    /// <summary>Tells <paramref name="problems"/>, one a line.</summary>
    public SettingsException(IReadOnlyList<SettingsProblem> problems, Exception? cause = null)
        : base(string.Join(Environment.NewLine, problems), cause) => Problems = problems;

    /// <summary>Tells one problem.</summary>
    public SettingsException(SettingsProblem problem, Exception? cause = null) : this([problem], cause) { }

    /// <summary>The problems, at least one.</summary>
    public IReadOnlyList<SettingsProblem> Problems { get; }
}
