using System.CommandLine;
using System.CommandLine.Parsing;
using System.Net;
using System.Net.Sockets;
using ActorSock.Cli.Commands.Connecting;
using ActorSock.Cli.Terminal;
using ActorSock.Client;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock connect</c>: types lines to a service and shows what it answers.</summary>
internal static class ConnectCommand
{
    public static Command Create()
    {
        var address = new Argument<string>("ADDRESS") { Description = "HOST:PORT, [v6]:PORT or unix:/path" };
        address.Validators.Add(given => CheckAddress(given, given.GetValueOrDefault<string>()));
        var udp = new Option<bool>("--udp") { Description = "Send each line as a datagram" };
        var lines = new Option<bool>("--lines") { Description = "End each line that is sent with a line feed" };
        var key = new KeyFileOption();
        var wait = new Option<string>("--wait")
        {
            Description = "How long to wait for an answer through a pipe, and for the service's close at the end",
            HelpName = "TIME",
            DefaultValueFactory = _ => "5s",
        };
        wait.Validators.Add(given =>
        {
            if (ParseWait(given.GetValueOrDefault<string>()) is null)
                given.AddError("--wait takes a time such as 500ms, 5s or 1m");
        });
        var command = new Command("connect",
            "Talk to a service: type a line, see the answer. Through a pipe a line is sent when the one before it " +
            "is answered, and only answers are printed")
        {
            address, udp, lines, key, wait,
        };
        command.Validators.Add(given =>
        {
            if (!given.GetValue(udp)) return;
            if (given.GetValue(address)?.StartsWith("unix:", StringComparison.Ordinal) == true)
                given.AddError("--udp goes with HOST:PORT or [v6]:PORT: a Unix socket takes connections");
            if (given.GetResult(key) is not null)
                given.AddError("--key-file goes with connections: over UDP nobody asks for a key");
        });
        command.SetAction((parsed, cancelled) =>
        {
            var service = new ServiceAddress(parsed.GetRequiredValue(address), parsed.GetValue(udp));
            var way = new WayToTalk(parsed.GetValue(lines), ParseWait(parsed.GetValue(wait)) ?? TimeSpan.Zero);
            return Run(service, key.Of(parsed), way, parsed.InvocationConfiguration.Error, cancelled);
        });
        return command;
    }

    private static async Task<int> Run(
        ServiceAddress address, ClientKey? key, WayToTalk way, TextWriter error, CancellationToken cancelled)
    {
        try
        {
            using var service = await ServiceLink.OpenAsync(address, key, cancelled);
            using var dialogue = Dialogue.Open(error);
            return dialogue.IsOnTerminal
                ? await new FreeTalk(service, dialogue, way).RunAsync(cancelled)
                : await new Lockstep(service, dialogue, way).RunAsync(cancelled);
        }
        catch (SocketException unreachable)
        {
            await error.WriteLineAsync(
                $"cannot reach {address}: {unreachable.Message}: start the service there, or name another address");
            return ExitCode.Unreachable;
        }
        catch (KeyRefusedException refused)
        {
            await error.WriteLineAsync($"{address} did not ask for a key: {refused.Message}");
            return ExitCode.Unreachable;
        }
        catch (IOException failed)
        {
            await error.WriteLineAsync(failed.Message);
            return ExitCode.Failed;
        }
    }

    private static TimeSpan? ParseWait(string? text) =>
        TimeWithUnit.Of(text) is { TotalDays: > 0 and <= 1 } wait ? wait : null;

    private static void CheckAddress(ArgumentResult given, string? address)
    {
        try
        {
            if (address is not null) ServerAddress.Parse(address);
        }
        catch (FormatException wrong)
        {
            given.AddError(Escaping.Printable(wrong.Message));
        }
    }
}
