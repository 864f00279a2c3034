using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net.Sockets;
using ActorSock.Cli.Commands.Chatting;
using ActorSock.Cli.Terminal;
using ActorSock.Settings;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock chat</c>: the person who answers the course's chat clients, over UDP.</summary>
internal static class ChatCommand
{
    public static Command Create()
    {
        var listen = new Option<string>("--listen")
        {
            Description = "Where messages come in; port 0 asks the system for one",
            HelpName = "HOST:PORT|[v6]:PORT",
            Required = true,
        };
        listen.Validators.Add(CheckEndpoint);
        var command = new Command("chat",
            "Show messages that come by UDP, and answer them: a typed line goes to whoever has waited longest. " +
            "Through a pipe each line of the input answers one message")
        {
            listen,
        };
        command.SetAction((parsed, cancelled) => Run(
            Endpoint.Parse(parsed.GetRequiredValue(listen)), parsed.InvocationConfiguration.Error, cancelled));
        return command;
    }

    private static async Task<int> Run(Endpoint endpoint, TextWriter error, CancellationToken cancelled)
    {
        ChatSocket socket;
        try
        {
            socket = ChatSocket.Open(endpoint);
        }
        catch (SocketException cannot)
        {
            await error.WriteLineAsync($"cannot listen on udp://{Written(endpoint)}: {cannot.Message}: " +
                "stop what listens there, or say --listen with another address");
            return ExitCode.Unreachable;
        }
        using (socket)
        using (var dialogue = Dialogue.Open(error))
        {
            var help = dialogue.IsOnTerminal ? "; /help tells what can be typed" : "";
            dialogue.Remark($"listening on udp://{socket.Address}{help}");
            return await new ChatRun(socket, dialogue).RunAsync(cancelled);
        }
    }

    private static void CheckEndpoint(OptionResult given)
    {
        var text = given.GetValueOrDefault<string>();
        if (text is null) return;
        if (!Endpoint.TryParse(text, out var endpoint, out var why))
            given.AddError($"--listen {text} is no endpoint: {why}");
        else if (endpoint is Endpoint.Unix)
            given.AddError($"--listen {text}: chat speaks UDP: write HOST:PORT or [v6]:PORT");
    }

    private static string Written(Endpoint endpoint) => $"{endpoint}".Split("://")[^1];
}
