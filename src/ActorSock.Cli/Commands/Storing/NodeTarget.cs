using System.CommandLine;
using System.CommandLine.Parsing;
using ActorSock.Client;

namespace ActorSock.Cli.Commands.Storing;

/// <summary>Says which node is spoken to.</summary>
/// <param name="Address">Where it is.</param>
/// <param name="Key">For nodes that ask for one.</param>
internal sealed record NodeTarget(string Address, ClientKey? Key);

/// <summary>The options that say so, the same for every command.</summary>
internal sealed class NodeTargetOptions
{
    private readonly Option<string> _to = new("--to")
    {
        Description = "The node",
        HelpName = "HOST:PORT|[v6]:PORT|unix:/path",
        Required = true,
    };

    private readonly KeyFileOption _key = new();

    public NodeTargetOptions() => _to.Validators.Add(CheckAddress);

    /// <summary>Whether files, folders and the like are to be told as JSON.</summary>
    public Option<bool> Json { get; } = new("--json") { Description = "Write lines of JSON" };

    public void AddTo(Command command)
    {
        command.Options.Add(_to);
        command.Options.Add(_key);
        command.Options.Add(Json);
    }

    public NodeTarget Of(ParseResult parsed) => new(parsed.GetRequiredValue(_to), _key.Of(parsed));

    private static void CheckAddress(OptionResult given)
    {
        try
        {
            if (given.GetValueOrDefault<string>() is { } address) ServerAddress.Parse(address);
        }
        catch (FormatException wrong)
        {
            given.AddError(wrong.Message);
        }
    }
}
