using System.CommandLine;
using ActorSock.Client.Native;
using ActorSock.Wire;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Asks a node the same about each of several names, and goes on when one is refused.</summary>
/// <param name="console">Where results go.</param>
/// <param name="isForPrograms">Whether they are JSON.</param>
/// <param name="notDone">What is said of a name that was refused, such as <c>is not deleted</c>.</param>
/// <param name="ofFolder">What to do with a name of a folder.</param>
internal sealed class EachName(InvocationConfiguration console, bool isForPrograms, string notDone, string ofFolder)
{
    private const int NamesAtOnce = 32;

    /// <summary>Whether one was refused.</summary>
    public bool HasFailed { get; private set; }

    /// <summary>Asks about all.</summary>
    /// <param name="client">Asks.</param>
    /// <param name="names">Which.</param>
    /// <param name="ask">Asks about one, and gives what tells of it.</param>
    /// <param name="cancel">Gives up.</param>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(
        NodeClient client, IAsyncEnumerable<string> names, Func<string, CancellationToken, Task<Action>> ask, CancellationToken cancel)
    {
        await InTurn.RunAsync(names, NamesAtOnce, async (name, token) =>
        {
            try
            {
                return await ask(name, token);
            }
            catch (NodeRefusedException no) when (no.Is(Rejection.NameUnknown))
            {
                return await MissingAsync(client, name, token, no.Message);
            }
            catch (NodeRefusedException no) when (!no.IsWorthRetrying)
            {
                return () => Failed(name, no.Message, no.Status);
            }
        }, cancel);
        return HasFailed ? ExitCode.Failed : ExitCode.Done;
    }

    /// <summary>There is no such file.</summary>
    public async Task<Action> MissingAsync(NodeClient client, string name, CancellationToken cancel, string otherwise = "there is no such file")
    {
        var why = await Missing.WhyAsync(client, name, ofFolder, otherwise, cancel);
        return () => Failed(name, why, Rejection.NameUnknown.Code);
    }

    /// <summary>Writes a result.</summary>
    public void Result(string line) => Results.WriteLine(console.Output, line);

    /// <summary>One was not done.</summary>
    public void Failed(string name, string why, int? code = null)
    {
        HasFailed = true;
        console.Error.WriteLine($"'{Escaping.Printable(name)}' {notDone}: {Escaping.Printable(why)}");
        if (!isForPrograms) return;
        Result(JsonLine.Of(json =>
        {
            json.WriteString("outcome", "failed");
            json.WriteString("name", name);
            if (code is { } status) json.WriteNumber("code", status);
            json.WriteString("text", why);
        }));
    }
}
