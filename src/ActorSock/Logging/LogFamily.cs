using System.Globalization;
using System.Text.RegularExpressions;
using Microsoft.Extensions.Configuration;

namespace ActorSock.Logging;

/// <summary>One file of a log that goes on in new files.</summary>
/// <param name="Path">where it is</param>
/// <param name="Period">digits of the time that it is for, such as <c>20250131</c>; may be empty</param>
/// <param name="Number">which of those of the same time, from 0</param>
public sealed record LogFile(string Path, string Period, int Number)
{
    /// <summary>Below 0 when this one is from before the other, above 0 when it is from behind it.</summary>
    public int CompareTo(LogFile other) => string.CompareOrdinal(Period, other.Period) is not 0 and var period ? period
        : Number.CompareTo(other.Number);
}

/// <summary>The files of one log: a new one each day, or hour, or whenever one is large enough, as Serilog names them
/// (<c>actorsock-20250131.log</c>, <c>actorsock-20250131_001.log</c>).</summary>
/// <param name="Folder">where they lie</param>
/// <param name="Prefix">what all names begin with</param>
/// <param name="Suffix">what all names end with, the dot included</param>
public sealed partial record LogFamily(string Folder, string Prefix, string Suffix)
{
    /// <summary>The files that a sink writes whose <c>path</c> is this, such as <c>logs/actorsock-.log</c>.</summary>
    public static LogFamily OfSink(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var full = Path.GetFullPath(path);
        return new LogFamily(Path.GetDirectoryName(full) ?? full, Path.GetFileNameWithoutExtension(full), Path.GetExtension(full));
    }

    /// <summary>The logs that a file of Serilog's configuration sends lines to files of; none where it has no such sink.</summary>
    /// <param name="serilog">the file, as <c>actorsock.logging.serilog</c> names it</param>
    public static IReadOnlyList<LogFamily> OfConfiguration(string serilog)
    {
        ArgumentNullException.ThrowIfNull(serilog);
        var families = new List<LogFamily>();
        Add(new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(serilog)).Build().GetSection("Serilog"));
        return families;

        void Add(IConfigurationSection section)
        {
            // Serilog replaces such variables, too.
            if (section["Name"] == "File" && section["Args:path"] is { Length: > 0 } path)
                families.Add(OfSink(Environment.ExpandEnvironmentVariables(path)));
            foreach (var inner in section.GetChildren())
                Add(inner);
        }
    }

    /// <summary>The family of one file, and its place in it.</summary>
    public static (LogFamily Family, LogFile File) OfFile(string path)
    {
        ArgumentNullException.ThrowIfNull(path);
        var full = Path.GetFullPath(path);
        var name = Path.GetFileNameWithoutExtension(full);
        var rolled = Rolled().Match(name);
        return (new LogFamily(Path.GetDirectoryName(full) ?? full, name[..rolled.Index], Path.GetExtension(full)),
            new LogFile(full, rolled.Groups[1].Value, NumberOf(rolled.Groups[2])));
    }

    /// <summary>Those that are there, the oldest first; none when the folder is not there.</summary>
    public IReadOnlyList<LogFile> Files()
    {
        if (!Directory.Exists(Folder))
            return [];
        var files = new List<LogFile>();
        foreach (var path in Directory.EnumerateFiles(Folder))
        {
            var name = Path.GetFileName(path);
            if (name.Length < Prefix.Length + Suffix.Length || !name.StartsWith(Prefix, StringComparison.Ordinal)
                || !name.EndsWith(Suffix, StringComparison.Ordinal))
                continue;
            var middle = Middle().Match(name[Prefix.Length..^Suffix.Length]);
            if (middle.Success)
                files.Add(new LogFile(path, middle.Groups[1].Value, NumberOf(middle.Groups[2])));
        }
        files.Sort((one, other) => one.CompareTo(other));
        return files;
    }

    /// <summary>Why no line could be written to files here, for a person; null where it can. Serilog would go on without a word.</summary>
    public string? WhyNotWritable()
    {
        try
        {
            Directory.CreateDirectory(Folder);
            using (new FileStream(Path.Combine(Folder, $"{Prefix}{Guid.NewGuid():N}.tmp"), new FileStreamOptions
            {
                Mode = FileMode.CreateNew,
                Access = FileAccess.Write,
                Options = FileOptions.DeleteOnClose,
            }))
                return Files() is [.., { Path: var newest }] && !MayAppend(newest)
                    ? $"the log '{newest}' may not be written to: give it to the user that the node runs as"
                    : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return $"no log can be written in '{Folder}': {e.Message} Give the folder to the user that the node runs as, or start it in another one";
        }
    }

    private static bool MayAppend(string path)
    {
        try
        {
            new FileStream(path, FileMode.Open, FileAccess.Write, FileShare.ReadWrite | FileShare.Delete).Dispose();
            return true;
        }
        catch (FileNotFoundException)
        {
            return true; // it has gone meanwhile
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static int NumberOf(Group digits) => digits.Success ? int.Parse(digits.ValueSpan, CultureInfo.InvariantCulture) : 0;

    // yyyy to yyyyMMddHHmm; numbers have three digits or more.
    [GeneratedRegex("([0-9]{4,12})?(?:_([0-9]{3,9}))?$")]
    private static partial Regex Rolled();

    [GeneratedRegex("^([0-9]{4,12})?(?:_([0-9]{3,9}))?$")]
    private static partial Regex Middle();
}
