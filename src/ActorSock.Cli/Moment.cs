using System.CommandLine;
using System.Globalization;
using ActorSock.Hocon;

namespace ActorSock.Cli;

/// <summary>A time as a person gives it: a date, or how long ago.</summary>
internal static class Moment
{
    /// <summary>An option that takes one.</summary>
    /// <param name="name">of the option</param>
    /// <param name="description">what is wanted, before a colon</param>
    public static Option<string> Option(string name, string description)
    {
        var option = new Option<string>(name)
        {
            Description = $"{description}: 2026-11-20, 2026-11-20T12:00:00Z (UTC unless it says otherwise), or how long ago: 90m, 2d",
            HelpName = "TIME",
        };
        option.Validators.Add(given =>
        {
            if (given.GetValueOrDefault<string>() is { } text && Of(text) is null)
                given.AddError($"{name} {text} is no time: write it as 2026-11-20T12:00:00Z, or as 90m or 2d");
        });
        return option;
    }

    /// <summary>The time; null when it is none.</summary>
    public static DateTimeOffset? Of(string? text)
    {
        if (text is null)
            return null;
        // A bare number would be milliseconds to a setting, and a year to a person.
        if (!int.TryParse(text, out _) && HoconConversions.TryParseDuration(text, out var ago) && ago >= TimeSpan.Zero)
            return TimeProvider.System.GetUtcNow() - ago;
        return text.Contains('-', StringComparison.Ordinal)
            && DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time) ? time : null;
    }
}
