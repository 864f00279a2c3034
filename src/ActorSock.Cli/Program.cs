using System.CommandLine;
using System.CommandLine.Invocation;
using ActorSock.Cli;
using ActorSock.Cli.Commands;
using ActorSock.Settings;

// Each command is a file of its name.
(string Name, Func<Command> Create)[] commands =
[
    ("serve", ServeCommand.Create),
    ("put", PutCommand.Create),
    ("get", GetCommand.Create),
    ("ls", LsCommand.Create),
    ("stat", StatCommand.Create),
    ("rm", RmCommand.Create),
    ("mv", MvCommand.Create),
    ("sync", SyncCommand.Create),
    ("run", RunCommand.Create),
    ("tree", TreeCommand.Create),
    ("check", CheckCommand.Create),
    ("journal", JournalCommand.Create),
    ("logs", LogsCommand.Create),
    ("chat", ChatCommand.Create),
    ("connect", ConnectCommand.Create),
    ("talk", TalkCommand.Create),
    ("load", LoadCommand.Create),
];

var root = new RootCommand("Takes files from many clients at once, and says so only when it has them.");
// To make one of them takes milliseconds, and of most that run no other is wanted.
var named = commands.Where(command => args is [var name, ..] && name == command.Name).ToArray();
foreach (var (_, create) in named.Length > 0 ? named : commands) root.Subcommands.Add(create());

// An argument that begins with @ is a name and not a file of more arguments.
var parsed = root.Parse(args, new ParserConfiguration { ResponseFileTokenReplacer = null });
if (parsed.Action is ParseErrorAction misuse)
{
    misuse.ShowHelp = args.Length == 0;
    parsed.Invoke(new InvocationConfiguration { Output = Console.Error });
    return ExitCode.Misuse;
}

try
{
    return await parsed.InvokeAsync(new InvocationConfiguration
    {
        EnableDefaultExceptionHandler = false,
        // The first signal cancels the command's token; how long it then takes is the command's matter.
        ProcessTerminationTimeout = Timeout.InfiniteTimeSpan,
    });
}
catch (SettingsException wrong)
{
    Console.Error.WriteLine(wrong.Message);
    return ExitCode.Misuse;
}
catch (OperationCanceledException)
{
    return ExitCode.Interrupted;
}
