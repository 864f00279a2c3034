using ActorSock.Hocon;

namespace ActorSock.Settings;

/// <summary>Shows values of a configuration to an operator.</summary>
internal static class Showing
{
    /// <summary>A simple value as it was written, anything else as JSON.</summary>
    public static string Shown(this HoconValue value) =>
        value is HoconScalar scalar ? scalar.Text : value.Render(HoconStyle.JsonLine);

    /// <summary>Who said so, with the line where it was a file.</summary>
    public static string Source(this HoconValue value)
    {
        var (source, line, _) = value.Origin;
        return line == 0 || SettingsLayers.IsOneLine(source) ? source : $"{source}:{line}";
    }

    /// <summary>Whether somebody else than the reference said so.</summary>
    public static bool IsOverridden(this HoconValue value) =>
        value.Origin.Source != SettingsLayers.ReferenceName;
}
