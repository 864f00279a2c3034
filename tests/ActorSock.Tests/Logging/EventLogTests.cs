using ActorSock.Events;
using ActorSock.Logging;
using ActorSock.Settings;
using ActorSock.Tests.Events;
using Serilog.Events;

namespace ActorSock.Tests.Logging;

public class EventLogTests
{
    private static readonly DateTimeOffset now = DateTimeOffset.UnixEpoch;

    // A line break of every kind, a terminal's escape, a turn of the writing direction, half a character.
    private const string Hostile =
        "a\r\n2031-01-01 ERR forged\u0085b\u2028c\u2029d\u000Be\u001B[31mf\u202Eg\u2066h\0i\u007Fj\uD800k";

    private const string Invisible = "\u2028\u2029\u202E\u2066";

    public static TheoryData<string> EventNames => [.. EveryEvent.Types.Select(type => type.Name)];

    [Theory, MemberData(nameof(EventNames))]
    public void An_event_is_one_line_whatever_its_texts_are(string name)
    {
        var e = EveryEvent.With(EveryEvent.Types.Single(type => type.Name == name), Hostile);

        var lines = LogLines.Of(e).Text.TrimEnd('\n').Split('\n');

        lines[0].ShouldMatch("^(DBG|INF|WRN|ERR) ");
        lines.Skip(1).ShouldAllBe(line => line.StartsWith("    "), "only exceptions go on");
        if (e.GetType().GetProperty("Cause") is null) lines.Length.ShouldBe(1);
        foreach (var line in lines)
            line.ShouldAllBe(c => !char.IsControl(c) && !char.IsSurrogate(c) && !Invisible.Contains(c));
    }

    [Theory, MemberData(nameof(EventNames))]
    public void What_an_event_tells_is_in_its_line_or_its_properties(string name)
    {
        var e = EveryEvent.With(EveryEvent.Types.Single(type => type.Name == name), "some text");

        var line = LogLines.Of(e).Single;

        var facts = e.GetType().GetProperties().Select(property => property.Name).ToHashSet();
        (line.Exception is not null).ShouldBe(facts.Remove("Cause"));
        facts.ExceptWith(["At", "Severity"]);
        var told = line.Properties.Keys.ToHashSet();
        if (line.Exception is not null) told.Remove("Reason");
        told.Count.ShouldBe(facts.Count);
    }

    [Fact]
    public void A_stored_upload_tells_who_what_and_how_long()
    {
        var line = LogLines.Of(new ServerEvent.Stored(
            now, "c-000042", "tcp://10.0.0.1:5000", "writer-3", "数据/a b.txt", 12,
            "900150983cd24fb0d6963f7d28e17f72", TimeSpan.FromSeconds(75.0254)));

        line.Text.ShouldBe("INF c-000042 writer-3 of tcp://10.0.0.1:5000 stored \"数据/a b.txt\": 12 bytes, " +
            "md5 900150983cd24fb0d6963f7d28e17f72 in 1 min 15 s\n");
        line["Connection"].ShouldBe("c-000042");
        line["Upload"].ShouldBe("writer-3");
        line["Peer"].ShouldBe("tcp://10.0.0.1:5000");
        line["File"].ShouldBe("数据/a b.txt");
        line["Bytes"].ShouldBe(12L);
        line["Digest"].ShouldBe("900150983cd24fb0d6963f7d28e17f72");
        line["Duration"].ShouldBe(TimeSpan.FromSeconds(75.025));
    }

    [Theory]
    [InlineData(0, "0 ms")]
    [InlineData(20, "20 ms")]
    [InlineData(1_250, "1.25 s")]
    [InlineData(59_999, "59.999 s")]
    [InlineData(300_000, "5 min")]
    [InlineData(75_025, "1 min 15 s")]
    [InlineData(7_440_000, "2 h 4 min")]
    [InlineData(90_000_000, "25 h")]
    public void Durations_are_told_as_people_say_them(int milliseconds, string said) =>
        DurationValue.Said(TimeSpan.FromMilliseconds(milliseconds)).ShouldBe(said);

    [Fact]
    public void Refusals_beyond_what_a_person_reads_are_told_in_one_line()
    {
        var lines = new LogLines();
        using (var logger = LogLines.Logger(lines))
        using (var log = new EventLog(logger, new LoggingSettings { Serilog = null, StoredLinesMax = 0, RefusedLinesMax = 2 }, new Chat.HandClock()))
        {
            for (var i = 0; i < 3; i++)
                log.On(new ServerEvent.Refused(now, "c-000001", "unix:", null, null, 400, "TlsHello", "", 0) { Listener = "title" });
            log.On(new ServerEvent.CommandRefused(now, "c-000001", "unix:", "x", 404, "x: not found"));
            log.On(new ServerEvent.NodeStopped(now));
        }

        lines.Text.ShouldBe(
            "WRN c-000001 of unix: refused at title: 400 TlsHello: \nWRN c-000001 of unix: refused at title: 400 TlsHello: \n"
            + "WRN 2 more requests refused within a second\nINF node stopped\n");
    }

    [Fact]
    public void A_refusal_tells_the_reason_and_the_file_where_there_is_one()
    {
        var unnamed = LogLines.Of(new ServerEvent.Refused(
            now, "c-000001", "unix:", null, null, 400, "TlsHello", "this port speaks no TLS", 0));
        var named = LogLines.Of(new ServerEvent.Refused(
            now, "c-000001", "unix:", "writer-1", "x", 413, "SizeTooLarge", "9 of 8 bytes", 5));

        unnamed.Text.ShouldBe("WRN c-000001 of unix: refused: 400 TlsHello: this port speaks no TLS\n");
        unnamed["Reason"].ShouldBe("this port speaks no TLS");
        named.Text.ShouldBe(
            "WRN c-000001 of unix: refused \"x\" after 5 bytes: 413 SizeTooLarge: 9 of 8 bytes\n");
        named["Upload"].ShouldBe("writer-1");
        named["File"].ShouldBe("x");
        named["Bytes"].ShouldBe(5L);
    }

    [Fact]
    public void A_restart_brings_its_cause()
    {
        var line = LogLines.Of(new ServerEvent.Restarted(now, "/user/server/connections/c-000001/framer",
            new InvalidOperationException("lost count")));

        line.Single.Level.ShouldBe(LogEventLevel.Error);
        line.Single.Exception!.InnerException.ShouldBeOfType<InvalidOperationException>();
        line.Text.ShouldBe(
            "ERR /user/server/connections/c-000001/framer failed and was restarted: lost count\n" +
            "    System.InvalidOperationException: lost count\n");
    }

    [Fact]
    public void What_every_connection_does_is_for_debugging_only()
    {
        var quiet = EveryEvent.With("x").Where(e => LogLines.Of(e).Single.Level < LogEventLevel.Information);

        quiet.Select(e => e.GetType().Name)
            .ShouldBe(["ConnectionOpened", "ConnectionClosed", "UploadStarted", "Fetched", "UploadResumed", "Undelivered"]);
    }

    [Fact]
    public void A_start_without_part_files_is_no_news()
    {
        var none = LogLines.Of(new ServerEvent.PartsRecovered(now, 0, 0, 0));
        var some = LogLines.Of(new ServerEvent.PartsRecovered(now, 1, 0, 9));

        none.Single.Level.ShouldBe(LogEventLevel.Debug);
        some.Single.Level.ShouldBe(LogEventLevel.Information);
    }
}
