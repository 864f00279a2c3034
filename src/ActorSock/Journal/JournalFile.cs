using System.Globalization;

namespace ActorSock.Journal;

/// <summary>One file of a journal, named for its first record.</summary>
internal readonly record struct JournalFile(string Path, long First)
{
    private const string Beginning = "journal-", Ending = ".jsonl";

    public string Name => System.IO.Path.GetFileName(Path);

    /// <summary><c>journal-0000000000000001.jsonl</c>: 16 digits keep the order of a listing for longer than
    /// disks last.</summary>
    public static JournalFile In(string folder, long first) =>
        new(System.IO.Path.Combine(folder, FormattableString.Invariant($"{Beginning}{first:D16}{Ending}")), first);

    /// <summary>All of them, the oldest first.</summary>
    public static List<JournalFile> AllIn(string folder)
    {
        var files = new List<JournalFile>();
        foreach (var path in Directory.EnumerateFiles(folder, $"{Beginning}*{Ending}"))
        {
            if (FirstIn(System.IO.Path.GetFileName(path)) is { } first)
                files.Add(new JournalFile(path, first));
        }
        files.Sort((one, other) => one.First.CompareTo(other.First));
        return files;
    }

    /// <summary>The one that follows a file; null when it is the newest.</summary>
    public static JournalFile? After(JournalFile file, string folder)
    {
        var files = AllIn(folder);
        var next = files.FindIndex(other => other.First > file.First);
        return next < 0 ? null : files[next];
    }

    private static long? FirstIn(string name)
    {
        var digits = name.AsSpan(Beginning.Length..^Ending.Length);
        var isNumber = long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var first);
        // Only the name that the number gets: no two files have the same one.
        return isNumber && first > 0 && In("", first).Path == name ? first : null;
    }
}
