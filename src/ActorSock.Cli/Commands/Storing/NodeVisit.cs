using System.CommandLine;
using System.Net.Sockets;
using ActorSock.Client;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Goes to a node, does something there, and tells what was in the way.</summary>
/// <param name="target">Which node.</param>
/// <param name="console">Where it is told.</param>
internal sealed class NodeVisit(NodeTarget target, InvocationConfiguration console)
{
    private static readonly NodeOptions s_plain = new();

    private string Address => Escaping.Printable(target.Address);

    /// <summary>What to do with a server that does not speak the native protocol.</summary>
    public string Elsewise { get; init; } = "an older server can only be sent files: actorsock put --dialect digest-after";

    /// <summary>What to say of an interruption.</summary>
    public string Interrupted { get; init; } = "interrupted";

    /// <summary>Over how many connections one file goes.</summary>
    public int PartsAtOnce { get; init; } = 1;

    /// <summary>How long connecting may take, with the answer to hello.</summary>
    public TimeSpan ConnectLimit { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>How often what fails is tried again.</summary>
    public RetryOptions Retry { get; init; } = new();

    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(Func<NodeClient, Task<int>> act, CancellationToken cancel) => RunAsync(async (client, isThere) =>
    {
        await isThere;
        return await act(client);
    }, cancel);

    /// <summary>Acts from the beginning; the node can be asked when the task that it is given is done, and its failures are for here.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(Func<NodeClient, Task, Task<int>> act, CancellationToken cancel)
    {
        await using var client = new NodeClient(target.Address, new NodeOptions
        {
            Key = target.Key,
            Agent = "actorsock",
            ConnectLimit = ConnectLimit,
            Retry = Retry,
            ConnectionsMax = Math.Max(s_plain.ConnectionsMax, 1 + PartsAtOnce),
            ReadsInPlace = true, // at the worst this process has to be run again, and nobody else is in it
        });
        // Once: who has mistyped an address wants to know it now.
        var isThere = Task.Run(() => client.ConnectAsync(cancel), CancellationToken.None);
        try
        {
            return await act(client, isThere);
        }
        catch (IOException why) when (isThere.Exception?.InnerException == why)
        {
            return Unwelcome(why);
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            Say(Interrupted);
            return ExitCode.Interrupted;
        }
        catch (NodeLostException lost)
        {
            Say($"lost the node at {Address}: {Escaping.Printable(lost.Message)}: run it again when it is back");
            return ExitCode.Unreachable;
        }
        catch (KeyRefusedException refused)
        {
            Say($"{Address}: {refused.Message}");
            return ExitCode.Unreachable;
        }
        catch (NodeRefusedException no)
        {
            Say($"{Address}: {Sentence(no)}");
            return ExitCode.Failed;
        }
        catch (IOException failed)
        {
            // What is wrong with one file was told as it came: this is wrong with all, such as a disk that takes no results.
            Say(Escaping.Printable(failed.Message));
            return ExitCode.Failed;
        }
    }

    /// <summary>What the node said, and whether it is worth another try.</summary>
    public static string Sentence(NodeRefusedException no) =>
        no.IsWorthRetrying ? $"{no.Message}: try again later" : no.Message;

    private int Unwelcome(IOException why)
    {
        var (sentence, code) = why switch
        {
            KeyRefusedException => ($"{Address}: {why.Message}", ExitCode.Unreachable),
            NodeLostException { AsksForKey: true } =>
                ($"{Address}: the server asks for a key: name yours with --key-file", ExitCode.Failed),
            NodeLostException { InnerException: NodeLostException } when target.Key is not null =>
                ($"{Address} closed before it had answered: perhaps it does not know the key", ExitCode.Failed),
            NodeLostException { InnerException: NodeLostException { Answered: { } said } } =>
                ($"{Address} is no ActorSock transfer service: it answered '{said}': name the port of one with --to", ExitCode.Failed),
            NodeLostException { InnerException: NodeLostException { InnerException: OperationCanceledException } } =>
                ($"{Address} took the connection and said nothing for {ConnectLimit.TotalSeconds:0.###} s: it may be another service, such as title, "
                    + $"greeter or commands: name the port of the transfer with --to; {Elsewise}", ExitCode.Failed),
            NodeLostException { InnerException: NodeLostException inner } => (NotNative(inner.Message), ExitCode.Failed),
            NodeLostException { InnerException: { } inner } =>
                ($"cannot reach {Address}: {(inner is SocketException ? inner.Message : $"no answer within {ConnectLimit.TotalSeconds:0.###} s")}: "
                    + "start the server there, or say --to another", ExitCode.Unreachable),
            NodeRefusedException { Status: 505 } other => ($"{Address} speaks another version: {other.Message}", ExitCode.Failed),
            NodeRefusedException { IsWorthRetrying: true } busy => ($"{Address}: {Sentence(busy)}", ExitCode.Failed),
            NodeRefusedException no => (NotNative($"it said '{no.Message}'"), ExitCode.Failed),
            _ => ($"{Address}: {Escaping.Printable(why.Message)}", ExitCode.Failed),
        };
        Say(sentence);
        return code;
    }

    private string NotNative(string why) =>
        $"{Address} does not speak the native protocol ({Escaping.Printable(why)}): {Elsewise}";

    private void Say(string line) => console.Error.WriteLine(line);
}
