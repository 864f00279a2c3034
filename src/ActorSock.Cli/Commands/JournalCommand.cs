using System.CommandLine;
using ActorSock.Cli.Commands.Journals;
using ActorSock.Journal;
using ActorSock.Settings;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock journal</c>: what a node has stored. Only reads, whether the node runs or not.</summary>
internal static class JournalCommand
{
    public static Command Create() => new("journal", "Show, follow, check or export the record of what was stored")
    {
        ListCommand.Create(),
        FollowCommand.Create(),
        VerifyCommand.Create(),
        ExportCommand.Create(),
    };

    /// <summary>Lets a command do something with the journal that the settings name.</summary>
    /// <param name="command">The command; it gets the options for settings.</param>
    /// <param name="read">Gets the folder of the journal; gives the exit code.</param>
    public static void SetReader(
        this Command command, Func<ParseResult, string, CancellationToken, Task<int>> read)
    {
        var options = new SettingsOptions();
        options.AddTo(command);
        command.SetAction((parsed, cancelled) =>
        {
            var root = SettingsLoader.Load(options.Sources(parsed)).Settings.Files.Root;
            // Off the thread that waits for Ctrl-C.
            return Task.Run(() => Read(parsed, root, read, cancelled), CancellationToken.None);
        });
    }

    private static async Task<int> Read(
        ParseResult parsed, string root, Func<ParseResult, string, CancellationToken, Task<int>> read,
        CancellationToken cancelled)
    {
        var error = parsed.InvocationConfiguration.Error;
        var folder = JournalReader.FolderOf(root);
        try
        {
            return await read(parsed, folder, cancelled);
        }
        catch (DirectoryNotFoundException)
        {
            await error.WriteLineAsync($"there is no journal: '{Escaping.Printable(folder)}' is missing: name the root of "
                + "the node with --root, --config or --set");
            return ExitCode.Misuse;
        }
        catch (UnauthorizedAccessException)
        {
            await error.WriteLineAsync($"cannot read the journal '{Escaping.Printable(folder)}': no permission: run this as "
                + "the user that the node runs as");
            return ExitCode.Failed;
        }
        catch (IOException cannot)
        {
            await error.WriteLineAsync(Escaping.Printable(cannot.Message));
            return ExitCode.Failed;
        }
    }
}
