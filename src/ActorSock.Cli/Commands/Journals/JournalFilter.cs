using System.CommandLine;
using System.Globalization;
using ActorSock.Hocon;
using ActorSock.Journal;

namespace ActorSock.Cli.Commands.Journals;

/// <summary>The options that say which records are wanted.</summary>
internal sealed class JournalFilter
{
    private readonly Option<string> _since = new("--since")
    {
        Description = "Stored at this time or later: 2026-11-20, 2026-11-20T12:00:00Z (UTC unless it says otherwise), "
            + "or how long ago: 90m, 2d",
        HelpName = "TIME",
    };

    private readonly Option<string> _name = new("--name")
    {
        Description = "Whose name begins so",
        HelpName = "PREFIX",
    };

    private readonly Option<string> _client = new("--client")
    {
        Description = "Whose client begins so: tcp://192.0.2.7",
        HelpName = "PREFIX",
    };

    public JournalFilter() => _since.Validators.Add(given =>
    {
        if (given.GetValueOrDefault<string>() is { } text && !TryParse(text, out _))
            given.AddError($"--since {text} is no time: write it as 2026-11-20T12:00:00Z, or as 90m or 2d");
    });

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
        var from = since is not null && TryParse(since, out var time) ? time : DateTimeOffset.MinValue;
        return record => record.Time >= from
            && record.Name.StartsWith(name ?? "", StringComparison.Ordinal)
            && record.Client.StartsWith(client ?? "", StringComparison.Ordinal);
    }

    private static bool TryParse(string text, out DateTimeOffset time)
    {
        // A bare number would be milliseconds to a setting, and a year to a person.
        if (!int.TryParse(text, out _) && HoconConversions.TryParseDuration(text, out var ago) && ago >= TimeSpan.Zero)
        {
            time = TimeProvider.System.GetUtcNow() - ago;
            return true;
        }
        return DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out time)
            && text.Contains('-', StringComparison.Ordinal);
    }
}
