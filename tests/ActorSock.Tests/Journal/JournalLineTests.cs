using System.Buffers;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorSock.Journal;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Tests.Journal;

public sealed class JournalLineTests
{
    private static readonly DateTimeOffset s_time = ScratchJournal.Noon.AddTicks(1234567);

    // Whatever has a meaning to JSON, to a terminal, or to who looks for the ends of lines.
    private static readonly string[] s_odd = ["\"", "\\", "\n", "\r", "\0", "\t", "\u001b", "\u007f", "\u0085",
        "\u2028", "\u2029", "\ufeff", "数", "é", "😀", "/", ",\"hash\":\"", "\"}", "\u202e", " ", "\ufffd",
        "\U0010ffff"];

    [Fact]
    public void A_line_is_what_the_document_says()
    {
        var line = Line(1, "tcp://127.0.0.1:5000", "a/b.txt", default);

        var zeros = new string('0', 64);
        var said = """
            {"seq":1,"time":"2026-11-20T12:00:00.1234567Z","client":"tcp://127.0.0.1:5000","name":"a/b.txt",
            "size":4096,"md5":"d41d8cd98f00b204e9800998ecf8427e","prev":"
            """.ReplaceLineEndings("") + zeros + "\"";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)));
        line.ShouldBe($"{said},\"hash\":\"{hash}\"}}\n");
        var record = ScratchJournal.Read(line.TrimEnd('\n'));
        record.Hash.ToString().ShouldBe(hash);
        record.Previous.ShouldBe(default);
        record.Time.ShouldBe(s_time);
    }

    [Fact]
    public void Any_text_comes_back_as_it_was_from_any_parser_of_JSON()
    {
        var texts = Gen.OneOf(
            Gen.Elements(s_odd).ListOf().Select(string.Concat),
            ArbMap.Default.GeneratorFor<string>().Select(text => ToWhole(text ?? "")));
        var pairs = texts.Two().ToArbitrary();

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(500), Prop.ForAll(pairs, pair =>
        {
            var (client, name) = (pair.Item1, pair.Item2);
            var line = Line(7, client, name, RecordHash.Of("before"u8));

            line.Count(c => char.IsControl(c) || c is '\u2028' or '\u2029').ShouldBe(1); // its own end
            line.ShouldEndWith("\"}\n");
            using var json = JsonDocument.Parse(line);
            json.RootElement.EnumerateObject().Select(field => field.Name)
                .ShouldBe(["seq", "time", "client", "name", "size", "md5", "prev", "hash"]);
            json.RootElement.GetProperty("client").GetString().ShouldBe(client);
            json.RootElement.GetProperty("name").GetString().ShouldBe(name);
            var record = ScratchJournal.Read(line.TrimEnd('\n'));
            record.ShouldBe(new JournalRecord(7, s_time, client, name, 4096,
                Md5Digest.FromBytes(MD5.HashData([])), RecordHash.Of("before"u8), record.Hash));
        }));
    }

    [Theory]
    [InlineData(0xd83d)]
    [InlineData(0xde00)]
    public void Half_a_character_is_refused_and_leaves_nothing_behind(int surrogate)
    {
        var half = $"a{(char)surrogate}b";
        var lines = new ArrayBufferWriter<byte>();

        Should.Throw<ArgumentException>(() =>
            JournalLine.Append(lines, 1, new(s_time, "peer", half, 0, default(Md5Digest)), default));

        lines.WrittenCount.ShouldBe(0);
    }

    [Fact]
    public void The_largest_values_fit()
    {
        var lines = new ArrayBufferWriter<byte>();
        var name = new string('\u2028', 20_000);

        JournalLine.Append(
            lines, long.MaxValue, new(DateTimeOffset.MaxValue, name, name, long.MaxValue, default(Md5Digest)), default);

        var record = ScratchJournal.Read(lines.WrittenSpan[..^1]);
        (record.Sequence, record.Size, record.Time, record.Name)
            .ShouldBe((long.MaxValue, long.MaxValue, DateTimeOffset.MaxValue, name));
    }

    [Fact]
    public void Writing_a_line_allocates_nothing()
    {
        var lines = new ArrayBufferWriter<byte>(1 << 20);
        const string client = "tcp://127.0.0.1:5000", name = "数据/\"1\".bin";
        var hash = JournalLine.Append(lines, 1, new(s_time, client, name, 1, default(Md5Digest)), default);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 2; i < 100; i++)
            hash = JournalLine.Append(lines, i, new(s_time, client, name, 1, default(Md5Digest)), hash);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_flip_of_any_bit_of_a_line_is_noticed()
    {
        var line = Encoding.UTF8.GetBytes(Line(1, "peer", "数据/\"😀\".bin", default).TrimEnd('\n'));

        for (var bit = 0; bit < 8 * line.Length; bit++)
        {
            line[bit / 8] ^= (byte)(1 << (bit % 8));
            JournalRecord.TryParse(line, out _, out var why).ShouldBeFalse($"bit {bit}");
            why.ShouldNotBeEmpty();
            line[bit / 8] ^= (byte)(1 << (bit % 8));
        }
        JournalRecord.TryParse(line, out _, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("\"seq\":1", "\"seq\":0", "seq below 1")]
    [InlineData("\"seq\":1", "\"seq\":1.5", "")]
    [InlineData("\"seq\":1", "\"seq\":\"1\"", "")]
    [InlineData("\"seq\":1", "\"seq\":1,\"seq\":2", "seq twice")]
    [InlineData("\"seq\":1,", "", "no seq")]
    [InlineData("\"seq\":1", "\"hash\":\"\",\"seq\":1", "hash twice")]
    [InlineData("Z\"", "+01:00\"", "time is not UTC")]
    [InlineData("\"name\":\"a\"", "\"name\":null", "null is no text")]
    [InlineData("\"name\":\"a\"", "\"name\":\"\\ud800\"", "")]
    [InlineData("\"size\":4096", "\"size\":-1", "size below 0")]
    [InlineData("\"md5\":\"d", "\"md5\":\"x", "md5 is no digest")]
    [InlineData("\"prev\":\"0", "\"prev\":\"A", "prev is no hash")]
    [InlineData("{", "[", "")]
    public void A_line_whose_hash_is_right_and_whose_fields_are_not_is_no_record(string good, string bad, string why)
    {
        var said = Line(1, "c", "a", default).TrimEnd('\n')[..^JournalLine.EndBytes];

        TryRead(said.Replace(good, bad), out var told).ShouldBeFalse();

        told.ShouldStartWith("it is no record: ");
        told.ShouldContain(why);
    }

    [Fact]
    public void Fields_that_are_not_known_yet_are_skipped()
    {
        var said = Line(1, "c", "a", default).TrimEnd('\n')[..^JournalLine.EndBytes];

        TryRead(said.Replace("\"size\"", "\"shape\":{\"a\":[1,2]},\"size\""), out var why).ShouldBeTrue(why);
    }

    [Fact]
    public void A_line_has_more_fields_when_there_is_more_to_say()
    {
        var empty = Md5Digest.FromBytes(MD5.HashData([]));
        var sha256 = ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData([]));
        foreach (var (note, expected) in new (JournalNote, string)[]
        {
            (new(s_time, "c", "a", 0, null), "\"md5\":null,\"prev\""),
            (new(s_time, "c", "a", 0, empty) { Sha256 = sha256 },
                "\"md5\":\"d41d8cd98f00b204e9800998ecf8427e\","
                + "\"sha256\":\"e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855\",\"prev\""),
            (new(s_time, "c", "a", 0, empty) { Did = JournalDeed.Deleted },
                "\"md5\":\"d41d8cd98f00b204e9800998ecf8427e\",\"did\":\"deleted\",\"prev\""),
            (new(s_time, "c", "a", 0, null) { Did = JournalDeed.Renamed, To = "b/\"c\"" },
                """
                "md5":null,"did":"renamed","to":"b/\"c\"","prev"
                """),
        })
        {
            var lines = new ArrayBufferWriter<byte>();
            var hash = JournalLine.Append(lines, 1, note, default);

            Encoding.UTF8.GetString(lines.WrittenSpan).ShouldContain(expected);
            ScratchJournal.Read(lines.WrittenSpan[..^1]).ShouldBe(
                new JournalRecord(1, s_time, "c", "a", 0, note.Md5, default, hash) { Sha256 = note.Sha256, Did = note.Did, To = note.To });
        }
    }

    [Theory]
    [InlineData("\"did\":\"eaten\"", "did is nothing that this version knows")]
    [InlineData("\"did\":\"renamed\"", "to belongs to what was renamed")]
    [InlineData("\"to\":\"b\"", "to belongs to what was renamed")]
    [InlineData("\"did\":\"deleted\",\"did\":\"deleted\"", "did twice")]
    [InlineData("\"sha256\":\"e3b0\"", "sha256 is no digest")]
    public void A_deed_that_makes_no_sense_is_no_record(string field, string why)
    {
        var said = Line(1, "c", "a", default).TrimEnd('\n')[..^JournalLine.EndBytes];

        TryRead(said.Replace("\"prev\"", $"{field},\"prev\""), out var told).ShouldBeFalse();

        told.ShouldContain(why);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{}")]
    [InlineData("no JSON at all, and somewhat longer than the end of a line would be, to be sure of it")]
    public void What_does_not_end_with_a_hash_is_no_record(string line)
    {
        JournalRecord.TryParse(Encoding.UTF8.GetBytes(line), out _, out var why).ShouldBeFalse();

        why.ShouldBe("it does not end with a hash");
    }

    private static bool TryRead(string said, out string why)
    {
        var hash = RecordHash.Of(Encoding.UTF8.GetBytes(said));
        return JournalRecord.TryParse(Encoding.UTF8.GetBytes($"{said},\"hash\":\"{hash}\"}}"), out _, out why);
    }

    private static string Line(long sequence, string client, string name, RecordHash previous)
    {
        var lines = new ArrayBufferWriter<byte>();
        JournalLine.Append(lines, sequence, new(s_time, client, name, 4096, Md5Digest.FromBytes(MD5.HashData([]))), previous);
        return Encoding.UTF8.GetString(lines.WrittenSpan);
    }

    private static string ToWhole(string text) => string.Concat(text.EnumerateRunes());
}
