using ActorSock.Cli.Commands.Logs;
using ActorSock.Logging;
using Serilog.Events;

namespace ActorSock.Cli.Tests;

public class LogPrinterTests
{
    private static readonly LogLine s_line = new()
    {
        Time = new DateTimeOffset(2026, 11, 21, 9, 30, 5, 120, TimeSpan.Zero),
        Level = LogEventLevel.Warning,
        Message = "it is full",
        Exception = "    System.IOException: full\r\n       at a",
    };

    [Fact]
    public void A_line_looks_as_on_the_console_of_the_node() => Printer().Shown(s_line).ShouldBe(
        "2026-11-21 09:30:05.120 +00:00 WRN it is full\n    System.IOException: full\n    at a");

    [Fact]
    public void Times_are_those_of_the_place_where_they_are_read() =>
        new LogPrinter(false, true, false, TimeZoneInfo.CreateCustomTimeZone("x", TimeSpan.FromHours(-3), "x", "x"))
            .Shown(s_line).ShouldStartWith("2026-11-21 06:30:05.120 -03:00 ");

    [Fact]
    public void Colours_tell_what_is_important()
    {
        var coloured = new LogPrinter(false, true, hasColours: true, TimeZoneInfo.Utc);

        coloured.Shown(s_line).ShouldStartWith("\e[2m2026-11-21 09:30:05.120 +00:00\e[0m \e[33mWRN\e[0m it is full\n");
        coloured.Shown(s_line with { Level = LogEventLevel.Information }).ShouldContain("\e[0m INF it is full");
        coloured.Shown(s_line with { Level = LogEventLevel.Error }).ShouldContain("\e[31mERR");
    }

    [Fact]
    public void Nothing_in_a_line_is_obeyed_by_a_terminal()
    {
        const string hostile = "a\e[2Jb\u009bc\rd\u202ee\nf\0";
        LogLine[] lines =
        [
            new() { Message = hostile },
            s_line with { Message = hostile, Exception = hostile },
            new() { Message = "", Json = $"{{\"message\":\"{hostile}\"}}" },
        ];

        foreach (var isJson in new[] { false, true })
            foreach (var line in lines)
                new LogPrinter(isJson, isOnTerminal: true, hasColours: false, TimeZoneInfo.Utc).Shown(line)
                    .ShouldAllBe(c => c == '\n' || (!char.IsControl(c) && c != '\u202e'));
    }

    [Fact]
    public void A_line_in_no_known_form_is_shown_as_it_is() =>
        Printer().Shown(new LogLine { Message = "Unhandled exception. \tOut of memory" }).ShouldBe("Unhandled exception. \\u{09}Out of memory");

    [Fact]
    public void As_JSON_a_line_is_what_it_was()
    {
        const string json = """{"message":"a", "else":[1, 2]}""";

        new LogPrinter(isJson: true, isOnTerminal: false, false, TimeZoneInfo.Utc).Shown(new LogLine { Message = "a", Json = json }).ShouldBe(json);
    }

    private static LogPrinter Printer() => new(false, true, false, TimeZoneInfo.Utc);
}
