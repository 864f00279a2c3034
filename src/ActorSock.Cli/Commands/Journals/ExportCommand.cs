using System.CommandLine;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Journal;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Journals;

/// <summary><c>actorsock journal export</c>: MD5SUMS of what is stored, for <c>md5sum -c</c> in the root.</summary>
internal static class ExportCommand
{
    public static Command Create()
    {
        var to = new Option<string>("--out", "-o")
        {
            Description = "Write to this file, which is replaced at once when all is written",
            HelpName = "FILE",
        };
        var command = new Command("export", "Write MD5SUMS of what is stored: cd ROOT && md5sum -c takes them");
        command.Options.Add(to);
        command.SetReader((parsed, folder, cancelled) => Task.FromResult(
            Export(folder, parsed.GetValue(to), parsed.InvocationConfiguration.Error, cancelled)));
        return command;
    }

    private static int Export(string folder, string? path, TextWriter error, CancellationToken cancelled)
    {
        var files = new SortedDictionary<string, Md5Digest?>(StringComparer.Ordinal);
        var verdict = JournalVerifier.Verify(folder, record => Take(files, record), cancelled);
        if (verdict.Fault is { } fault)
        {
            error.WriteLine($"nothing is exported, because the journal is broken: {fault}: see what 'actorsock journal "
                + "verify' says, and put a good copy of the file there");
            return ExitCode.Failed;
        }
        foreach (var remark in VerifyCommand.Remarks(verdict))
            error.WriteLine(remark);
        var unknown = files.Values.Count(static digest => digest is null);
        if (unknown > 0)
            error.WriteLine(FormattableString.Invariant($"{unknown} files are left out: the journal has no MD5 of them"));
        var lines = files.Where(static file => file.Value is not null).Select(static file => Line(file.Key, file.Value!.Value));
        if (path is null)
            Write(lines);
        else
            WriteTo(path, lines);
        return ExitCode.Done;
    }

    /// <summary>The newest record of a name is what is stored under it.</summary>
    private static void Take(SortedDictionary<string, Md5Digest?> files, JournalRecord record)
    {
        if (record.Did != JournalDeed.Stored)
            files.Remove(record.Name);
        if (record.Did != JournalDeed.Deleted)
            files[record.To ?? record.Name] = record.Digest;
    }

    private static void Write(IEnumerable<string> lines)
    {
        using var results = new Results();
        foreach (var line in lines)
            results.WriteLine(line);
        results.Flush();
    }

    private static void WriteTo(string path, IEnumerable<string> lines)
    {
        var beside = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            using (var file = new StreamWriter(beside, append: false, new UTF8Encoding(false)) { NewLine = "\n" })
            {
                foreach (var line in lines)
                    file.WriteLine(line);
            }
            File.Move(beside, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            if (File.Exists(beside))
                File.Delete(beside);
            throw new IOException($"cannot write '{path}': {e.Message}", e);
        }
    }

    /// <summary>As md5sum of GNU coreutils writes it: a name with a backslash or the end of a line is escaped, and the
    /// line begins with a backslash then.</summary>
    private static string Line(string name, Md5Digest digest) => name.AsSpan().ContainsAny('\\', '\n', '\r')
        ? $"\\{digest}  {name.Replace("\\", "\\\\").Replace("\n", "\\n").Replace("\r", "\\r")}"
        : $"{digest}  {name}";
}
