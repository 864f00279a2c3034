using System.Text.RegularExpressions;
using ActorSock.Actors.Event;

namespace ActorSock.Actors.TestKit;

/// <summary>Which events are meant.</summary>
internal abstract class LogEventFilter
{
    public abstract bool Fits(LogEvent logged);

    /// <summary>As <see cref="Fits"/>; a predicate that fails fits nothing.</summary>
    public bool FitsSafely(LogEvent logged)
    {
        try
        {
            return Fits(logged);
        }
        catch (Exception e) when (e is not OutOfMemoryException)
        {
            return false;
        }
    }

    public abstract override string ToString();
}

/// <summary>Events of one level by text and source.</summary>
internal sealed class LevelFilter(LogLevel level, TextFilter text, SourceFilter source) : LogEventFilter
{
    public override bool Fits(LogEvent logged) =>
        logged.LogLevel() == level && logged.Message is not AllDeadLetters && source.Fits(logged)
            && text.Fits($"{logged.Message}");

    public override string ToString() => $"{level.StringFor()}{text}{source}";
}

/// <summary>Errors by the type of their cause, and by text (its or the log's) and source.</summary>
internal sealed class ExceptionFilter(Type type, TextFilter text, SourceFilter source, bool checkInner)
    : LogEventFilter
{
    public override bool Fits(LogEvent logged)
    {
        if (logged.LogLevel() != LogLevel.ErrorLevel || !source.Fits(logged))
            return false;
        for (var cause = logged.Cause; cause is not null; cause = checkInner ? cause.InnerException : null)
            if (type.IsInstanceOfType(cause) && (text.Fits(cause.Message) || text.Fits($"{logged.Message}")))
                return true;
        return false;
    }

    public override string ToString() => $"ERROR by {type}{text}{source}";
}

/// <summary>Dead letters by their message, and by whom they were meant for.</summary>
internal sealed class DeadLetterFilter(Type? type, Func<object, bool>? isMatch, SourceFilter source)
    : LogEventFilter
{
    public override bool Fits(LogEvent logged) =>
        logged.Message is DeadLetter letter
        && type?.IsInstanceOfType(letter.Message) != false
        && isMatch?.Invoke(letter.Message) != false
        && source.Fits(logged);

    public override string ToString() => $"dead letter{(type is null ? "" : $" of type {type}")}{source}";
}

internal sealed class CustomFilter(Type type, Func<LogEvent, bool> fits) : LogEventFilter
{
    public override bool Fits(LogEvent logged) => type.IsInstanceOfType(logged) && fits(logged);

    public override string ToString() => $"{type.Name} that fits a predicate";
}

/// <summary>A text: whole, its start, a part of it, or a pattern; null is any.</summary>
internal sealed record TextFilter(string? Whole, string? Start, string? Part, Regex? Pattern)
{
    public bool Fits(string text) =>
        (Whole is null || text == Whole)
        && (Start is null || text.StartsWith(Start, StringComparison.Ordinal))
        && (Part is null || text.Contains(Part, StringComparison.Ordinal))
        && Pattern?.IsMatch(text) != false;

    public override string ToString() =>
        (Whole is null ? "" : $" '{Whole}'") + (Start is null ? "" : $" '{Start}...'")
        + (Part is null ? "" : $" '...{Part}...'") + (Pattern is null ? "" : $" /{Pattern}/");
}

/// <summary>
/// Who logged: the whole source, or an actor's path with or without the system's address; null is anybody.
/// </summary>
internal sealed record SourceFilter(string? Source)
{
    public bool Fits(LogEvent logged) =>
        Source is null || logged.LogSource == Source
        || (ActorPath.TryParse(logged.LogSource, out var path) && path.ToStringWithoutAddress() == Source);

    public override string ToString() => Source is null ? "" : $" from {Source}";
}
