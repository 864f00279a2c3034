using System.CommandLine;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using ActorSock.Client;
using ActorSock.Conversations;
using ActorSock.Settings;
using ActorSock.Supervision;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands;

/// <summary><c>actorsock tree</c>: the live actors of a running node, asked over its admin socket.</summary>
internal static class TreeCommand
{
    public static Command Create()
    {
        var options = new SettingsOptions();
        var json = new Option<bool>("--json") { Description = "Write JSON" };
        var brief = new Option<bool>("--brief") { Description = "Leave out what each actor is about" };
        var command = new Command("tree", "Show the live actors of the node that runs on these settings");
        options.AddTo(command);
        command.Options.Add(json);
        command.Options.Add(brief);
        command.SetAction((parsed, cancelled) => Run(
            options.Sources(parsed), parsed.GetValue(json), parsed.GetValue(brief), parsed.InvocationConfiguration, cancelled));
        return command;
    }

    private static async Task<int> Run(SettingsSources sources, bool json, bool brief, InvocationConfiguration console, CancellationToken cancelled)
    {
        if (SettingsLoader.Load(sources).Settings.Admin.Endpoint is not { } endpoint)
        {
            await console.Error.WriteLineAsync("no admin socket: actorsock.admin.endpoint is off: set it, and start the node again");
            return ExitCode.Unreachable;
        }
        string answer;
        try
        {
            answer = await Ask(endpoint, "tree", cancelled);
        }
        catch (SocketException denied) when (denied.SocketErrorCode == SocketError.AccessDenied)
        {
            await console.Error.WriteLineAsync(NotLetIn(endpoint));
            return ExitCode.Unreachable;
        }
        catch (Exception e) when (e is SocketException or IOException)
        {
            await console.Error.WriteLineAsync(NotReached(endpoint, e));
            return ExitCode.Unreachable;
        }
        if (TreeIn(answer) is not { Name: not null } tree)
        {
            await console.Error.WriteLineAsync($"the node at {endpoint} gave no tree: it may be stopping, or of another version: try again, or compare versions. It said: {Escaping.Printable(answer)}");
            return ExitCode.Failed;
        }
        await console.Output.WriteAsync(json ? answer + "\n" : tree.ToText(notes: !brief));
        return ExitCode.Done;
    }

    /// <summary>The mode of an admin socket is 0600, always.</summary>
    public static string NotLetIn(Endpoint endpoint) =>
        $"you may not open {endpoint}: only the user that the node runs as may, and root: run this as one of them";

    public static string NotReached(Endpoint endpoint, Exception why)
    {
        var plainly = why is SocketException failed ? ServerSocket.Plainly(failed, endpoint.Resolve()) : null;
        return $"cannot reach a node at {endpoint}: {plainly ?? why.Message}: start it, or name its settings with --root, --config or --set";
    }

    private static TreeNode? TreeIn(string answer)
    {
        try
        {
            return JsonSerializer.Deserialize(answer, AdminJson.Default.TreeNode);
        }
        catch (JsonException)
        {
            return null; // a node that is draining says something else, or nothing
        }
    }

    /// <summary>One line to the node, and everything that it answers.</summary>
    private static async Task<string> Ask(Endpoint endpoint, string question, CancellationToken cancelled)
    {
        var address = endpoint.Resolve();
        using var socket = new Socket(address.AddressFamily, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(address, cancelled);
        await using var stream = new NetworkStream(socket);
        await stream.WriteAsync(Encoding.UTF8.GetBytes(question + "\n"), cancelled);
        using var reader = new StreamReader(stream, Encoding.UTF8);
        return await reader.ReadToEndAsync(cancelled);
    }
}
