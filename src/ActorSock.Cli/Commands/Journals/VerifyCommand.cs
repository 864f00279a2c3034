using System.CommandLine;
using System.Text;
using System.Text.Json;
using ActorSock.Journal;

namespace ActorSock.Cli.Commands.Journals;

/// <summary><c>actorsock journal verify</c>: whether the journal is whole, or what is the first fault.</summary>
internal static class VerifyCommand
{
    public static Command Create()
    {
        var json = new Option<bool>("--json") { Description = "Write JSON" };
        var command = new Command("verify", "Check every record, and that each follows the one before");
        command.Options.Add(json);
        command.SetReader((parsed, folder, cancelled) =>
        {
            var verdict = JournalVerifier.Verify(folder, cancelled: cancelled);
            var console = parsed.InvocationConfiguration;
            console.Output.WriteLine(parsed.GetValue(json) ? Json(verdict) : Text(verdict));
            foreach (var remark in Remarks(verdict))
                console.Error.WriteLine(remark);
            return Task.FromResult(verdict.Fault is null ? ExitCode.Done : ExitCode.Failed);
        });
        return command;
    }

    /// <summary>What is no fault, and may surprise.</summary>
    public static IEnumerable<string> Remarks(JournalVerdict verdict)
    {
        if (verdict.First is { Sequence: > 1 } first)
            yield return $"it begins with record {first.Sequence}: the files before it are not here";
        if (verdict.IncompleteBytes > 0)
            yield return $"{verdict.IncompleteBytes} bytes at its end are no whole line: a node is writing it, or a "
                + "crash tore it, and the node cuts it off when it starts";
    }

    private static string Text(JournalVerdict verdict)
    {
        var range = $"{verdict.First?.Sequence} to {verdict.Last?.Sequence}";
        var whole = verdict switch
        {
            { Records: 0 } => "no records",
            { Records: 1 } => $"1 record, {verdict.First!.Sequence}, in 1 file",
            { Files: 1 } => $"{verdict.Records} records, {range}, in 1 file",
            _ => $"{verdict.Records} records, {range}, in {verdict.Files} files",
        };
        if (verdict.Fault is { } fault)
            return $"broken: {fault}; whole before that: {whole}";
        return verdict.Last is { } last ? $"whole: {whole}; last hash {last.Hash}" : $"whole: {whole}";
    }

    private static string Json(JournalVerdict verdict)
    {
        using var bytes = new MemoryStream();
        using (var writer = new Utf8JsonWriter(bytes))
        {
            writer.WriteStartObject();
            writer.WriteBoolean("whole", verdict.Fault is null);
            writer.WriteNumber("records", verdict.Records);
            writer.WriteNumber("files", verdict.Files);
            writer.WriteNumber("bytes", verdict.Bytes);
            WriteRecord(writer, "first", verdict.First);
            WriteRecord(writer, "last", verdict.Last);
            writer.WriteNumber("incompleteBytes", verdict.IncompleteBytes);
            if (verdict.Fault is { } fault)
            {
                writer.WriteStartObject("fault");
                writer.WriteString("file", fault.File);
                if (fault.Line is { } line)
                    writer.WriteNumber("line", line);
                else
                    writer.WriteNull("line");
                writer.WriteString("why", fault.Why);
                writer.WriteEndObject();
            }
            else
            {
                writer.WriteNull("fault");
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray());
    }

    private static void WriteRecord(Utf8JsonWriter writer, string name, JournalRecord? record)
    {
        if (record is null)
        {
            writer.WriteNull(name);
            return;
        }
        writer.WriteStartObject(name);
        writer.WriteNumber("seq", record.Sequence);
        writer.WriteString("time", record.Time.UtcDateTime);
        writer.WriteString("hash", record.Hash.ToString());
        writer.WriteEndObject();
    }
}
