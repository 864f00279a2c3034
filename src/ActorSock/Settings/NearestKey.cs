namespace ActorSock.Settings;

/// <summary>Finds what was probably meant by a key that does not exist.</summary>
internal static class NearestKey
{
    /// <summary>The known key that is most like this one, or null when none is.</summary>
    public static string? To(string key, IEnumerable<string> known)
    {
        var (nearest, distance) = known.Select(each => (Key: each, Distance: Distance(key, each)))
            .MinBy(each => each.Distance);
        return distance <= Math.Max(2, Last(key).Length / 3) ? nearest : null;
    }

    // The right name in the wrong section is as near as a slip of one key.
    private static int Distance(string key, string known) =>
        Math.Min(Edits(key, known), 1 + Edits(Last(key), Last(known)));

    private static string Last(string key) => key[(key.LastIndexOf('.') + 1)..];

    // Levenshtein: insertions, deletions and replacements that turn one into the other, row by row.
    private static int Edits(string from, string to)
    {
        var row = Enumerable.Range(0, to.Length + 1).ToArray();
        for (var i = 1; i <= from.Length; i++)
        {
            var diagonal = row[0];
            row[0] = i;
            for (var j = 1; j <= to.Length; j++)
            {
                var replaced = diagonal + (from[i - 1] == to[j - 1] ? 0 : 1);
                diagonal = row[j];
                row[j] = Math.Min(replaced, 1 + Math.Min(row[j], row[j - 1]));
            }
        }
        return row[^1];
    }
}
