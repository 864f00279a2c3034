using System.Globalization;
using System.Text;

namespace ActorSock.Wire.Tests;

/// <summary>Reads a conversation that was written down for people; Transcripts/README.txt says how.</summary>
internal sealed record Transcript(
    string Name, IReadOnlyList<Transcript.Turn> Turns, IReadOnlyList<string> Facts)
{
    public const string EndOfStream = "EOF";

    /// <summary>What one side says without waiting for the other.</summary>
    public sealed record Turn(bool IsClient, byte[] Bytes, bool Ends);

    public byte[] ClientBytes => [.. Turns.Where(turn => turn.IsClient).SelectMany(turn => turn.Bytes)];

    public byte[] ServerBytes => [.. Turns.Where(turn => !turn.IsClient).SelectMany(turn => turn.Bytes)];

    public static Transcript Parse(string name, IEnumerable<string> lines)
    {
        List<Turn> turns = [];
        List<string> facts = [];
        foreach (var line in lines)
        {
            if (line.Length == 0 || line[0] == '#') continue;
            if (line.Length < 3 || line[1] != ' ') throw new FormatException($"{name}: what is '{line}'?");
            var said = line[2..].Trim();
            if (line[0] == '=') facts.Add(said);
            else if (line[0] is 'C' or 'S') turns.Add(ParseTurn(line[0] == 'C', said));
            else throw new FormatException($"{name}: who is '{line[0]}'?");
        }
        return new Transcript(name, turns, facts);
    }

    private static Turn ParseTurn(bool isClient, string said) =>
        said == EndOfStream ? new Turn(isClient, [], true)
        : said[0] == '\'' ? new Turn(isClient, ParseText(said), false)
        : new Turn(isClient, Convert.FromHexString(said.Replace(" ", "", StringComparison.Ordinal)), false);

    private static byte[] ParseText(string said)
    {
        var end = said.LastIndexOf('\'');
        var once = Unescape(said[1..end]);
        var behind = said[(end + 1)..].TrimStart(' ', '*');
        var times = behind.Length > 0 ? int.Parse(behind, CultureInfo.InvariantCulture) : 1;
        return [.. Enumerable.Repeat(once, times).SelectMany(bytes => bytes)];
    }

    // \n, \r and \xNN; any other backslash stands for itself, so that JSON can be written as it is.
    private static byte[] Unescape(string text)
    {
        List<byte> bytes = [];
        for (var at = 0; at < text.Length;)
        {
            var (value, taken) = text.AsSpan(at) switch
            {
                ['\\', 'n', ..] => ("\n"u8.ToArray(), 2),
                ['\\', 'r', ..] => ("\r"u8.ToArray(), 2),
                ['\\', 'x', var high, var low, ..] => (Convert.FromHexString([high, low]), 4),
                [var first, var second, ..] when char.IsSurrogatePair(first, second) =>
                    (Encoding.UTF8.GetBytes([first, second]), 2),
                [var first, ..] => (Encoding.UTF8.GetBytes([first]), 1),
                [] => ([], 0),
            };
            bytes.AddRange(value);
            at += taken;
        }
        return [.. bytes];
    }
}
