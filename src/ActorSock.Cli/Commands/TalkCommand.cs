using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using ActorSock.Cli.Commands.Talking;
using ActorSock.Cli.Terminal;
using ActorSock.Client;
using ActorSock.Client.Chat;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock talk</c>: joins the chat of a node.</summary>
internal static class TalkCommand
{
    private const int NameBytesMax = 255; // the most that a node can allow

    public static Command Create()
    {
        var name = new Argument<string>("NAME") { Description = "Your name there: one word" };
        name.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } text && ChatName.WrongWith(text, NameBytesMax) is { } wrong)
                given.AddError($"the name '{Escaping.Printable(text)}' {wrong}");
        });
        var to = new Option<string>("--to")
        {
            Description = "The node",
            HelpName = "HOST:PORT|[v6]:PORT|unix:/path",
            DefaultValueFactory = _ => "127.0.0.1:7073",
        };
        to.Validators.Add(CheckAddress);
        var tcp = new Option<bool>("--tcp") { Description = "Over a connection in the place of datagrams" };
        var json = new Option<bool>("--json") { Description = "Write a line of JSON for each text and each thing that happens" };
        var key = new KeyFileOption();
        var command = new Command("talk",
            "Talk on a node: what you type everybody hears, @NAME TEXT says it to one, /who tells who is there, /leave or Ctrl-D " +
            "ends. Through a pipe a line is said when it is known what became of the one before, and texts are printed")
        {
            name, to, tcp, key, json,
        };
        command.Validators.Add(given =>
        {
            var isConnection = given.GetValue(tcp) || given.GetValue(to)?.StartsWith("unix:", StringComparison.Ordinal) == true;
            if (given.GetValue(key) is not null && !isConnection)
                given.AddError("--key-file goes with --tcp: nobody is asked for a key over UDP");
        });
        command.SetAction((parsed, cancelled) => Run(
            parsed.GetRequiredValue(name), parsed.GetRequiredValue(to),
            new ChatOptions { OverTcp = parsed.GetValue(tcp), Key = key.Of(parsed) }, parsed.GetValue(json),
            parsed.InvocationConfiguration.Error, cancelled));
        return command;
    }

    private static async Task<int> Run(
        string name, string to, ChatOptions options, bool json, TextWriter error, CancellationToken cancelled)
    {
        try
        {
            await using var client = await ChatClient.JoinAsync(to, name, options, cancelled);
            using var dialogue = Dialogue.Open(error, Console.IsInputRedirected ? null : HistoryFile.Open("talk"));
            var report = new TalkReport(dialogue, json);
            report.Remark($"{client.Name} is in the chat of {to}{(dialogue.IsOnTerminal ? "; /help tells what can be typed" : "")}");
            return await new TalkRun(client, dialogue, report).RunAsync(cancelled);
        }
        catch (Exception e) when (e is SocketException or TimeoutException or KeyRefusedException)
        {
            await error.WriteLineAsync($"cannot reach a chat at {to}: {Escaping.Printable(e.Message)}: start a node there, or name another with --to");
            return ExitCode.Unreachable;
        }
        catch (ChatRefusedException refused)
        {
            await error.WriteLineAsync($"{to} does not let {Escaping.Printable(name)} in: {Escaping.Printable(refused.Message)}");
            return ExitCode.Failed;
        }
        catch (IOException failed)
        {
            await error.WriteLineAsync(failed.Message);
            return ExitCode.Failed;
        }
    }

    private static void CheckAddress(OptionResult given)
    {
        try
        {
            if (given.GetValueOrDefault<string>() is { } address) ServerAddress.Parse(address);
        }
        catch (FormatException wrong)
        {
            given.AddError(Escaping.Printable(wrong.Message));
        }
    }
}
