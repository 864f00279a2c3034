using System.Globalization;
using System.Text;

namespace ActorSock.Files;

/// <summary>Names what is the node's own below a root, and keeps peers' names off it.</summary>
internal static class NodeFolder
{
    public const string Name = ".actorsock";
    public const string Staging = "staging";
    public const string Log = "log";
    public const string Lost = "lost";
    public const string Lock = "lock";
    public const string Id = "id";
    public const string PartEnding = ".part";
    public const string StateEnding = ".state";

    /// <summary>
    /// True when some file system would open the node's own folder under this segment: file systems that
    /// ignore case may also fold the long s and skip characters that nobody sees (CVE-2014-9390), and
    /// Windows has short names.
    /// </summary>
    public static bool IsReserved(string segment, bool windows)
    {
        var seen = new StringBuilder(segment.Length);
        foreach (var rune in segment.EnumerateRunes())
        {
            if (IsUnseen(rune))
                continue;
            seen.Append(rune.Value == 'ſ' ? "s" : Rune.ToLowerInvariant(rune).ToString());
        }
        var folded = seen.ToString();
        return folded == Name || (windows && folded.StartsWith("actors~", StringComparison.Ordinal));
    }

    private static bool IsUnseen(Rune rune) =>
        Rune.GetUnicodeCategory(rune) is UnicodeCategory.Format
        || rune.Value is 0x034F or (>= 0xFE00 and <= 0xFE0F) or (>= 0xE0000 and <= 0xE0FFF);
}
