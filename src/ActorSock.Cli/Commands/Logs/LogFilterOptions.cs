using System.CommandLine;
using System.Text.RegularExpressions;
using ActorSock.Logging;
using Serilog.Events;

namespace ActorSock.Cli.Commands.Logs;

/// <summary>The options that say which lines of a log are wanted.</summary>
internal sealed partial class LogFilterOptions
{
    private readonly Option<string> _level = new("--level")
    {
        Description = $"At least so important: {string.Join(", ", LogFilter.Levels)}",
        HelpName = "LEVEL",
    };

    private readonly Option<string> _connection = new("--connection")
    {
        Description = "About this connection: c-000042, or 42. Each start of a node counts from 1 again",
        HelpName = "ID",
    };

    private readonly Option<string> _peer = new("--peer")
    {
        Description = "About a peer whose address begins so: 192.0.2.7, tcp://192.0.2.7:5000",
        HelpName = "PREFIX",
    };

    private readonly Option<string> _file = new("--file")
    {
        Description = "About an uploaded file whose name begins so",
        HelpName = "PREFIX",
    };

    private readonly Option<string> _text = new("--text")
    {
        Description = "With these words in it, in upper or lower case",
        HelpName = "WORDS",
    };

    private readonly Option<string> _since = Moment.Option("--since", "Written at this time or later");

    private readonly Option<string> _until = Moment.Option("--until", "Written at this time or earlier");

    public LogFilterOptions()
    {
        _level.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } text && LevelOf(text) is null)
                given.AddError($"--level {text} is no level: write one of {string.Join(", ", LogFilter.Levels)}");
        });
        _connection.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } text && ConnectionOf(text) is null)
                given.AddError($"--connection {text} is none: write it as c-000042, or as 42");
        });
    }

    public void AddTo(Command command)
    {
        foreach (var option in (Option[])[_level, _connection, _peer, _file, _since, _until, _text])
            command.Options.Add(option);
    }

    /// <summary>Whether an end is given that following would never reach, or have passed already.</summary>
    public bool HasEnd(ParseResult parsed) => parsed.GetValue(_until) is not null;

    public bool HasBeginning(ParseResult parsed) => parsed.GetValue(_since) is not null;

    public LogFilter Of(ParseResult parsed) => new()
    {
        Level = parsed.GetValue(_level) is { } level ? LevelOf(level) : null,
        Connection = parsed.GetValue(_connection) is { } connection ? ConnectionOf(connection) : null,
        Peer = parsed.GetValue(_peer),
        File = parsed.GetValue(_file),
        Text = parsed.GetValue(_text),
        Since = Moment.Of(parsed.GetValue(_since)),
        Until = Moment.Of(parsed.GetValue(_until)),
    };

    private static LogEventLevel? LevelOf(string text) => text.ToLowerInvariant() switch
    {
        "info" => LogEventLevel.Information,
        "warn" => LogEventLevel.Warning,
        var name when LogFilter.Levels.Contains(name) => Enum.Parse<LogEventLevel>(name, ignoreCase: true),
        _ => null,
    };

    private static string? ConnectionOf(string text) =>
        Connection().Match(text) is { Success: true } match ? $"c-{match.Groups[1].Value.TrimStart('0').PadLeft(6, '0')}" : null;

    [GeneratedRegex("^(?:c-)?([0-9]{1,18})$")]
    private static partial Regex Connection();
}
