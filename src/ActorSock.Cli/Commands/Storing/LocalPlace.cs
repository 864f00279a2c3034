using System.Diagnostics.CodeAnalysis;
using ActorSock.Client.Native;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Finds where a file of a node goes here: never outside of the folder that was meant for it. Names come from others.</summary>
internal static class LocalPlace
{
    private static readonly string[] s_devices =
    [
        "CON", "PRN", "AUX", "NUL", .. Enumerable.Range(0, 10).SelectMany(i => (string[])[$"COM{i}", $"LPT{i}"]),
    ];

    /// <summary>Finds the place.</summary>
    /// <param name="folder">The folder that was meant.</param>
    /// <param name="name">From that folder on, divided by <c>/</c>.</param>
    /// <param name="path">The place, when true.</param>
    /// <param name="why">Why there is none, when false.</param>
    public static bool TryFind(
        string folder, string name, [NotNullWhen(true)] out string? path, [NotNullWhen(false)] out string? why)
    {
        path = null;
        var segments = name.Split('/');
        why = segments.Select(WhyNot).FirstOrDefault(reason => reason is not null);
        if (why is not null) return false;
        var place = folder;
        foreach (var segment in segments[..^1])
        {
            place = Path.Combine(place, segment);
            // A link in the folder leads out of it; that it is the user's own does not make it the place that was meant.
            if (new FileInfo(place).LinkTarget is not null)
            {
                why = $"'{segment}' is a link here";
                return false;
            }
        }
        path = Path.Combine(place, segments[^1]);
        return true;
    }

    private static string? WhyNot(string segment) =>
        segment.Length == 0 ? "its name has an empty part"
        : segment is "." or ".." ? $"its name has a '{segment}'"
        : segment.Any(char.IsControl) ? "its name has a control character"
        : segment.Contains('\\') ? "its name has a backslash"
        : FileDownload.IsPart(segment) ? "its name is one of those that hold here what has not arrived yet"
        : OperatingSystem.IsWindows() && !IsForWindows(segment) ? "its name is none here"
        : null;

    private static bool IsForWindows(string segment) =>
        segment.IndexOfAny(Path.GetInvalidFileNameChars()) < 0 && segment[^1] is not ('.' or ' ')
        && !s_devices.Contains(segment.Split('.')[0].TrimEnd(), StringComparer.OrdinalIgnoreCase);
}
