using System.Text;
using ActorSock.Wire.Native;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests.Native;

public sealed class NativeDecoderTests
{
    private static readonly WireLimits Small = new() { HeaderBytesMax = 256, FileBytesMax = 1_000_000 };

    // Requests, what is nearly one, and what was never meant as one.
    private static readonly Gen<byte[]> Anything = Gen.OneOf(
        Headers.Strange,
        Natives.Requests.Select(NativeEncoder.Encode),
        Natives.Requests.NonEmptyListOf().Select(some => some.SelectMany(NativeEncoder.Encode).ToArray()),
        from request in Natives.Requests
        from at in Gen.Choose(0, 4096)
        from value in Gen.Choose(0, 255)
        select Spoil(NativeEncoder.Encode(request), at, (byte)value));

    [Fact]
    public void What_was_encoded_is_decoded() =>
        Properties.Hold(Natives.Requests, request =>
        {
            var bytes = NativeEncoder.Encode(request);

            var decoded = Natives.Decode([.. bytes, .. "what follows"u8]);

            decoded.Frame.ShouldBe(request);
            decoded.Consumed.ShouldBe(bytes.Length);
        });

    [Fact]
    public void A_hello_is_decoded_with_all_that_it_says()
    {
        var hello = new NativeRequest.Hello([1, 7]) { Agent = "backup.py 2.1", Capabilities = ["x", "y"] };

        var decoded = (NativeRequest.Hello)Natives.Decode(NativeEncoder.Encode(hello)).Frame;

        decoded.Versions.ShouldBe([1, 7]);
        decoded.Agent.ShouldBe("backup.py 2.1");
        decoded.Capabilities.ShouldBe(["x", "y"]);
        decoded.Id.ShouldBeNull();
        ((NativeRequest.Hello)Natives.Decode("""{"action":"hello","versions":[1],"id":5}""")).Capabilities.ShouldBeEmpty();
    }

    [Fact]
    public void Requests_are_decoded_as_people_write_them()
    {
        Natives.Decode("""{"id": 1, "action": "ping"}""").ShouldBe(new NativeRequest.Ping { Id = 1 });
        Natives.Decode("""{"id": 2, "action": "put", "name": "a.txt", "body": 5, "md5": "5D41402ABC4B2A76B9719D911017C592"}""")
            .ShouldBe(new NativeRequest.Put("a.txt")
            {
                Id = 2,
                Body = FrameBody.Of(5),
                Promise = new DigestPromise.Named(ContentDigest.From(Natives.Md5Hello)),
            });
        Natives.Decode("""{"id": 4, "action": "put", "upload": "6f3a", "name": "big.iso", "size": 10, "offset": 4, "body": 6, "sha256": "after"}""")
            .ShouldBe(new NativeRequest.Put("big.iso")
            {
                Id = 4,
                Body = FrameBody.Of(6),
                Size = 10,
                Offset = 4,
                Upload = "6f3a",
                Promise = new DigestPromise.After(DigestKind.Sha256),
            });
        Natives.Decode("""{"id": 12, "action": "list"}""").ShouldBe(new NativeRequest.List { Id = 12 });
        Natives.Decode("""{"id": 14, "action": "rename", "name": "a.txt", "to": "b/c.txt", "exists": "refuse"}""")
            .ShouldBe(new NativeRequest.Rename("a.txt", "b/c.txt") { Id = 14, Exists = ExistsRule.Refuse });
    }

    [Fact]
    public void A_limit_over_all_numbers_of_entries_is_the_largest() =>
        Natives.Decode("""{"id":1,"action":"list","limit":9223372036854775807}""")
            .ShouldBe(new NativeRequest.List { Id = 1, Limit = int.MaxValue });

    [Fact]
    public void A_put_knows_how_long_its_file_is_when_anything_says_it()
    {
        new NativeRequest.Put("a") { Size = 9, Body = FrameBody.Chunked }.TotalBytes.ShouldBe(9);
        new NativeRequest.Put("a") { Offset = 4, Body = FrameBody.Of(5) }.TotalBytes.ShouldBe(9);
        new NativeRequest.Put("a").TotalBytes.ShouldBe(0);
        new NativeRequest.Put("a") { Body = FrameBody.Chunked }.TotalBytes.ShouldBeNull();
        new NativeRequest.Put("a") { Body = FrameBody.Of(5), IsPart = true }.TotalBytes.ShouldBeNull();
    }

    [Fact]
    public void How_the_bytes_are_cut_never_matters() =>
        Properties.Hold(Anything, bytes =>
        {
            var decoder = new NativeDecoder(Small);
            var whole = Natives.Describe(decoder.Decode(bytes));

            var first = Enumerable.Range(0, bytes.Length + 1)
                .Select(arrived => decoder.Decode(bytes.AsSpan(0, arrived)))
                .FirstOrDefault(decoded => decoded.Outcome != Outcome.NotYet);

            Natives.Describe(first).ShouldBe(whole);
        });

    [Fact]
    public void Arbitrary_bytes_never_throw_and_never_make_it_wait_for_more_than_its_limit() =>
        Properties.Hold(Anything, bytes =>
        {
            var decoded = new NativeDecoder(Small).Decode(bytes);

            if (decoded.Outcome == Outcome.NotYet) bytes.Length.ShouldBeLessThan(4 + 256);
            decoded.Consumed.ShouldBeInRange(0, 4 + 256);
        }, cases: 2000);

    [Fact]
    public void What_has_come_of_a_header_is_not_looked_at_before_the_rest_is_there()
    {
        // Were it looked at, a header that comes byte by byte would cost the square of its length.
        var bytes = Headers.Prefixed("{" + new string('\xFF', 500));
        bytes.AsSpan(5).Fill(0xFF);

        for (var arrived = 0; arrived < bytes.Length; arrived++)
            Natives.Decode(bytes.AsSpan(0, arrived)).Outcome.ShouldBe(Outcome.NotYet);
        Natives.Decode(bytes).Refusal.Rejection.ShouldBe(Rejection.HeaderNotUtf8);
    }

    [Fact]
    public void Waiting_for_a_header_takes_no_memory()
    {
        var decoder = new NativeDecoder(Natives.Limits);
        var bytes = NativeEncoder.Encode(new NativeRequest.Stat(new string('a', 60_000)) { Id = 1 });
        decoder.Decode(bytes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var arrived = 0; arrived < bytes.Length; arrived++) decoder.Decode(bytes.AsSpan(0, arrived));

        GC.GetAllocatedBytesForCurrentThread().ShouldBe(before);
    }

    [Theory]
    [InlineData("00 00 00 00", "00 00 00 00 are 0, allowed is 1 to 256")]
    [InlineData("FF FF FF FF", "FF FF FF FF are -1, allowed is 1 to 256")]
    [InlineData("01 01 00 00", "01 01 00 00 are 257, allowed is 1 to 256")]
    [InlineData("00 00 00 45", "send 69 with the least significant byte first")]
    [InlineData("7B 22 69 64", "allowed is 1 to 256")]
    [InlineData("47 45 54 20", "allowed is 1 to 256")]
    [InlineData("16 03 01 02", "allowed is 1 to 256")]
    public void A_length_that_is_none_ends_the_conversation(string bytes, string detail)
    {
        var decoded = new NativeDecoder(Small).Decode(Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal)));

        decoded.Refusal.Rejection.ShouldBe(Rejection.HeaderLength);
        decoded.Refusal.Detail.ShouldContain(detail);
        decoded.Consumed.ShouldBe(0);
    }

    [Theory]
    [InlineData("[1,2]")]
    [InlineData("null")]
    [InlineData("17")]
    [InlineData("    ")]
    [InlineData("{")]
    [InlineData("{} {}")]
    [InlineData("{\"id\":1,\"action\":\"ping\"")]
    [InlineData("{\"id\":1,\"action\":\"ping\"}x")]
    [InlineData("{\"id\":01}")]
    [InlineData("{\"name\":\"\\x\"}")]
    public void A_header_that_is_no_object_ends_the_conversation(string json) =>
        Natives.Decode(Headers.Prefixed(json)).Refusal.Rejection.ShouldBe(Rejection.HeaderNotObject);

    [Fact]
    public void Nesting_is_passed_over_up_to_64_and_refused_deeper()
    {
        string Nested(int depth) =>
            $$"""{"x":{{new string('[', depth - 1)}}{{new string(']', depth - 1)}},"id":1,"action":"ping"}""";

        Natives.Decode(Nested(64)).ShouldBe(new NativeRequest.Ping { Id = 1 });
        Natives.Decode(Headers.Prefixed(Nested(65))).Refusal.Rejection.ShouldBe(Rejection.HeaderNotObject);
        Natives.Decode($$"""{"id":1,"action":"hello","versions":{{new string('[', 63)}}{{new string(']', 63)}}}""")
            .ShouldBeOfType<NativeRequest.Refused>().Refusal.Rejection.ShouldBe(Rejection.FieldType);
    }

    [Fact]
    public void A_header_in_GBK_ends_the_conversation()
    {
        byte[] said = [.. """{"id":1,"action":"stat","name":" """u8, 0xB1, 0xA8, .. "\"}"u8];

        Natives.Decode(Headers.Prefixed(said)).Refusal.Rejection.ShouldBe(Rejection.HeaderNotUtf8);
    }

    [Fact]
    public void Half_a_character_cannot_be_said()
    {
        NativeRequest[] unsayable =
        [
            new NativeRequest.Stat("\ud800") { Id = 1 },
            new NativeRequest.Stat("a"),
            new NativeRequest.Hello([1]) { Id = 1 },
            new NativeRequest.Stat(new string('a', 65_536)) { Id = 1 },
            new NativeRequest.Refused(default) { Id = 1 },
        ];

        foreach (var request in unsayable) Should.Throw<ArgumentException>(() => NativeEncoder.Encode(request));
        NativeEncoder.Encode(new NativeRequest.Ping { Id = 1 }).ShouldBe(Headers.Prefixed("""{"id":1,"action":"ping"}"""));
    }

    [Fact]
    public void Names_in_any_writing_stay_readable_and_control_characters_do_not_go_bare()
    {
        var bytes = NativeEncoder.Encode(new NativeRequest.Stat("报告\n\u007f.txt") { Id = 1 });

        Encoding.UTF8.GetString(bytes.AsSpan(4)).ShouldBe("""{"id":1,"action":"stat","name":"报告\n\u007F.txt"}""");
    }

    private static byte[] Spoil(byte[] bytes, int at, byte value)
    {
        bytes[at % bytes.Length] = value;
        return bytes;
    }
}
