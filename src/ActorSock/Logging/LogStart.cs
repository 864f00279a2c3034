namespace ActorSock.Logging;

/// <summary>Finds where to begin to read a log of which only the end is wanted: a node writes more in a day than anybody wants to
/// wait for.</summary>
internal static class LogStart
{
    private const int FirstWindowBytes = 256 << 10;

    /// <param name="files">the oldest first</param>
    /// <param name="wanted">which lines</param>
    /// <param name="last">how many of them; null for all</param>
    /// <returns>the files to read, and where to begin in the first: at or before the first line that is wanted</returns>
    public static (IReadOnlyList<LogFile> Files, long Offset) Of(IReadOnlyList<LogFile> files, LogFilter wanted, int? last)
    {
        // The last line of a file is from before it was last changed, by clocks of one machine that may be a little apart.
        IReadOnlyList<LogFile> recent = wanted.Since is { } since
            ? [.. files.Where(file => !File.Exists(file.Path) || File.GetLastWriteTimeUtc(file.Path) >= since.UtcDateTime.AddSeconds(-2))]
            : files;
        if (last is not { } left)
            return (recent, 0);
        for (var i = recent.Count - 1; i >= 0; i--)
        {
            var (found, offset) = LastOf(recent[i].Path, wanted, left);
            left -= found;
            if (left <= 0)
                return ([.. recent.Skip(i)], offset);
        }
        return (recent, 0);
    }

    /// <summary>How many of the last lines of a file are wanted, until there are enough, and from where on.</summary>
    private static (int Found, long Offset) LastOf(string path, LogFilter wanted, int enough)
    {
        if (!File.Exists(path))
            return (0, 0);
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        var length = file.Length;
        for (long window = FirstWindowBytes; ; window *= 8)
        {
            // One byte earlier: what stands before the first end of a line there is left out.
            var offset = Math.Max(0, length - 1 - (enough == 0 ? 0 : window));
            var found = enough == 0 ? 0 : Count(file, offset, length, wanted);
            if (found >= enough || offset == 0)
                return (found, offset);
        }
    }

    private static int Count(FileStream file, long offset, long end, LogFilter wanted)
    {
        var reader = new LogLineReader(fromMiddle: offset > 0);
        var lines = new List<LogLine>();
        var buffer = new byte[128 << 10];
        var found = 0;
        file.Position = offset;
        while (file.Position < end && file.Read(buffer) is > 0 and var read)
        {
            reader.Take(buffer.AsSpan(0, read), lines);
            found += lines.Count(wanted.Matches);
            lines.Clear();
        }
        reader.Settle(lines);
        return found + lines.Count(wanted.Matches);
    }
}
