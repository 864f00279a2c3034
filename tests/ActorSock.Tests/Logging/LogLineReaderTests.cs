using System.Text;
using ActorSock.Logging;

namespace ActorSock.Tests.Logging;

public class LogLineReaderTests
{
    private const int Seed = 20_261_121;

    private const string Log = "2026-11-21 09:30:05.120 +00:00 INF node started\n"
        + "{\"time\":\"2026-11-21T09:30:06.000Z\",\"level\":\"warning\",\"message\":\"数据\",\"connection\":\"c-000001\"}\r\n"
        + "2026-11-21 09:30:07.120 +00:00 ERR it failed\n    System.IOException: a\n\tat b\n\n"
        + "something else\n    indented\n{\"half\n\u001B[31mgarbage\n2026-11-21 09:30:08.120 +00:00 XXX no level\n";

    [Fact]
    public void How_the_bytes_are_cut_never_matters()
    {
        var random = new Random(Seed);
        var bytes = Encoding.UTF8.GetBytes(Log);
        var whole = LogLineTests.Read(Log);

        for (var round = 0; round < 200; round++)
        {
            var lines = new List<LogLine>();
            var reader = new LogLineReader();
            for (var at = 0; at < bytes.Length;)
            {
                var size = Math.Min(random.Next(1, 40), bytes.Length - at);
                reader.Take(bytes.AsSpan(at, size), lines);
                at += size;
            }
            reader.End(lines);

            lines.Select(line => line.Json).ShouldBe(whole.Select(line => line.Json), $"seed {Seed}, round {round}");
        }
        whole.Select(line => line.Message).ShouldBe(
            ["node started", "数据", "it failed", "something else", "    indented", "{\"half", "\u001B[31mgarbage", "2026-11-21 09:30:08.120 +00:00 XXX no level"]);
        whole[2].Exception.ShouldBe("    System.IOException: a\n\tat b");
    }

    [Fact]
    public void A_line_is_given_out_when_it_is_whole()
    {
        var lines = new List<LogLine>();
        var reader = new LogLineReader();

        reader.Take("{\"message\":\"a\"}"u8, lines);
        lines.ShouldBeEmpty();
        reader.Take("\n"u8, lines);
        lines.ShouldHaveSingleItem().Message.ShouldBe("a");
    }

    [Fact]
    public void A_line_of_text_waits_for_its_exception()
    {
        var lines = new List<LogLine>();
        var reader = new LogLineReader();

        reader.Take("2026-11-21 09:30:07.120 +00:00 ERR it failed\n"u8, lines);
        reader.Take("    at a\n"u8, lines);
        lines.ShouldBeEmpty();
        reader.Settle(lines);
        lines.ShouldHaveSingleItem().Exception.ShouldBe("    at a");
    }

    [Fact]
    public void What_belongs_to_a_line_before_the_first_byte_is_left_out()
    {
        var lines = new List<LogLine>();
        var reader = new LogLineReader(fromMiddle: true);

        reader.Take("est of a line\n    at a\n    at b\n2026-11-21 09:30:07.120 +00:00 ERR it failed\n    at c\n"u8, lines);
        reader.End(lines);

        var line = lines.ShouldHaveSingleItem();
        (line.Message, line.Exception).ShouldBe(("it failed", "    at c"));
    }

    [Fact]
    public void Bytes_without_an_end_come_in_pieces_and_nothing_grows()
    {
        var lines = new List<LogLine>();
        var reader = new LogLineReader();
        var garbage = new byte[3 * LogLineReader.LineBytesMax + 5];
        new Random(Seed).NextBytes(garbage);
        garbage.AsSpan().Replace((byte)'\n', (byte)0);

        foreach (var piece in garbage.Chunk(100_000))
            reader.Take(piece, lines);

        lines.Count.ShouldBe(3);
        reader.End(lines);
        lines.Count.ShouldBe(4);
    }

    [Fact]
    public void No_bytes_make_it_throw()
    {
        var random = new Random(Seed);
        for (var round = 0; round < 300; round++)
        {
            var bytes = Encoding.UTF8.GetBytes(Log);
            for (var i = random.Next(20); i > 0; i--)
                bytes[random.Next(bytes.Length)] = (byte)random.Next(256);
            var lines = new List<LogLine>();
            var reader = new LogLineReader();
            reader.Take(bytes, lines);
            reader.End(lines);
            lines.ShouldNotBeEmpty($"seed {Seed}, round {round}");
        }
    }
}
