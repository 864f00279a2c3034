using System.Globalization;

namespace ActorSock.Actors.Event;

/// <summary>Turns a template and its arguments into text.</summary>
public interface ILogMessageFormatter
{
    string Format(string format, params object[] args);
}

/// <summary>Formats as <see cref="string.Format(string, object[])"/> does.</summary>
public sealed class DefaultLogMessageFormatter : ILogMessageFormatter
{
    public static readonly DefaultLogMessageFormatter Instance = new();

    public string Format(string format, params object[] args) =>
        args is { Length: > 0 } ? string.Format(CultureInfo.InvariantCulture, format, args) : format;
}

/// <summary>Where an actor writes log lines: they go out on the event stream.</summary>
public interface ILoggingAdapter
{
    ILogMessageFormatter Formatter { get; }

    bool IsDebugEnabled { get; }

    bool IsInfoEnabled { get; }

    bool IsWarningEnabled { get; }

    bool IsErrorEnabled { get; }

    bool IsEnabled(LogLevel logLevel);

    void Log(LogLevel logLevel, Exception cause, string format);
}

public static class Logging
{
    public static ILoggingAdapter GetLogger(this IActorContext context, ILogMessageFormatter? logMessageFormatter = null) =>
        new BusLogging(context.System.EventStream, context.Self.Path.ToString(), context.Props.Type, logMessageFormatter);

    public static ILoggingAdapter GetLogger(ActorSystem system, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null) =>
        GetLogger(system.EventStream, logSourceObj, logMessageFormatter);

    public static ILoggingAdapter GetLogger(LoggingBus loggingBus, object logSourceObj, ILogMessageFormatter? logMessageFormatter = null) =>
        new BusLogging(loggingBus, SourceOf(logSourceObj), logSourceObj as Type ?? logSourceObj.GetType(), logMessageFormatter);

    /// <exception cref="ArgumentException">not a level's name</exception>
    public static LogLevel LogLevelFor(string logLevel) => logLevel.ToUpperInvariant() switch
    {
        "DEBUG" => LogLevel.DebugLevel,
        "INFO" => LogLevel.InfoLevel,
        "WARNING" => LogLevel.WarningLevel,
        "ERROR" => LogLevel.ErrorLevel,
        "OFF" => Off,
        _ => throw new ArgumentException($"unknown log level '{logLevel}': it can be OFF, ERROR, WARNING, INFO or DEBUG", nameof(logLevel)),
    };

    public static string StringFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => "DEBUG",
        LogLevel.InfoLevel => "INFO",
        LogLevel.WarningLevel => "WARNING",
        LogLevel.ErrorLevel => "ERROR",
        _ => "OFF",
    };

    public static Type ClassFor(this LogLevel logLevel) => logLevel switch
    {
        LogLevel.DebugLevel => typeof(Debug),
        LogLevel.InfoLevel => typeof(Info),
        LogLevel.WarningLevel => typeof(Warning),
        LogLevel.ErrorLevel => typeof(Error),
        _ => throw new ArgumentException($"no event for log level {logLevel}", nameof(logLevel)),
    };

    public static string SimpleName(object o) => SimpleName(o.GetType());

    public static string SimpleName(Type t) => t.Name;

    /// <summary>A level above all others.</summary>
    internal const LogLevel Off = LogLevel.ErrorLevel + 1;

    private static string SourceOf(object source) => source switch
    {
        string name => name,
        IActorRef actor => actor.Path.ToString(),
        Type type => type.ToString(),
        ActorSystem system => system.ToString()!,
        _ => source.GetType().ToString(),
    };

    private sealed class BusLogging(LoggingBus bus, string source, Type logClass, ILogMessageFormatter? formatter) : ILoggingAdapter
    {
        public ILogMessageFormatter Formatter { get; } = formatter ?? DefaultLogMessageFormatter.Instance;

        public bool IsDebugEnabled => IsEnabled(LogLevel.DebugLevel);

        public bool IsInfoEnabled => IsEnabled(LogLevel.InfoLevel);

        public bool IsWarningEnabled => IsEnabled(LogLevel.WarningLevel);

        public bool IsErrorEnabled => IsEnabled(LogLevel.ErrorLevel);

        public bool IsEnabled(LogLevel logLevel) => logLevel >= bus.LogLevel;

        public void Log(LogLevel logLevel, Exception? cause, string format)
        {
            if (!IsEnabled(logLevel))
                return;
            bus.Publish(logLevel switch
            {
                LogLevel.DebugLevel => new Debug(cause, source, logClass, format),
                LogLevel.InfoLevel => new Info(cause, source, logClass, format),
                LogLevel.WarningLevel => new Warning(cause, source, logClass, format),
                _ => new Error(cause, source, logClass, format),
            });
        }
    }
}
