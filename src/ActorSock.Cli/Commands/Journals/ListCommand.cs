using System.CommandLine;
using ActorSock.Journal;

namespace ActorSock.Cli.Commands.Journals;

/// <summary><c>actorsock journal list</c>: the records, or some of them, oldest first.</summary>
internal static class ListCommand
{
    public static Command Create()
    {
        var last = JournalLines.LastOption("Only the last N of those that are wanted");
        var json = JournalLines.JsonOption();
        var filter = new JournalFilter();
        var command = new Command("list", "Show what was stored, the oldest first");
        command.Options.Add(last);
        filter.AddTo(command);
        command.Options.Add(json);
        command.SetReader((parsed, folder, cancelled) =>
        {
            using var lines = new JournalLines(parsed, json);
            List(folder, filter.Of(parsed), parsed.GetValue(last), lines, cancelled);
            return Task.FromResult(lines.ExitCode);
        });
        return command;
    }

    private static void List(
        string folder, Func<JournalRecord, bool>? wanted, int? last, JournalLines lines, CancellationToken cancelled)
    {
        using var reader = new JournalReader(folder, FirstOf(folder, wanted is null ? last : null));
        var kept = new Queue<JournalEntry>();
        while (!lines.AreClosed && reader.TryRead(out var entry))
        {
            cancelled.ThrowIfCancellationRequested();
            if (entry.Record is { } record && wanted?.Invoke(record) == false)
                continue;
            if (last is not { } count || entry.Record is null)
                lines.Write(entry);
            else
                Keep(kept, entry, count);
        }
        foreach (var entry in kept)
            lines.Write(entry);
        lines.Flush();
    }

    /// <summary>The first record to look at, when only the last ones are wanted, whatever they say.</summary>
    public static long FirstOf(string folder, int? last) =>
        last is { } count ? Math.Max(1, JournalReader.LastSequenceIn(folder) - count + 1) : 1;

    private static void Keep(Queue<JournalEntry> kept, JournalEntry entry, int count)
    {
        kept.Enqueue(entry);
        if (kept.Count > count)
            kept.Dequeue();
    }
}
