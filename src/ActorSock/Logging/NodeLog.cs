using ActorSock.Settings;
using Microsoft.Extensions.Configuration;
using Serilog;
using Serilog.Core;
using Serilog.Debugging;
using Serilog.Events;

namespace ActorSock.Logging;

/// <summary>The log of a node: Serilog as the operator's file configures it, or to standard error where there
/// is none.</summary>
public sealed class NodeLog : IDisposable
{
    private const string Key = "actorsock.logging.serilog";
    private const string LineTemplate =
        "{Timestamp:yyyy-MM-dd HH:mm:ss.fff zzz} {Level:u3} {Message:l}{NewLine}{Exception}";
    private static readonly TimeSpan dropReportInterval = TimeSpan.FromSeconds(10);

    // Serilog reports what it cannot make of a configuration here and nowhere else, and goes on without it.
    private static readonly AsyncLocal<List<string>?> complaints = new();

    private readonly Logger logger;
    private readonly ITimer dropReports;
    private long droppedBefore = DroppedLines.Monitor.Count;

    private NodeLog(Logger logger, TimeProvider time)
    {
        this.logger = logger;
        dropReports = time.CreateTimer(_ => ReportDrops(), null, dropReportInterval, dropReportInterval);
    }

    /// <summary>Where to write.</summary>
    public ILogger Logger => logger;

    /// <summary>Opens the log.</summary>
    /// <exception cref="SettingsException">The file of <c>actorsock.logging.serilog</c> is not there, cannot
    /// be read, or says something that Serilog does not understand.</exception>
    public static NodeLog Open(LoggingSettings settings, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(settings);
        ArgumentNullException.ThrowIfNull(time);
        SelfLog.Enable(Complain);
        var configuration = new LoggerConfiguration();
        if (settings.Serilog is null) WriteToStandardError(configuration);
        else Read(settings.Serilog, configuration);
        return new NodeLog(configuration.Enrich.With(new PrintableEnricher()).CreateLogger(), time);
    }

    /// <summary>Writes why there is no node, for whoever finds only the log.</summary>
    public void CannotStart(Exception cause)
    {
        ArgumentNullException.ThrowIfNull(cause);
        logger.Fatal("node did not start: {Reason:l}", cause.Message);
    }

    /// <summary>Writes what is still queued and closes every sink.</summary>
    public void Dispose()
    {
        dropReports.Dispose();
        ReportDrops();
        logger.Dispose();
    }

    private static void WriteToStandardError(LoggerConfiguration configuration) => configuration
        .MinimumLevel.Information()
        .WriteTo.Async(
            sink => sink.Console(standardErrorFromLevel: LogEventLevel.Verbose, outputTemplate: LineTemplate),
            DroppedLines.Monitor, bufferSize: 10_000, blockWhenFull: false);

    private static void Read(string file, LoggerConfiguration configuration)
    {
        var heard = complaints.Value = [];
        try
        {
            var source = new ConfigurationBuilder().AddJsonFile(Path.GetFullPath(file)).Build();
            if (!source.GetSection("Serilog").Exists())
                throw Wrong(file, "has no section \"Serilog\"");
            configuration.ReadFrom.Configuration(source);
        }
        // Whatever goes wrong here, it is the file that is wrong: sinks' own complaints come as any
        // exception.
        catch (Exception cause) when (cause is not SettingsException)
        {
            throw Wrong(file, cause.GetBaseException().Message, cause);
        }
        finally
        {
            complaints.Value = null;
        }
        foreach (var log in LogFamily.OfConfiguration(file))
        {
            if (log.WhyNotWritable() is { } why)
                throw Wrong(file, why);
        }
        if (heard.Count > 0)
            throw new SettingsException(
                [.. heard.Select(line => new SettingsProblem(Key, file, line, null))]);
    }

    private static SettingsException Wrong(string file, string why, Exception? cause = null) =>
        new(new SettingsProblem(Key, file, why, null), cause);

    private static void Complain(string line)
    {
        // Each line starts with a time and a blank.
        if (complaints.Value is { } heard) heard.Add(line[(line.IndexOf(' ') + 1)..].TrimEnd());
        // Of each line that it drops the queue says so; ReportDrops says it of all of them at once.
        else if (!line.Contains("unable to enqueue", StringComparison.Ordinal)) Console.Error.WriteLine(line);
    }

    private void ReportDrops()
    {
        var now = DroppedLines.Monitor.Count;
        var before = Interlocked.Exchange(ref droppedBefore, now);
        if (now > before)
            logger.Warning("{Dropped} lines are missing here: what takes the log is slower than the node",
                now - before);
    }
}
