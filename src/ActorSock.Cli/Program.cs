using System.CommandLine;
using System.CommandLine.Invocation;
using ActorSock.Cli;
using ActorSock.Cli.Commands;
using ActorSock.Settings;

// Each command is a file of its name.
var root = new RootCommand("Takes files from many clients at once, and says so only when it has them.")
{
    ServeCommand.Create(),
    PutCommand.Create(),
    GetCommand.Create(),
    LsCommand.Create(),
    StatCommand.Create(),
    RmCommand.Create(),
    MvCommand.Create(),
    SyncCommand.Create(),
    RunCommand.Create(),
    TreeCommand.Create(),
    CheckCommand.Create(),
    JournalCommand.Create(),
    LogsCommand.Create(),
    ChatCommand.Create(),
    ConnectCommand.Create(),
    TalkCommand.Create(),
    LoadCommand.Create(),
};

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
