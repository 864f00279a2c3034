using ActorSock.Logging;
using ActorSock.Settings;
using Serilog;
using Serilog.Core;
using Serilog.Events;
using LogEvent = Serilog.Events.LogEvent;

namespace ActorSock.Tests.Logging;

public sealed class NodeLogTests : IDisposable
{
    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("actorsock-log-");

    private readonly string shipped =
        File.ReadAllText(Path.Combine(Repository.Root, "config", "serilog.json"));

    public void Dispose() => folder.Delete(recursive: true);

    [Fact]
    public void The_shipped_configuration_writes_lines_to_the_rolling_file()
    {
        var rolling = Path.Combine(folder.FullName, "node-.log");
        var config = Write(shipped.Replace("logs/actorsock-.log", rolling));

        using (var log = Open(config))
        {
            log.Logger.Information("one {File:l}", "a\nb");
            log.Logger.Debug("not at this level");
        }

        var file = folder.GetFiles("node-*.log").ShouldHaveSingleItem();
        var line = JsonLogLine.Parse(File.ReadAllBytes(file.FullName).AsSpan()[..^1]).ShouldNotBeNull();
        (line.Level, line.Message, line.File).ShouldBe((LogEventLevel.Information, "one a\\u{0A}b", "a\\u{0A}b"));
        File.ReadAllLines(file.FullName).ShouldHaveSingleItem().ShouldBe(line.Json);
    }

    [Fact]
    public void The_shipped_configuration_rolls_keeps_and_never_blocks()
    {
        var asyncSinks = Count("\"Name\": \"Async\"");

        shipped.ShouldContain("\"rollingInterval\": \"Day\"");
        shipped.ShouldContain("\"rollOnFileSizeLimit\": true");
        shipped.ShouldContain("\"retainedFileCountLimit\": ");
        asyncSinks.ShouldBe(2);
        Count("\"blockWhenFull\": false").ShouldBe(asyncSinks);
        Count("DroppedLines::Monitor").ShouldBe(asyncSinks);
    }

    [Fact]
    public void A_log_that_cannot_be_written_is_a_problem()
    {
        var file = Path.Combine(folder.FullName, "a-file");
        File.WriteAllText(file, "");
        var config = Write(shipped.Replace("logs/actorsock-.log", $"{file}/node-.log"));

        Should.Throw<SettingsException>(() => Open(config)).Message.ShouldContain($"no log can be written in '{file}'");
    }

    [Fact]
    public void Without_a_file_the_log_opens_all_the_same()
    {
        using var log = NodeLog.Open(new LoggingSettings { Serilog = null, StoredLinesMax = 100, RefusedLinesMax = 100 }, TimeProvider.System);

        log.Logger.IsEnabled(LogEventLevel.Information).ShouldBeTrue();
        log.Logger.IsEnabled(LogEventLevel.Debug).ShouldBeFalse();
    }

    [Theory]
    [InlineData("{ \"Serilog\": {\n  oops", "LineNumber: 1")]
    [InlineData("{}", "no section \"Serilog\"")]
    [InlineData("""{ "Serilog": { "Using": ["Serilog.Sinks.Console"], "WriteTo": ["Consol"] } }""", "Consol")]
    [InlineData("""{ "Serilog": { "Using": ["Serilog.Sinks.Nowhere"] } }""", "Serilog.Sinks.Nowhere")]
    [InlineData("""{ "Serilog": { "Using": ["Serilog.Sinks.File"], "MinimumLevel": "Loud" } }""", "Loud")]
    public void A_configuration_that_is_wrong_is_a_settings_error(string json, string told)
    {
        var config = Write(json);

        var refused = Should.Throw<SettingsException>(() => Open(config).Dispose());

        var problem = refused.Problems.ShouldHaveSingleItem();

        problem.Key.ShouldBe("actorsock.logging.serilog");
        problem.Value.ShouldBe(config);
        problem.Why.ShouldContain(told);
    }

    [Fact]
    public void A_file_that_is_not_there_is_a_settings_error()
    {
        var config = Path.Combine(folder.FullName, "missing.json");

        Should.Throw<SettingsException>(() => Open(config).Dispose()).Message.ShouldContain("missing.json");
    }

    [Fact]
    public void Lines_that_a_full_queue_dropped_are_counted_and_told()
    {
        var file = Path.Combine(folder.FullName, "node.log");
        var config = Write($$"""
            { "Serilog": { "Using": ["Serilog.Sinks.File"],
              "WriteTo": [ { "Name": "File", "Args": { "path": "{{file}}" } } ] } }
            """);
        using var stuck = new StandsStill();
        var slow = new LoggerConfiguration()
            .WriteTo.Async(to => to.Sink(stuck), DroppedLines.Monitor, bufferSize: 1, blockWhenFull: false)
            .CreateLogger();

        using (Open(config))
        {
            for (var i = 0; i < 5; i++) slow.Information("{I}", i);
        }
        stuck.GoOn();
        slow.Dispose();

        // One is with the sink (or about to be), one in the queue.
        File.ReadAllText(file).ShouldMatch("WRN.* [34] lines are missing here");
    }

    private int Count(string what) => shipped.Split(what).Length - 1;

    private static NodeLog Open(string file) =>
        NodeLog.Open(new LoggingSettings { Serilog = file, StoredLinesMax = 100, RefusedLinesMax = 100 }, TimeProvider.System);

    private string Write(string json)
    {
        var file = Path.Combine(folder.FullName, "serilog.json");
        File.WriteAllText(file, json);
        return file;
    }

    private sealed class StandsStill : ILogEventSink, IDisposable
    {
        private readonly ManualResetEventSlim gate = new();

        public void Emit(LogEvent logEvent) => gate.Wait();

        public void GoOn() => gate.Set();

        public void Dispose() => gate.Dispose();
    }
}
