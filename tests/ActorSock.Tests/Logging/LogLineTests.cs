using System.Text;
using System.Text.Json;
using ActorSock.Events;
using ActorSock.Logging;
using ActorSock.Tests.Events;
using Serilog.Events;
using Serilog.Formatting.Json;

namespace ActorSock.Tests.Logging;

public class LogLineTests
{
    private const string Hostile = "a\r\n2031-01-01 00:00:00.000 +00:00 ERR \"f\": 1 bytes, \u001B[31m\u0085\u202E\0数据\uD800";

    private static readonly DateTimeOffset s_at = new(2026, 11, 21, 9, 30, 5, 120, TimeSpan.FromHours(2));

    public static TheoryData<string> EventNames => [.. EveryEvent.Types.Select(type => type.Name)];

    [Theory, MemberData(nameof(EventNames))]
    public void An_event_is_one_line_of_JSON_that_is_read_as_it_was_meant(string name)
    {
        var e = EveryEvent.With(EveryEvent.Types.Single(type => type.Name == name), Hostile);
        var logged = LogLines.Of(e);

        var json = JsonOf(e);

        json.ShouldEndWith("}\n");
        json.AsSpan(0, json.Length - 1).IndexOfAny('\n', '\r').ShouldBe(-1);
        var line = JsonLogLine.Parse(Encoding.UTF8.GetBytes(json[..^1])).ShouldNotBeNull();
        line.Time.ShouldBe(s_at);
        line.Level.ShouldBe(logged.Single.Level);
        line.Message.ShouldBe(logged.Single.RenderMessage());
        line.Exception.ShouldBe(logged.Single.Exception?.ToString());
        if (logged["Connection"] is string connection) line.Connection.ShouldBe(connection);
        line.Peer.ShouldBe(logged["Peer"]);
        line.File.ShouldBe(logged["File"]);
    }

    [Theory, MemberData(nameof(EventNames))]
    public void No_property_of_an_event_is_lost_in_JSON(string name)
    {
        var e = EveryEvent.With(EveryEvent.Types.Single(type => type.Name == name), "some text");

        using var json = JsonDocument.Parse(JsonOf(e));

        var keys = json.RootElement.EnumerateObject().Select(each => each.Name).ToList();
        keys.ShouldBeUnique();
        keys.ShouldBeSubsetOf(["time", "level", "message", "exception", .. LogLines.Of(e).Single.Properties.Keys
            .Select(key => JsonNamingPolicy.CamelCase.ConvertName(key)).Select(key => key == "message" ? "_message" : key)]);
        keys.Count.ShouldBe(3 + LogLines.Of(e).Single.Properties.Count + (LogLines.Of(e).Single.Exception is null ? 0 : 1));
    }

    [Fact]
    public void What_the_lines_of_text_say_for_sure_is_what_those_of_JSON_say()
    {
        string[] names = ["a.txt", "say \"hi\"", "x\": 5 bytes, md5 00000000000000000000000000000000 in 0:00:01", "数据/a b"];
        foreach (var name in names)
        {
            ServerEvent[] events =
            [
                new ServerEvent.ConnectionOpened(s_at, "c-000042", "tcp://10.0.0.1:5000", "transfer") { Client = "camera-1" },
                new ServerEvent.UploadStarted(s_at, "c-000042", "tcp://[::1]:5000", "writer-3", "DigestAfter", name, 12),
                new ServerEvent.Stored(s_at, "c-1000042", "tcp://10.0.0.1:5000", "writer-3", name, 12, new string('a', 32), TimeSpan.FromSeconds(2)),
                new ServerEvent.Refused(s_at, "c-000042", "tcp://10.0.0.1:5000", "writer-3", name, 409, "DigestDiffers", "of \"x\"", 3),
                new ServerEvent.Refused(s_at, "c-000042", "tcp://10.0.0.1:5000", null, null, 400, "BadHeader", "refused \"x\" after 3 bytes: ", 0),
                new ServerEvent.ConnectionClosed(s_at, "c-000042", "unix:", "gone", TimeSpan.Zero, 1, 2, 3, 4),
                new ServerEvent.CommandRefused(s_at, "c-000042", "tcp://10.0.0.1:5000", "refused \"y\" after 1 bytes: ", 404, "no"),
                new ServerEvent.Restarted(s_at, "/user/server/connections/c-000042/framer", new IOException(name)),
                new ServerEvent.ChatJoined(s_at, $"{name}\" of tcp://9.9.9.9:9", "tcp://10.0.0.1:5000", 2),
            ];
            foreach (var e in events)
            {
                var json = JsonLogLine.Parse(Encoding.UTF8.GetBytes(JsonOf(e).TrimEnd('\n'))).ShouldNotBeNull();
                var text = Read($"2026-11-21 09:30:05.120 +02:00 {LogLines.Of(e).Text}").ShouldHaveSingleItem();

                (text.Time, text.Level, text.Message, text.Connection).ShouldBe((json.Time, json.Level, json.Message, json.Connection));
                text.Exception?.ReplaceLineEndings().ShouldBe(json.Exception?.ReplaceLineEndings());
                text.Peer.ShouldBe(e is ServerEvent.ChatJoined ? null : json.Peer); // behind a name that somebody chose it is not for sure
                text.File.ShouldBe(json.File);
            }
        }
    }

    [Fact]
    public void Lines_of_Serilogs_own_JsonFormatter_are_read_too()
    {
        var written = new StringWriter();
        var e = LogLines.Of(new ServerEvent.Refused(s_at, "c-000042", "tcp://10.0.0.1:5000", "writer-3", "a", 409, "DigestDiffers", "why", 3)).Single;
        new JsonFormatter(renderMessage: true).Format(e, written);

        var line = Read(written.ToString()).ShouldHaveSingleItem();

        (line.Level, line.Message, line.Connection, line.Peer, line.File, line.Time)
            .ShouldBe((LogEventLevel.Warning, e.RenderMessage(), "c-000042", "tcp://10.0.0.1:5000", "a", e.Timestamp));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("{}")]
    [InlineData("""{"message":5}""")]
    [InlineData("""{"time":"2026-11-21T00:00:00Z","level":"warning"}""")]
    [InlineData("""{"message":"a"} b""")]
    [InlineData("""{"message":"\ud800"}""")]
    public void What_is_no_line_is_none(string json) => JsonLogLine.Parse(Encoding.UTF8.GetBytes(json)).ShouldBeNull();

    [Theory]
    [InlineData("""{"message":"a","nested":{"level":"error","time":"2026-11-21T00:00:00Z","message":"b"},"list":[{"message":"c"}]}""")]
    [InlineData("""{"message":"a","level":"loud","time":"soon","connection":7,"a key that is longer than any of ours":1}""")]
    public void Only_what_is_understood_is_taken_from_a_line(string json)
    {
        var line = JsonLogLine.Parse(Encoding.UTF8.GetBytes(json)).ShouldNotBeNull();

        (line.Message, line.Level, line.Time, line.Connection, line.Json).ShouldBe(("a", null, null, null, json));
    }

    [Fact]
    public void A_line_of_text_is_told_as_JSON_of_the_same_form()
    {
        var line = Read("2026-11-21 09:30:05.120 +02:00 ERR /user/server/connections/c-000042 failed\n    at 1\n    at 2\n").ShouldHaveSingleItem();

        line.Json.ShouldBe("{\"time\":\"2026-11-21T07:30:05.120Z\",\"level\":\"error\",\"message\":\"/user/server/connections/c-000042 failed\"," +
            "\"connection\":\"c-000042\",\"exception\":\"    at 1\\n    at 2\"}");
        JsonLogLine.Parse(Encoding.UTF8.GetBytes(line.Json)).ShouldBe(line with { Json = line.Json });
    }

    internal static List<LogLine> Read(string text)
    {
        var lines = new List<LogLine>();
        var reader = new LogLineReader();
        reader.Take(Encoding.UTF8.GetBytes(text), lines);
        reader.End(lines);
        return lines;
    }

    private static string JsonOf(ServerEvent e)
    {
        var written = new StringWriter();
        JsonLineFormatter.Format(LogLines.Of(e).Single, s_at, written);
        return written.ToString();
    }
}
