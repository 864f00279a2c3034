using System.CommandLine;
using System.Globalization;
using ActorSock.Journal;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Journals;

/// <summary>Writes records as a table or as they stand in the journal, and complains of lines that are none.</summary>
internal sealed class JournalLines : IDisposable
{
    private readonly Results _results = new();
    private readonly TextWriter _error;
    private readonly bool _json;

    public JournalLines(ParseResult parsed, Option<bool> json)
    {
        _error = parsed.InvocationConfiguration.Error;
        _json = parsed.GetValue(json);
        if (!_json && Results.AreOnTerminal)
            _results.WriteLine(Row("TIME", "SEQUENCE", "SIZE", "MD5", "DID", "CLIENT", "NAME"));
    }

    /// <summary>Whether nobody reads them any more.</summary>
    public bool AreClosed => _results.IsClosed;

    /// <summary>What the command ends with: after a line that is no record it has failed.</summary>
    public int ExitCode { get; private set; } = Cli.ExitCode.Done;

    public static Option<int?> LastOption(string description)
    {
        return new Option<int?>("--last", "-n")
        {
            Description = description,
            HelpName = "N",
            // In our words: the library's own name a type of .NET.
            CustomParser = given =>
            {
                if (int.TryParse(given.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var count) && count >= 0)
                    return count;
                given.AddError(count < 0 ? "--last must not be negative" : $"--last {Escaping.Printable(given.Tokens[0].Value)} is no number");
                return null;
            },
        };
    }

    public static Option<bool> JsonOption() =>
        new("--json") { Description = "Write the lines of the journal as they are: JSON" };

    public void Write(JournalEntry entry)
    {
        if (entry.Record is not { } record)
        {
            ExitCode = Cli.ExitCode.Failed;
            _results.Flush();
            _error.WriteLine(FormattableString.Invariant(
                $"{entry.File} line {entry.Line}: {entry.Why}: see what 'actorsock journal verify' says"));
        }
        else if (_json)
        {
            _results.WriteLine(entry.Bytes.Span);
        }
        else
        {
            _results.WriteLine(Row(record));
        }
    }

    public void Flush() => _results.Flush();

    public void Dispose() => _results.Dispose();

    private static string Row(JournalRecord record) => Row(
        record.Time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture),
        record.Sequence.ToString(CultureInfo.InvariantCulture), record.Size.ToString(CultureInfo.InvariantCulture),
        record.Digest?.ToString() ?? "-", record.Did.ToString().ToLowerInvariant(), Escaping.Printable(record.Client),
        Escaping.Printable(record.To is { } to ? $"{record.Name} -> {to}" : record.Name));

    private static string Row(string time, string sequence, string size, string md5, string did, string client, string name) =>
        $"{time,-24} {sequence,8} {size,12} {md5,-32} {did,-7} {client,-21} {name}";
}
