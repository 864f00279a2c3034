using System.Text;

namespace ActorSock.Wire.Tests;

public sealed class HeaderRoundTripTests
{
    [Fact]
    public void A_header_comes_back_as_it_was_said_in_every_dialect() =>
        Properties.Hold(Headers.Sayable, header =>
        {
            var said = HeaderEncoder.Encode(header);

            var decoded = new HeaderDecoder(Headers.Limits).Decode(said);

            decoded.Frame.ShouldBe(header);
            decoded.Consumed.ShouldBe(said.Length);
        });

    [Fact]
    public void What_follows_a_header_is_left_unread() =>
        Properties.Hold(Headers.Sayable, header =>
        {
            var said = HeaderEncoder.Encode(header);

            var decoded = new HeaderDecoder(Headers.Limits).Decode([.. said, .. "}{\"body\0"u8]);

            decoded.Frame.ShouldBe(header);
            decoded.Consumed.ShouldBe(said.Length);
        });

    [Fact]
    public void A_decoder_that_was_reset_reads_the_next_header()
    {
        var decoder = new HeaderDecoder(Headers.Limits);
        var first = new PutHeader(Dialect.BareAcknowledged, "first, and longer", 1, null);
        var second = new PutHeader(Dialect.BareAcknowledged, "2", 2, null);
        decoder.Decode(HeaderEncoder.Encode(first)).Frame.ShouldBe(first);

        decoder.Reset();

        decoder.Decode(HeaderEncoder.Encode(second)).Frame.ShouldBe(second);
    }

    [Fact]
    public void Names_are_the_same_whether_as_UTF8_or_escaped()
    {
        var plain = Headers.Bare("""{"filename":"资料/报告😀.txt","filesize":5}""");
        var escaped = Headers.Bare(
            """{"filename":"\u8d44\u6599\/\u62a5\u544a\ud83d\ude00.txt","filesize":5}""");

        new HeaderDecoder(Headers.Limits).Decode(plain).Frame.FileName.ShouldBe("资料/报告😀.txt");
        new HeaderDecoder(Headers.Limits).Decode(escaped).Frame.FileName.ShouldBe("资料/报告😀.txt");
    }

    [Fact]
    public void What_is_sent_is_ASCII_as_the_tutorials_clients_send_it()
    {
        var header = new PutHeader(Dialect.DigestAfter, "报告.txt", 5, null);

        var said = HeaderEncoder.Encode(header);

        Encoding.Latin1.GetString(said).ShouldBe(
            "@\0\0\0" + """{"action": "put", "filename": "\u62A5\u544A.txt", "filesize": 5}""");
    }

    [Theory]
    [InlineData("""{"filesize":5,"filename":"a","action":"put"}""", Dialect.BareAcknowledged)]
    [InlineData("""{"file_size":5,"file_name":"a"}""", Dialect.Bare)]
    [InlineData("""{"filename":"a","filesize":5,"md5":"kept for somebody else"}""", Dialect.Bare)]
    [InlineData("""{"filename":"x","filename":"a","filesize":"no","filesize":5}""", Dialect.Bare)]
    [InlineData("""{"x":{"filesize":9,"y":[{"action":"get"}]},"filename":"a","filesize":5}""", Dialect.Bare)]
    [InlineData("""{ "\u0061ction" : "p\u0075t",	"filename":"a", "filesize":5 }""", Dialect.BareAcknowledged)]
    public void Keys_come_in_any_order_and_spelling_with_others_beside_them(string said, Dialect dialect)
    {
        var decoded = new HeaderDecoder(Headers.Limits).Decode(Headers.Bare(said));

        decoded.Frame.ShouldBe(new PutHeader(dialect, "a", 5, null));
    }

    [Theory]
    [InlineData("""{"filename":"a\"}","filesize":5}""", "a\"}")]
    [InlineData("""{"filename":"a\\","filesize":5}""", "a\\")]
    [InlineData("""{"filename":"\\\"}{[\"\\","filesize":5}""", "\\\"}{[\"\\")]
    [InlineData("""{"}]":["{\"",{"\\":"}"}],"filename":"a","filesize":5}""", "a")]
    public void Quotes_and_brackets_in_strings_do_not_end_a_bare_header(string said, string name)
    {
        var decoded = new HeaderDecoder(Headers.Limits).Decode(Headers.Bare(said + "\"}"));

        decoded.Frame.FileName.ShouldBe(name);
        decoded.Consumed.ShouldBe(said.Length);
    }

    [Theory]
    [InlineData("""{"md5":"30313233343536373839616263646566","file_size":5,"file_name":"a"}""")]
    [InlineData(""" {"md5":"30313233343536373839616263646566","filesize":5,"filename":"a"} """)]
    [InlineData("""{"md5":1,"md5":"30313233343536373839616263646566","filesize":5,"filename":"a"}""")]
    public void A_prefixed_header_without_an_action_names_a_digest(string said)
    {
        var decoded = new HeaderDecoder(Headers.Limits).Decode(Headers.Prefixed(said));

        decoded.Frame.ShouldBe(new PutHeader(Dialect.DigestInHeader, "a", 5, Headers.Digest));
    }

    [Fact]
    public void A_prefixed_header_with_an_action_names_its_digest_later()
    {
        var said = Headers.Prefixed("""{"action":"put","filename":"a","filesize":-0,"md5":7}""");

        var decoded = new HeaderDecoder(Headers.Limits).Decode(said);

        decoded.Frame.ShouldBe(new PutHeader(Dialect.DigestAfter, "a", 0, null));
    }

    [Fact]
    public void A_header_that_cannot_be_said_is_the_callers_fault()
    {
        PutHeader[] unsayable =
        [
            new(Dialect.DigestInHeader, "a", 1, null),
            new(Dialect.Bare, "a", 1, Headers.Digest),
            new(Dialect.Bare, "a", -1, null),
            new(Dialect.Bare, "\ud800", 1, null),
            new(Dialect.Bare, new string('a', 65_536), 1, null),
            new((Dialect)9, "a", 1, null),
        ];

        foreach (var header in unsayable) Should.Throw<ArgumentException>(() => HeaderEncoder.Encode(header));
    }
}
