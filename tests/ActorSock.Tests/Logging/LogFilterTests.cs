using ActorSock.Logging;
using Serilog.Events;

namespace ActorSock.Tests.Logging;

public class LogFilterTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    private static readonly LogLine s_line = new()
    {
        Time = s_at,
        Level = LogEventLevel.Warning,
        Message = "c-000042 of tcp://192.0.2.7:5000 refused \"in/a.txt\"",
        Exception = "    at Somewhere",
        Connection = "c-000042",
        Peer = "tcp://192.0.2.7:5000",
        File = "in/a.txt",
    };

    public static TheoryData<LogFilter, bool> Filters => new()
    {
        { LogFilter.All, true },
        { new LogFilter { Level = LogEventLevel.Debug }, true },
        { new LogFilter { Level = LogEventLevel.Warning }, true },
        { new LogFilter { Level = LogEventLevel.Error }, false },
        { new LogFilter { Connection = "c-000042" }, true },
        { new LogFilter { Connection = "c-00004" }, false },
        { new LogFilter { Peer = "tcp://192.0.2.7:" }, true },
        { new LogFilter { Peer = "192.0.2.7:5" }, true },
        { new LogFilter { Peer = "192.0.2.70" }, false },
        { new LogFilter { Peer = "2.0.2" }, false },
        { new LogFilter { File = "in/" }, true },
        { new LogFilter { File = "a.txt" }, false },
        { new LogFilter { File = "IN/" }, false },
        { new LogFilter { Since = s_at, Until = s_at }, true },
        { new LogFilter { Since = s_at.AddTicks(1) }, false },
        { new LogFilter { Until = s_at.AddTicks(-1) }, false },
        { new LogFilter { Text = "REFUSED \"in" }, true },
        { new LogFilter { Text = "somewhere" }, true },
        { new LogFilter { Text = "elsewhere" }, false },
        { new LogFilter { Text = "refused", Level = LogEventLevel.Error }, false },
    };

    [Theory, MemberData(nameof(Filters))]
    public void A_line_is_wanted_when_all_holds(LogFilter filter, bool wanted) => filter.Matches(s_line).ShouldBe(wanted);

    [Fact]
    public void A_line_that_does_not_say_is_wanted_only_where_nobody_asks()
    {
        var unknown = new LogLine { Message = "some line" };

        LogFilter.All.Matches(unknown).ShouldBeTrue();
        new LogFilter { Text = "some" }.Matches(unknown).ShouldBeTrue();
        LogFilter[] asking =
        [
            new() { Level = LogEventLevel.Verbose }, new() { Connection = "" }, new() { Peer = "" }, new() { File = "" },
            new() { Since = DateTimeOffset.MinValue }, new() { Until = DateTimeOffset.MaxValue },
        ];
        asking.ShouldAllBe(filter => !filter.Matches(unknown));
    }
}
