using System.Text;

namespace ActorSock.Wire.Tests;

/// <summary>Each way to be refused, by the literal bytes of somebody who deserves it.</summary>
public sealed class RefusalTests
{
    private static readonly WireLimits Limits = new() { HeaderBytesMax = 1024, FileBytesMax = 1_000_000 };

    [Theory]
    [InlineData("00 00 00 00", "00 00 00 00 are 0, allowed is 1 to 1024")]
    [InlineData("FF FF FF FF", "FF FF FF FF are -1, allowed is 1 to 1024")]
    [InlineData("00 00 00 80", "00 00 00 80 are -2147483648, allowed is 1 to 1024")]
    [InlineData("01 04 00 00", "01 04 00 00 are 1025, allowed is 1 to 1024")]
    [InlineData("7B FF 00 00", "7B FF 00 00 are 65403, allowed is 1 to 1024")]
    [InlineData("7B 22 00 20", "7B 22 00 20 are 536879739, allowed is 1 to 1024")]
    [InlineData("00 00 00 45", "00 00 00 45 are 1157627904, allowed is 1 to 1024: send 69 with the least")]
    [InlineData("68 69 21 0A", "68 69 21 0A are 169961832, allowed is 1 to 1024")]
    public void A_length_that_is_none_is_refused_with_what_it_was(string bytes, string detail) =>
        ShouldRefuse(FromHex(bytes), Rejection.HeaderLength, detail);

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("\"put\"")]
    [InlineData(" {\"filename\":\"a\",\"filesize\":1}")]
    [InlineData("\n{\"filename\":\"a\",\"filesize\":1}")]
    [InlineData("\uFEFF{\"filename\":\"a\",\"filesize\":1}")]
    [InlineData("{\"filename\":'a'}")]
    [InlineData("{\"filename\":\"a\"]")]
    [InlineData("{\"filename\" \"a\"}")]
    [InlineData("{\"filename\":\"a\nb\"}")]
    [InlineData("{\"filename\":\"a\",}")]
    [InlineData("{\"filesize\":01}")]
    [InlineData("{\"filename\":\"\\x\"}")]
    [InlineData("{filename:1}")]
    [InlineData("{/* */}")]
    public void A_bare_header_that_is_no_object_is_refused(string bytes) =>
        ShouldRefuse(Headers.Bare(bytes), Rejection.HeaderNotObject, "");

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData(" null")]
    [InlineData("    ")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"filename\":\"a\",\"filesize\":1,\"action\":\"put\"")]
    [InlineData("{\"filename\":\"a\",\"filesize\":1,\"action\":\"put\"}x")]
    public void A_prefixed_header_that_is_no_object_is_refused(string json) =>
        ShouldRefuse(Headers.Prefixed(json), Rejection.HeaderNotObject, "");

    [Fact]
    public void A_header_nested_deeper_than_any_honest_one_is_refused()
    {
        var deep = $$"""{"x":{{new string('[', 64)}}""";

        ShouldRefuse(Headers.Bare(deep), Rejection.HeaderNotObject, "nested deeper than 64");
        ShouldRefuse(Headers.Prefixed(deep + new string(']', 64) + "}"), Rejection.HeaderNotObject, "");
    }

    [Fact]
    public void Garbage_behind_a_possible_length_need_not_be_waited_for() =>
        ShouldRefuse(FromHex("00 02 00 00 00"), Rejection.HeaderNotObject, "begins with the byte 00");

    [Fact]
    public void A_header_in_GBK_is_refused_as_no_UTF8()
    {
        byte[] said = [.. "{\"filename\":\""u8, 0xB1, 0xA8, .. "\",\"filesize\":1}"u8];

        ShouldRefuse(said, Rejection.HeaderNotUtf8, "encode it as UTF-8");
        ShouldRefuse(Headers.Prefixed(said), Rejection.HeaderNotUtf8, "encode it as UTF-8");
    }

    [Fact]
    public void A_bare_header_that_never_ends_is_refused_at_the_limit()
    {
        var endless = Headers.Bare("{\"filename\":\"" + new string('a', 2000));

        new HeaderDecoder(Limits).Decode(endless.AsSpan(0, 1023)).Outcome.ShouldBe(Outcome.NotYet);
        ShouldRefuse(endless[..1024], Rejection.HeaderTooLong, "does not end within 1024 bytes");
    }

    [Theory]
    [InlineData("""{"action":"put","filesize":1}""", "no filename", 1)]
    [InlineData("""{"action":"put","filename":"a"}""", "no filesize", null)]
    [InlineData("""{"filesize":1,"md5":"30313233343536373839616263646566"}""", "no filename", 1)]
    public void A_prefixed_header_that_lacks_a_field_is_refused(string json, string detail, int? bodyBytes) =>
        ShouldRefuse(Headers.Prefixed(json), Rejection.FieldMissing, detail).Announced!.Value.BodyBytes
            .ShouldBe(bodyBytes);

    [Fact]
    public void A_prefixed_header_with_neither_action_nor_digest_leaves_its_dialect_open() =>
        ShouldRefuse(Headers.Prefixed("""{"filename":"a","filesize":1}"""), Rejection.FieldMissing,
            "neither action nor md5").Announced.ShouldBeNull();

    [Theory]
    [InlineData("""{}""")]
    [InlineData("""{"filename":"a"}""")]
    [InlineData("""{"filesize":1}""")]
    [InlineData("""{"FileName":"a","filesize":1}""")]
    public void A_bare_header_that_lacks_a_field_is_refused(string json) =>
        ShouldRefuse(Headers.Bare(json.Insert(1, " ")), Rejection.FieldMissing, "it has no file");

    [Theory]
    [InlineData("""{"filename":"a","filesize":"3"}""", "filesize is \"3\", it must be a whole number")]
    [InlineData("""{"filename":"a","filesize":3.0}""", "filesize is 3.0, it must be a whole number")]
    [InlineData("""{"filename":"a","filesize":1e3}""", "filesize is 1e3, it must be a whole number")]
    [InlineData("""{"filename":"a","filesize":true}""", "filesize is true, it must be a whole number")]
    [InlineData("""{"filename":"a","filesize":null}""", "filesize is null, it must be a whole number")]
    [InlineData("""{"filename":"a","filesize":[3]}""", "filesize is [3], it must be a whole number")]
    [InlineData("""{"filename":3,"filesize":3}""", "filename is 3, it must be text in quotes")]
    [InlineData("""{"filename":null,"filesize":3}""", "filename is null, it must be text in quotes")]
    [InlineData("""{"filename":{"a":1},"filesize":3}""", "filename is {\"a\":1}, it must be text in quotes")]
    [InlineData("""{"action":1,"filename":"a","filesize":3}""", "action is 1, it must be \"put\"")]
    [InlineData("""{"action":null,"filename":"a","filesize":3}""", "action is null, it must be \"put\"")]
    public void A_field_of_the_wrong_type_is_refused_with_what_it_was(string json, string detail) =>
        ShouldRefuse(Headers.Bare(json), Rejection.FieldType, detail);

    [Theory]
    [InlineData("\"\"")]
    [InlineData("\"30313233\"")]
    [InlineData("\"3031323334353637383961626364656g\"")]
    [InlineData("\"30313233343536373839616263646566 \"")]
    [InlineData("30313233343536373839616263646566")]
    [InlineData("null")]
    public void A_digest_in_the_header_that_is_none_is_refused_and_the_body_can_be_passed_over(string md5)
    {
        var said = Headers.Prefixed($$"""{"file_name":"a","file_size":77,"md5":{{md5}}}""");

        var decoded = ShouldRefuse(said, Rejection.FieldType, "it must be 32 hex digits in quotes");

        decoded.Announced.ShouldBe(new Announced(Dialect.DigestInHeader, 77));
        decoded.Consumed.ShouldBe(said.Length);
    }

    [Theory]
    [InlineData("-1")]
    [InlineData("-9223372036854775808")]
    [InlineData("-99999999999999999999")]
    public void A_negative_size_is_refused(string size) =>
        ShouldRefuse(Headers.Prefixed($$"""{"action":"put","filename":"a","filesize":{{size}}}"""),
            Rejection.SizeNegative, $"filesize is {size}").Announced!.Value.BodyBytes.ShouldBeNull();

    [Theory]
    [InlineData("1000001", 1_000_001L)]
    [InlineData("9223372036854775807", long.MaxValue)]
    [InlineData("9223372036854775808", null)]
    [InlineData("99999999999999999999", null)]
    public void A_size_over_the_limit_is_refused(string size, long? bodyBytes) =>
        ShouldRefuse(Headers.Prefixed($$"""{"action":"put","filename":"a","filesize":{{size}}}"""),
                Rejection.SizeTooLarge, $"filesize is {size}, at most 1000000 bytes are taken")
            .Announced.ShouldBe(new Announced(Dialect.DigestAfter, bodyBytes));

    [Theory]
    [InlineData("get")]
    [InlineData("PUT")]
    [InlineData("")]
    [InlineData("puts")]
    public void An_unknown_action_is_refused_and_nobody_knows_what_follows_it(string action)
    {
        var json = $$"""{"action":"{{action}}","filename":"a","filesize":3}""";

        ShouldRefuse(Headers.Prefixed(json), Rejection.ActionUnknown, $"action is \"{action}\"")
            .Announced.ShouldBe(new Announced(Dialect.DigestAfter, null));
        ShouldRefuse(Headers.Bare(json), Rejection.ActionUnknown, $"action is \"{action}\"")
            .Announced.ShouldBe(new Announced(Dialect.BareAcknowledged, 0));
    }

    [Fact]
    public void A_name_with_half_a_character_is_refused_and_the_body_can_be_passed_over()
    {
        var decoded = ShouldRefuse(Headers.Prefixed("""{"action":"put","filename":"a\udce6","filesize":3}"""),
            Rejection.NameRefused, "half a character");

        decoded.Announced.ShouldBe(new Announced(Dialect.DigestAfter, 3));
    }

    [Fact]
    public void A_client_that_waits_for_200_has_sent_no_body_to_pass_over() =>
        ShouldRefuse(Headers.Bare("""{"action":"put","filename":"a","filesize":9999999}"""),
            Rejection.SizeTooLarge, "").Announced.ShouldBe(new Announced(Dialect.BareAcknowledged, 0));

    [Theory]
    [InlineData("16 03 01")]
    [InlineData("16 03 03")]
    [InlineData("16 03 04")]
    [InlineData("16 03 00 02")]
    public void A_TLS_hello_is_refused_as_soon_as_it_can_be_told(string bytes)
    {
        new HeaderDecoder(Limits).Decode(FromHex(bytes).AsSpan(..^1)).Outcome.ShouldBe(Outcome.NotYet);

        ShouldRefuse(FromHex(bytes), Rejection.TlsHello, "connect without TLS");
    }

    [Fact]
    public void A_length_that_looks_like_a_TLS_hello_is_a_length() =>
        new HeaderDecoder(Limits).Decode(FromHex("16 03 00 00")).Outcome.ShouldBe(Outcome.NotYet);

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n")]
    [InlineData("HEAD / HTTP/1.1\r\n")]
    [InlineData("POST /upload HTTP/1.1\r\n")]
    [InlineData("PUT /a.txt HTTP/1.1\r\n")]
    [InlineData("OPTIONS * HTTP/1.1\r\n")]
    [InlineData("DELETE /a HTTP/1.1\r\n")]
    [InlineData("CONNECT a:1 HTTP/1.1\r\n")]
    [InlineData("TRACE / HTTP/1.1\r\n")]
    [InlineData("PATCH / HTTP/1.1\r\n")]
    [InlineData("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")]
    public void An_HTTP_request_is_refused_after_four_bytes(string bytes)
    {
        new HeaderDecoder(Limits).Decode(Headers.Bare(bytes[..3])).Outcome.ShouldBe(Outcome.NotYet);

        ShouldRefuse(Headers.Bare(bytes[..4]), Rejection.HttpRequest, "");
        ShouldRefuse(Headers.Bare(bytes), Rejection.HttpRequest, "");
    }

    [Fact]
    public void What_a_peer_sent_is_shown_escaped_and_cut()
    {
        var json = "{\"filename\":\"a\",\"filesize\":\"\u202E\u0085" + new string('9', 200) + "\"}";

        var detail = ShouldRefuse(Headers.Bare(json), Rejection.FieldType, "").Refusal.Detail;

        detail.ShouldBe(
            "filesize is \"\\u{202E}\\u{85}" + new string('9', 61) + "..., it must be a whole number");
    }

    private static Decoded<PutHeader> ShouldRefuse(byte[] said, Rejection rejection, string detail)
    {
        var decoded = new HeaderDecoder(Limits).Decode(said);
        decoded.Outcome.ShouldBe(Outcome.Refused, Encoding.Latin1.GetString(said));
        decoded.Refusal.Rejection.ShouldBe(rejection);
        decoded.Refusal.Detail.ShouldContain(detail, Case.Sensitive);
        return decoded;
    }

    private static byte[] FromHex(string bytes) =>
        Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
}
