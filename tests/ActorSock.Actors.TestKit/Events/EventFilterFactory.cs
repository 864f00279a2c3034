using System.Text.RegularExpressions;
using ActorSock.Actors.Event;

namespace ActorSock.Actors.TestKit;

/// <summary>
/// Describes log events: by level, text and source, by the exception behind them, or as dead letters.
/// </summary>
/// <remarks>
/// Of <c>message</c> (whole), <c>start</c> and <c>contains</c>, all that are given must fit. A source is an
/// actor's path, with or without the system's address, or whatever else a logger was made for. Levels below
/// <c>akka.loglevel</c> are not logged at all.
/// </remarks>
public class EventFilterFactory
{
    private readonly TestKitBase _testkit;
    private readonly ActorSystem _system;
    private readonly IReadOnlyList<LogEventFilter> _others;

    public EventFilterFactory(TestKitBase testkit) : this(testkit, testkit.Sys)
    {
    }

    public EventFilterFactory(TestKitBase testkit, ActorSystem system) : this(testkit, system, [])
    {
    }

    internal EventFilterFactory(TestKitBase testkit, ActorSystem system,
        IReadOnlyList<LogEventFilter> others) =>
        (_testkit, _system, _others) = (testkit, system, others);

    /// <summary>Errors, whatever is behind them.</summary>
    public IEventFilterApplier Error(string? message = null, string? start = null, string? contains = null,
        string? source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, message, start, contains, source);

    /// <inheritdoc cref="Error(string, string, string, string)"/>
    public IEventFilterApplier Error(Regex pattern, string? source = null) =>
        ForLogLevel(LogLevel.ErrorLevel, pattern, source);

    public IEventFilterApplier Warning(string? message = null, string? start = null, string? contains = null,
        string? source = null) =>
        ForLogLevel(LogLevel.WarningLevel, message, start, contains, source);

    public IEventFilterApplier Warning(Regex pattern, string? source = null) =>
        ForLogLevel(LogLevel.WarningLevel, pattern, source);

    public IEventFilterApplier Info(string? message = null, string? start = null, string? contains = null,
        string? source = null) =>
        ForLogLevel(LogLevel.InfoLevel, message, start, contains, source);

    public IEventFilterApplier Info(Regex pattern, string? source = null) =>
        ForLogLevel(LogLevel.InfoLevel, pattern, source);

    public IEventFilterApplier Debug(string? message = null, string? start = null, string? contains = null,
        string? source = null) =>
        ForLogLevel(LogLevel.DebugLevel, message, start, contains, source);

    public IEventFilterApplier Debug(Regex pattern, string? source = null) =>
        ForLogLevel(LogLevel.DebugLevel, pattern, source);

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, string? message = null, string? start = null,
        string? contains = null, string? source = null) =>
        Applier(new LevelFilter(logLevel, new TextFilter(message, start, contains, null),
            new SourceFilter(source)));

    public IEventFilterApplier ForLogLevel(LogLevel logLevel, Regex pattern, string? source = null) =>
        Applier(new LevelFilter(logLevel, new TextFilter(null, null, null, pattern),
            new SourceFilter(source)));

    /// <summary>
    /// Errors with an exception of this type behind them; the text may be its own or that of the log.
    /// </summary>
    public IEventFilterApplier Exception<TException>(
        string? message = null, string? start = null, string? contains = null, string? source = null)
        where TException : Exception =>
        Exception(typeof(TException), message, start, contains, source);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    public IEventFilterApplier Exception<TException>(Regex pattern, string? source = null)
        where TException : Exception =>
        Exception(typeof(TException), pattern, source);

    /// <inheritdoc cref="Exception{TException}(string, string, string, string)"/>
    /// <param name="checkInnerExceptions">look for it among the inner exceptions too</param>
    public IEventFilterApplier Exception(Type exceptionType, string? message = null, string? start = null,
        string? contains = null, string? source = null, bool checkInnerExceptions = false) =>
        Applier(new ExceptionFilter(
            exceptionType, new TextFilter(message, start, contains, null), new SourceFilter(source),
            checkInnerExceptions));

    /// <inheritdoc cref="Exception(Type, string, string, string, string, bool)"/>
    public IEventFilterApplier Exception(Type exceptionType, Regex pattern, string? source = null,
        bool checkInnerExceptions = false) =>
        Applier(new ExceptionFilter(
            exceptionType, new TextFilter(null, null, null, pattern), new SourceFilter(source),
            checkInnerExceptions));

    /// <summary>Messages to actors that are gone; the source is the one they were meant for.</summary>
    public IEventFilterApplier DeadLetter() =>
        Applier(new DeadLetterFilter(null, null, new SourceFilter(null)));

    /// <inheritdoc cref="DeadLetter()"/>
    public IEventFilterApplier DeadLetter<TMessage>(string? source = null) =>
        DeadLetter(typeof(TMessage), source);

    /// <inheritdoc cref="DeadLetter()"/>
    public IEventFilterApplier DeadLetter<TMessage>(Func<TMessage, bool> isMatch, string? source = null) =>
        DeadLetter(typeof(TMessage), message => isMatch((TMessage)message), source);

    /// <inheritdoc cref="DeadLetter()"/>
    public IEventFilterApplier DeadLetter(Type type, string? source = null) =>
        Applier(new DeadLetterFilter(type, null, new SourceFilter(source)));

    /// <inheritdoc cref="DeadLetter()"/>
    public IEventFilterApplier DeadLetter(Type type, Func<object, bool> isMatch, string? source = null) =>
        Applier(new DeadLetterFilter(type, isMatch, new SourceFilter(source)));

    public IEventFilterApplier Custom(Predicate<LogEvent> predicate) => Custom<LogEvent>(predicate);

    /// <summary>Events of a type that fit; dead letters are warnings whose message is the letter.</summary>
    public IEventFilterApplier Custom<TLogEvent>(Predicate<TLogEvent> predicate) where TLogEvent : LogEvent =>
        Applier(new CustomFilter(typeof(TLogEvent), logged => predicate((TLogEvent)logged)));

    private EventFilterApplier Applier(LogEventFilter filter) => new(_testkit, _system, [.. _others, filter]);
}
