using System.CommandLine;
using ActorSock.Cli.Commands.Logs;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock logs</c>: the log of a node, from its files or from the running node itself.</summary>
internal static class LogsCommand
{
    public static Command Create()
    {
        var settings = new SettingsOptions();
        var filter = new LogFilterOptions();
        var files = new Argument<string[]>("file")
        {
            Description = "Files of a log, JSON or text [default: those that the settings name]",
            Arity = ArgumentArity.ZeroOrMore,
        };
        var follow = new Option<bool>("--follow", "-f") { Description = "Go on with what comes, until Ctrl-C" };
        var admin = new Option<string?>("--admin")
        {
            Description = "Ask the running node instead, at this address (unix:/path, HOST:PORT) [default: the one of the settings]",
            HelpName = "ADDRESS",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var last = Journals.JournalLines.LastOption("Only the last N of those that are there and wanted [default: all; 10 with --follow, unless --since is given]");
        var json = new Option<bool>("--json") { Description = "Write JSON: the lines as they are in the log" };
        var command = new Command("logs", "Show what a node has logged, and follow it")
        {
            files, follow, admin, last,
        };
        filter.AddTo(command);
        command.Options.Add(json);
        settings.AddTo(command);
        command.Validators.Add(given =>
        {
            if (given.GetResult(admin) is not null && given.GetResult(files) is { Tokens.Count: > 0 })
                given.AddError("--admin asks a node, and not files: leave one of them out");
        });
        command.SetAction((parsed, cancelled) =>
        {
            var wanted = new LogsRun.Wanted(filter.Of(parsed), parsed.GetValue(follow),
                parsed.GetValue(last) ?? (parsed.GetValue(follow) && !filter.HasBeginning(parsed) ? 10 : null), parsed.GetValue(json));
            var error = parsed.InvocationConfiguration.Error;
            if (wanted.Follow && filter.HasEnd(parsed))
            {
                error.WriteLine("--follow has no end, and --until is one: leave one of them out");
                return Task.FromResult(ExitCode.Misuse);
            }
            var run = new LogsRun(wanted, error, settings.Sources(parsed));
            // Off the thread that waits for Ctrl-C.
            return Task.Run(() => parsed.GetResult(admin) is not null
                ? run.OfNode(parsed.GetValue(admin), cancelled)
                : run.OfFiles(parsed.GetValue(files) ?? [], cancelled), CancellationToken.None);
        });
        return command;
    }
}
