using System.CommandLine;
using ActorSock.Journal;

namespace ActorSock.Cli.Commands.Journals;

/// <summary>The options that say which records are wanted.</summary>
internal sealed class JournalFilter
{
    private readonly Option<string> _since = Moment.Option("--since", "Stored at this time or later");

    private readonly Option<string> _name = new("--name")
    {
        Description = "Whose name begins so, or the new one of a file that was renamed",
        HelpName = "PREFIX",
    };

    private readonly Option<string> _client = new("--client")
    {
        Description = "Whose client begins so: tcp://192.0.2.7",
        HelpName = "PREFIX",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(_since);
        command.Options.Add(_name);
        command.Options.Add(_client);
    }

    /// <summary>Which records are wanted; null when all.</summary>
    public Func<JournalRecord, bool>? Of(ParseResult parsed)
    {
        var (since, name, client) = (parsed.GetValue(_since), parsed.GetValue(_name), parsed.GetValue(_client));
        if (since is null && name is null && client is null)
            return null;
        var from = Moment.Of(since) ?? DateTimeOffset.MinValue;
        return record => record.Time >= from
            && (record.Name.StartsWith(name ?? "", StringComparison.Ordinal)
                || record.To?.StartsWith(name ?? "", StringComparison.Ordinal) == true)
            && record.Client.StartsWith(client ?? "", StringComparison.Ordinal);
    }
}
