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
        // The newest record of a name is what is stored under it.
        var digests = new SortedDictionary<string, Md5Digest>(StringComparer.Ordinal);
        var verdict = JournalVerifier.Verify(folder, record => digests[record.Name] = record.Digest, cancelled);
        if (verdict.Fault is { } fault)
        {
            error.WriteLine($"nothing is exported, because the journal is broken: {fault}: see what 'actorsock journal "
                + "verify' says, and put a good copy of the file there");
            return ExitCode.Failed;
        }
        foreach (var remark in VerifyCommand.Remarks(verdict))
            error.WriteLine(remark);
        if (path is null)
            WriteTo(digests);
        else
            WriteTo(path, digests);
        return ExitCode.Done;
    }

    private static void WriteTo(SortedDictionary<string, Md5Digest> digests)
    {
        using var results = new Results();
        foreach (var (name, digest) in digests)
            results.WriteLine(Line(name, digest));
        results.Flush();
    }

    private static void WriteTo(string path, SortedDictionary<string, Md5Digest> digests)
    {
        var beside = $"{path}.{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        try
        {
            using (var file = new StreamWriter(beside, append: false, new UTF8Encoding(false)) { NewLine = "\n" })
            {
                foreach (var (name, digest) in digests)
                    file.WriteLine(Line(name, digest));
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
