using System.Text;
using ActorSock.Conversations;
using ActorSock.Events;
using ActorSock.Logging;
using ActorSock.Tests.Settings;
using Serilog.Events;

namespace ActorSock.Tests.Conversations;

public sealed class LogStreamTests
{
    private static readonly DateTimeOffset s_at = new(2026, 11, 21, 9, 0, 0, TimeSpan.Zero);

    private int _woken;

    [Fact]
    public void What_is_not_taken_in_time_is_dropped_and_told_in_its_place()
    {
        var stream = Stream(new LogQuestion());
        for (var i = 0; i < 100; i++)
            stream.OnNext(Drains($"early {i}"));

        var lines = Lines(stream);
        stream.OnNext(Drains("late"));
        lines.AddRange(Lines(stream));

        var kept = lines.FindIndex(line => line.Contains("dropped"));
        kept.ShouldBeInRange(10, 60);
        lines[kept].ShouldBe($$"""{"dropped":{{100 - kept}}}""");
        for (var i = 0; i < kept; i++)
            lines[i].ShouldContain($"early {i}\"");
        lines[kept + 1].ShouldContain("late");
        lines.Count.ShouldBe(kept + 2);
    }

    [Fact]
    public void What_is_held_has_a_ceiling_whatever_peers_choose()
    {
        var stream = Stream(new LogQuestion());
        for (var i = 0; i < 100; i++)
            stream.OnNext(new ServerEvent.Refused(s_at, "c-000001", "", null, new string('n', 10_000), 400, "", "", 0));

        var lines = Lines(stream);

        lines.ShouldBe(["""{"dropped":100}"""], "one of them is more than is allowed");
    }

    [Fact]
    public void Who_takes_is_woken_once_for_all_that_waits()
    {
        var stream = Stream(new LogQuestion());
        stream.OnNext(Drains("1"));
        stream.OnNext(Drains("2"));
        _woken.ShouldBe(1);

        Lines(stream).Count.ShouldBe(2);
        stream.OnNext(Drains("3"));

        _woken.ShouldBe(2);
    }

    [Fact]
    public void Details_come_only_to_who_asks_for_them()
    {
        var usual = Stream(new LogQuestion());
        var curious = Stream(new LogQuestion { Filter = new LogFilter { Level = LogEventLevel.Debug } });
        foreach (var stream in new[] { usual, curious })
            stream.OnNext(new ServerEvent.ConnectionOpened(s_at, "c-000001", "tcp://[::1]:5", "transfer"));

        _woken.ShouldBe(1);
        Lines(usual).ShouldBeEmpty();
        Lines(curious).ShouldHaveSingleItem().ShouldStartWith("""{"time":"2026-11-21T09:00:00.000Z","level":"debug",""");
    }

    [Fact]
    public void Each_stored_file_comes_however_many_there_are()
    {
        var stream = Stream(new LogQuestion { Filter = new LogFilter { File = "wanted" } }, "actorsock.admin.log-stream-bytes-max=1MiB");
        for (var i = 0; i < 500; i++)
            stream.OnNext(new ServerEvent.Stored(s_at, "c-000001", "", "", i == 400 ? "wanted" : "not", 1, "", TimeSpan.Zero));

        Lines(stream).ShouldHaveSingleItem().ShouldContain("wanted");
    }

    [Fact]
    public void Of_what_was_before_the_last_that_are_wanted_come()
    {
        var stream = Stream(new LogQuestion { Last = 2, Filter = new LogFilter { Text = "x" } });

        var before = Encoding.UTF8.GetString(stream.Before([Drains("x1"), Drains("x2"), Drains("y"), Drains("x3"), Drains("y")]));

        before.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[^4..]).ShouldBe(["x2\"}", "x3\"}"]);
    }

    [Theory]
    [InlineData("logs null")]
    [InlineData("logs {")]
    [InlineData("logs []")]
    [InlineData("""logs {"filter":null}""")]
    [InlineData("""logs {"filter":{"level":"loud"}}""")]
    [InlineData("""logs {"filter":{"level":17}}""")]
    [InlineData("""logs {"filter":{"colour":"red"}}""")]
    [InlineData("""logs {"filter":{"since":"yesterday"}}""")]
    [InlineData("""logs {"last":-1}""")]
    [InlineData("""logs {"lines":1}""")]
    public void A_question_that_is_none_is_refused(string line) =>
        Should.Throw<System.Text.Json.JsonException>(() => LogQuestion.Parse(line));

    [Fact]
    public void A_question_is_read_as_it_was_written()
    {
        var question = new LogQuestion
        {
            Filter = new LogFilter { Level = LogEventLevel.Warning, Connection = "c-000042", Peer = "p", File = "数\n", Since = s_at, Until = s_at, Text = "t" },
            Last = 5,
            Follow = false,
        };

        LogQuestion.Parse(question.ToString()).ShouldBe(question);
        LogQuestion.Parse("logs").ShouldBe(new LogQuestion());
        LogQuestion.Parse("""logs {"filter":{"level":"warning"}}""").Filter.Level.ShouldBe(LogEventLevel.Warning);
        question.ToString().ShouldNotContain("\n");
    }

    private LogStream Stream(LogQuestion question, params string[] settings)
    {
        using var loading = new Loading();
        var loaded = loading.Set(["actorsock.admin.log-stream-bytes-max=16KiB", .. settings]);
        return new LogStream(question, loaded.Settings, () => _woken++);
    }

    private static List<string> Lines(LogStream stream)
    {
        var text = new StringBuilder();
        for (var isAll = false; !isAll;)
        {
            (var lines, isAll) = stream.Take(2_000);
            text.Append(Encoding.UTF8.GetString(lines));
        }
        return [.. text.ToString().Split('\n', StringSplitOptions.RemoveEmptyEntries)];
    }

    private static ServerEvent.NodeDraining Drains(string reason) => new(s_at, reason);
}
