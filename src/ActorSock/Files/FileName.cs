using System.Buffers;
using System.Globalization;
using System.Text;
using ActorSock.Wire.Text;

namespace ActorSock.Files;

/// <summary>Names a file below the root: normalised, relative, and unable to leave it.</summary>
/// <remarks>
/// A name from the wire is a wish. <see cref="TryConfine(string, int, out FileName, out string)"/> is the
/// only way from there to one of these, and confining the value of one gives the same one again.
/// </remarks>
internal readonly record struct FileName
{
    /// <summary>What file systems allow between two separators (ext4, XFS, btrfs, APFS).</summary>
    private const int SegmentBytesMax = 255;

    /// <summary>
    /// How much longer than its result a name may come: taken-apart characters and "./" shrink, and nobody
    /// makes us normalise 64 KiB of them.
    /// </summary>
    public const int RawTimesMax = 4;

    private static readonly SearchValues<char> s_notOnWindows = SearchValues.Create("<>:\"|?*");

    private readonly string? _value;

    private FileName(string value) => _value = value;

    /// <summary>Segments joined by '/': <c>a/b.txt</c>.</summary>
    public string Value => _value ?? throw new InvalidOperationException("default(FileName) names nothing");

    /// <summary>The folders on the way, outermost first; empty for a file directly below the root.</summary>
    public IReadOnlyList<string> Folders => Value.Split('/')[..^1];

    /// <summary>Whether it lies directly below the root.</summary>
    public bool HasNoFolders => !Value.Contains('/');

    /// <summary>The folders on the way as one text, <c>a/b/</c>; empty for a file directly below the root.</summary>
    public string Folder => Value[..(Value.LastIndexOf('/') + 1)];

    /// <summary>The last segment.</summary>
    public string Leaf => Value[(Value.LastIndexOf('/') + 1)..];

    /// <summary>A file in the node's own folder for what has lost its place; no peer can name it.</summary>
    public static FileName OfLost(string leaf) => new($"{NodeFolder.Name}/{NodeFolder.Lost}/{leaf}");

    /// <summary>The same name in a folder that was a name by itself.</summary>
    public FileName Below(string folder) => new($"{folder}/{Value}");

    /// <summary>
    /// The same name with a number behind it, in front of the ending: <c>a/b (2).txt</c>. Where that would be too long the name is
    /// cut, as far as something of it is left.
    /// </summary>
    /// <param name="number">From 2 on.</param>
    /// <param name="bytesMax">The longest result in bytes of UTF-8; longer only where it cannot be as short.</param>
    public FileName Numbered(int number, int bytesMax)
    {
        var (leaf, added) = (Leaf, string.Create(CultureInfo.InvariantCulture, $" ({number})"));
        var dot = leaf.LastIndexOf('.');
        var ending = dot > 0 && Encoding.UTF8.GetByteCount(leaf.AsSpan(dot)) <= SegmentBytesMax / 2 ? leaf[dot..] : "";
        var room = Math.Max(bytesMax, Encoding.UTF8.GetByteCount(Value)) - Encoding.UTF8.GetByteCount(Folder);
        room = Math.Min(room, SegmentBytesMax) - added.Length - Encoding.UTF8.GetByteCount(ending);
        var stem = leaf[..^ending.Length];
        while (Encoding.UTF8.GetByteCount(stem) > room && stem.Length > 2) // never all of it
            stem = stem[..^(char.IsLowSurrogate(stem[^1]) ? 2 : 1)];
        return new FileName($"{Folder}{stem}{added}{ending}");
    }

    public override string ToString() => _value ?? "";

    /// <summary>Makes a name out of what a peer sent, or says why it cannot be one.</summary>
    /// <param name="raw">As it came, decoded; '/' and '\' both separate.</param>
    /// <param name="bytesMax">The longest result, in bytes of UTF-8.</param>
    /// <param name="name">The name, when true.</param>
    /// <param name="why">Why not, when false: "it is empty". Names nothing of <paramref name="raw"/>.</param>
    public static bool TryConfine(string raw, int bytesMax, out FileName name, out string why) =>
        TryConfine(raw, bytesMax, OperatingSystem.IsWindows(), out name, out why);

    /// <summary>The same by the rules of Windows or of other systems, whatever this one is.</summary>
    internal static bool TryConfine(string raw, int bytesMax, bool windows, out FileName name, out string why)
    {
        name = default;
        if (raw.Length > (long)bytesMax * RawTimesMax)
            return No(out why, $"it is longer than {bytesMax} bytes");
        if (WhyNotText(raw) is { } notText)
            return No(out why, notText);
        var segments = NormalFormC.Of(raw).Split('/', '\\');
        if (segments[^1] is "" or ".")
            return No(out why, segments.All(s => s is "" or ".") ? "it is empty" : "it ends like a folder");
        var kept = segments.Where(s => s is not ("" or ".")).ToArray();
        foreach (var segment in kept)
        {
            if (WhyNotSegment(segment, windows) is { } notSegment)
                return No(out why, notSegment);
        }
        if (NodeFolder.IsReserved(kept[0], windows))
            return No(out why, $"{NodeFolder.Name} is the node's own folder");
        var value = string.Join('/', kept);
        if (Encoding.UTF8.GetByteCount(value) > bytesMax)
            return No(out why, $"it is longer than {bytesMax} bytes");
        name = new FileName(value);
        why = "";
        return true;
    }

    private static bool No(out string why, string reason)
    {
        why = reason;
        return false;
    }

    private static string? WhyNotText(string raw)
    {
        for (var i = 0; i < raw.Length; i++)
        {
            if (char.IsControl(raw[i]))
                return "it has a control character";
            if (raw[i] is '\u2028' or '\u2029')
                return "it has a line or paragraph separator";
            if (!char.IsSurrogate(raw[i]))
                continue;
            if (!char.IsSurrogatePair(raw, i))
                return "it has half a character";
            i++;
        }
        return null;
    }

    private static string? WhyNotSegment(string segment, bool windows)
    {
        if (segment == "..")
            return "it has a '..'";
        if (Encoding.UTF8.GetByteCount(segment) > SegmentBytesMax)
            return $"it has a part longer than {SegmentBytesMax} bytes";
        return windows ? WhyNotOnWindows(segment) : null;
    }

    /// <summary>Source: learn.microsoft.com, "Naming Files, Paths, and Namespaces".</summary>
    private static string? WhyNotOnWindows(string segment)
    {
        if (segment.AsSpan().ContainsAny(s_notOnWindows))
            return "it has a character that Windows does not allow";
        if (segment[^1] is '.' or ' ')
            return "it has a part that ends with a dot or a space";
        var stem = segment.Split('.')[0].TrimEnd(' ').ToUpperInvariant();
        var device = stem is "CON" or "PRN" or "AUX" or "NUL" or "CONIN$" or "CONOUT$"
            || (stem is ['C', 'O', 'M', var com] && IsPortDigit(com))
            || (stem is ['L', 'P', 'T', var lpt] && IsPortDigit(lpt));
        return device ? "it has a part that names a device" : null;
    }

    private static bool IsPortDigit(char c) => char.IsAsciiDigit(c) || c is '¹' or '²' or '³';
}
