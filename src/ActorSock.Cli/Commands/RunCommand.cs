using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ActorSock.Client;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock run</c>: runs one of a server's commands, as if it ran here.</summary>
internal static class RunCommand
{
    private const string DefaultAddress = "127.0.0.1:7074";

    public static Command Create()
    {
        var words = new Argument<string[]>("NAME [ARGUMENT]...")
        {
            Description = "The command, as the server's operator has named it, and its arguments; -- in front of what " +
                "begins with - where this program has an option of that name",
            Arity = ArgumentArity.OneOrMore,
        };
        var to = new Option<string>("--to")
        {
            Description = "The server",
            HelpName = "HOST:PORT|[v6]:PORT|unix:/path",
            DefaultValueFactory = _ => DefaultAddress,
        };
        var key = new KeyFileOption();
        var json = new Option<bool>("--json") { Description = "Write how it ended and what it wrote as a line of JSON" };
        var command = new Command("run", "Run one of a server's commands, and exit as it did") { words, to, key, json };
        to.Validators.Add(result =>
        {
            try
            {
                ServerAddress.Parse(result.GetValueOrDefault<string>() ?? "");
            }
            catch (FormatException wrong)
            {
                result.AddError(wrong.Message);
            }
        });
        command.SetAction((parsed, cancel) => Run(
            parsed.GetRequiredValue(to), key.Of(parsed), parsed.GetRequiredValue(words), parsed.GetValue(json),
            parsed.InvocationConfiguration, cancel));
        return command;
    }

    private static async Task<int> Run(
        string address, ClientKey? key, string[] words, bool json, InvocationConfiguration console, CancellationToken cancel)
    {
        try
        {
            await using var connection = await CommandConnection.ConnectAsync(address, key, cancel);
            return json
                ? await RunForPrograms(connection, words, console, cancel)
                : await RunForPeople(connection, words, console, cancel);
        }
        catch (Exception unreachable) when (unreachable is SocketException or KeyRefusedException)
        {
            await console.Error.WriteLineAsync($"cannot reach {address}: {unreachable.Message}");
            return ExitCode.Unreachable;
        }
        catch (Exception failed) when (failed is IOException or ArgumentException)
        {
            await console.Error.WriteLineAsync(Escaping.Printable(failed.Message));
            return ExitCode.Failed;
        }
    }

    private static async Task<int> RunForPeople(
        CommandConnection connection, string[] words, InvocationConfiguration console, CancellationToken cancel)
    {
        await using var output = Console.OpenStandardOutput();
        await using var error = Console.OpenStandardError();
        var reply = await connection.RunAsync(words, output, error, cancel);
        var note = reply switch
        {
            RunReply.Refused refused => refused.Why,
            RunReply.Killed killed => $"{words[0]}: killed: {killed.Why}",
            { IsCut: true } => $"{words[0]}: there was more output than the server allows",
            _ => null,
        };
        if (note is not null)
            await console.Error.WriteLineAsync(Escaping.Printable(note));
        return CodeOf(reply);
    }

    private static async Task<int> RunForPrograms(
        CommandConnection connection, string[] words, InvocationConfiguration console, CancellationToken cancel)
    {
        using var output = new MemoryStream();
        using var error = new MemoryStream();
        var reply = await connection.RunAsync(words, output, error, cancel);
        await console.Output.WriteLineAsync(JsonLine.Of(json => Write(json, reply, Text(output), Text(error))));
        return CodeOf(reply);
    }

    private static void Write(Utf8JsonWriter json, RunReply reply, string output, string error)
    {
        switch (reply)
        {
            case RunReply.Exited(var status):
                json.WriteNumber("exit", status);
                break;
            case RunReply.Killed(var signal, var why):
                json.WriteNumber("signal", signal);
                json.WriteString("why", why);
                break;
            case RunReply.Refused(var code, var why):
                json.WriteNumber("refused", code);
                json.WriteString("why", why);
                break;
        }
        json.WriteBoolean("cut", reply.IsCut);
        json.WriteNumber("duration", Math.Round((decimal)reply.Duration.TotalSeconds, 6));
        json.WriteString("stdout", output);
        json.WriteString("stderr", error);
    }

    private static string Text(MemoryStream bytes) => Encoding.UTF8.GetString(bytes.GetBuffer(), 0, (int)bytes.Length);

    private static int CodeOf(RunReply reply) => reply is RunReply.Exited exited ? exited.Status : ExitCode.Failed;
}
