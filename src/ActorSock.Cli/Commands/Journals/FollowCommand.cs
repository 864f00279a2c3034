using System.CommandLine;
using ActorSock.Journal;

namespace ActorSock.Cli.Commands.Journals;

/// <summary><c>actorsock journal follow</c>: the last records, and each further one as it comes.</summary>
internal static class FollowCommand
{
    /// <summary>Looking is one read of a file and one of a folder: five times a second they are not felt. Watching the
    /// folder would be told late or never on network file systems, and runs into limits of the system.</summary>
    private static readonly TimeSpan s_lookAgain = TimeSpan.FromMilliseconds(200);

    public static Command Create()
    {
        var last = JournalLines.LastOption("How many of those that are there come first");
        last.DefaultValueFactory = _ => 10;
        var json = JournalLines.JsonOption();
        var command = new Command("follow", "Show the last records and each further one, until Ctrl-C");
        command.Options.Add(last);
        command.Options.Add(json);
        command.SetReader(async (parsed, folder, cancelled) =>
        {
            using var lines = new JournalLines(parsed, json);
            await Follow(folder, parsed.GetValue(last) ?? 0, lines, cancelled);
            return lines.ExitCode;
        });
        return command;
    }

    private static async Task Follow(string folder, int last, JournalLines lines, CancellationToken cancelled)
    {
        using var reader = new JournalReader(folder, ListCommand.FirstOf(folder, last));
        while (!lines.AreClosed)
        {
            cancelled.ThrowIfCancellationRequested();
            if (reader.TryRead(out var entry))
            {
                lines.Write(entry);
                continue;
            }
            lines.Flush();
            await Task.Delay(s_lookAgain, cancelled);
        }
    }
}
