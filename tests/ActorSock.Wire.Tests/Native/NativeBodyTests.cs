using System.Text;
using ActorSock.Wire.Native;

namespace ActorSock.Wire.Tests.Native;

/// <summary>What surrounds headers: who speaks, chunks, trailers, digests.</summary>
public sealed class NativeBodyTests
{
    [Theory]
    [InlineData("5D41402abc4b2a76b9719d911017c592", DigestKind.Md5)]
    [InlineData(Natives.Sha256, DigestKind.Sha256)]
    public void A_digest_keeps_its_bytes_and_its_kind(string digits, DigestKind kind)
    {
        var digest = Natives.Parse(kind, digits);

        digest.Kind.ShouldBe(kind);
        digest.ToString().ShouldBe(digits.ToLowerInvariant());
        var bytes = new byte[digest.BytesCount];
        digest.WriteBytes(bytes);
        bytes.ShouldBe(Convert.FromHexString(digits));
        ContentDigest.FromBytes(kind, bytes).ShouldBe(digest);
        (digest.AsMd5 is { } md5 ? ContentDigest.From(md5) : digest).ShouldBe(digest);
        (digest.AsMd5 is null).ShouldBe(kind == DigestKind.Sha256);
    }

    [Fact]
    public void Digests_of_other_lengths_letters_and_kinds_are_told_apart()
    {
        foreach (var digits in new[] { "", Natives.Md5[1..], Natives.Md5 + "0", Natives.Md5[1..] + "g", Natives.Sha256 })
            ContentDigest.TryParse(DigestKind.Md5, Encoding.ASCII.GetBytes(digits), out _).ShouldBeFalse();
        ContentDigest.TryParse(DigestKind.Sha256, Encoding.ASCII.GetBytes(Natives.Md5), out _).ShouldBeFalse();
        Should.Throw<ArgumentException>(() => ContentDigest.FromBytes(DigestKind.Sha256, new byte[16]));
        var first = ContentDigest.FromBytes(DigestKind.Sha256, new byte[32]);
        first.ShouldNotBe(ContentDigest.FromBytes(DigestKind.Sha256, [.. new byte[31], 1]));
        first.ShouldNotBe(ContentDigest.FromBytes(DigestKind.Md5, new byte[16]));
    }

    [Theory]
    [InlineData("01 00 00 00", 1, false, false)]
    [InlineData("00 00 10 00 7B", 1_048_576, false, false)]
    [InlineData("00 00 00 00", 0, true, false)]
    [InlineData("FF FF FF FF", 0, false, true)]
    public void A_chunk_begins_with_its_length(string bytes, int length, bool isEnd, bool isGivenUp)
    {
        var unread = FromHex(bytes);

        for (var arrived = 0; arrived < 4; arrived++)
            ChunkLength.Decode(unread.AsSpan(0, arrived)).Outcome.ShouldBe(Outcome.NotYet);
        var decoded = ChunkLength.Decode(unread);

        decoded.Consumed.ShouldBe(4);
        (decoded.Frame.Bytes, decoded.Frame.IsEnd, decoded.Frame.IsGivenUp).ShouldBe((length, isEnd, isGivenUp));
        var written = new byte[4];
        decoded.Frame.Write(written);
        written.ShouldBe(unread[..4]);
    }

    [Theory]
    [InlineData("01 00 10 00")]
    [InlineData("FE FF FF FF")]
    [InlineData("00 00 00 80")]
    [InlineData("FF FF FF 7F")]
    public void A_length_that_no_chunk_has_is_refused(string bytes) =>
        ChunkLength.Decode(FromHex(bytes)).Refusal.Rejection.ShouldBe(Rejection.BodyLength);

    [Fact]
    public void Lengths_of_chunks_are_said_as_they_are_read()
    {
        foreach (var length in new[] { ChunkLength.End, ChunkLength.GivenUp, ChunkLength.Of(1), ChunkLength.Of(ChunkLength.BytesMax) })
        {
            var written = new byte[4];
            length.Write(written);
            ChunkLength.Decode(written).Frame.ShouldBe(length);
        }
        foreach (var none in new[] { 0, -1, ChunkLength.BytesMax + 1 })
            Should.Throw<ArgumentOutOfRangeException>(() => ChunkLength.Of(none));
    }

    [Theory]
    [InlineData(DigestKind.Md5, Natives.Md5)]
    [InlineData(DigestKind.Sha256, Natives.Sha256)]
    public void A_trailer_names_the_digest(DigestKind kind, string digits)
    {
        var digest = Natives.Parse(kind, digits);
        var bytes = NativeEncoder.Trailer(digest);

        bytes.ShouldBe(Headers.Prefixed($$"""{"{{kind.ToString().ToLowerInvariant()}}":"{{digits}}"}"""));
        for (var arrived = 0; arrived < bytes.Length; arrived++)
            Trailer.Decode(bytes.AsSpan(0, arrived), kind, Natives.Limits).Outcome.ShouldBe(Outcome.NotYet);
        var decoded = Trailer.Decode([.. bytes, 1, 2, 3], kind, Natives.Limits);
        (decoded.Frame, decoded.Consumed).ShouldBe((digest, bytes.Length));
    }

    [Theory]
    [InlineData("{}", "FieldMissing")]
    [InlineData("{\"md5\":null}", "FieldMissing")]
    [InlineData("{\"sha256\":\"" + Natives.Sha256 + "\"}", "FieldMissing")]
    [InlineData("{\"md5\":\"after\"}", "FieldType")]
    [InlineData("{\"md5\":7}", "FieldType")]
    [InlineData("{\"md5\":\"" + Natives.Md5 + "\",\"body\":1}", "BodyLength")]
    [InlineData("{\"md5\":\"" + Natives.Md5 + "\",\"body\":\"chunked\"}", "BodyLength")]
    [InlineData("[]", "HeaderNotObject")]
    [InlineData("{\"md5\":", "HeaderNotObject")]
    public void A_trailer_that_names_no_digest_is_refused_with_its_length(string json, string rejection)
    {
        var bytes = Headers.Prefixed(json);

        var decoded = Trailer.Decode(bytes, DigestKind.Md5, Natives.Limits);

        decoded.Refusal.Rejection.Name.ShouldBe(rejection);
        // The first byte alone tells that it is no object; then nothing has been read to its end.
        decoded.Consumed.ShouldBe(json[0] == '{' ? bytes.Length : 0);
    }

    [Fact]
    public void A_trailer_with_a_length_that_is_none_is_refused() =>
        Trailer.Decode(new byte[4], DigestKind.Md5, Natives.Limits).Refusal.Rejection.ShouldBe(Rejection.HeaderLength);

    [Theory]
    [InlineData("""{"action": "hello", "versions": [1]}""", true)]
    [InlineData("""{"action":"hello"}""", true)]
    [InlineData(""" {"x":{"action":1},"\u0061ction":"h\u0065llo"} """, true)]
    [InlineData("""{"action":"put","filename":"hello"}""", false)]
    [InlineData("""{"action":"hello","action":"put"}""", false)]
    [InlineData("""{"action":"Hello"}""", false)]
    [InlineData("""{"Action":"hello"}""", false)]
    [InlineData("""{"action":["hello"]}""", false)]
    [InlineData("""{"action":"hello"}}""", false)]
    [InlineData("""["action","hello"]""", false)]
    public void Who_says_hello_speaks_the_native_protocol(string json, bool isNative)
    {
        var bytes = Headers.Prefixed(json);

        NativeHello.Is(Encoding.UTF8.GetBytes(json)).ShouldBe(isNative);
        NativeHello.Tell(bytes, Natives.Limits).ShouldBe(isNative);
        NativeHello.Tell([.. bytes, .. "{}"u8], Natives.Limits).ShouldBe(isNative);
        for (var arrived = 0; arrived < bytes.Length; arrived++)
            NativeHello.Tell(bytes.AsSpan(0, arrived), Natives.Limits).ShouldBe(arrived > 4 && json[0] == '[' ? false : null);
    }

    [Theory]
    [InlineData("7B 22 61", false)]
    [InlineData("7B 0A", null)]
    [InlineData("16 03 01", false)]
    [InlineData("47 45 54", null)]
    [InlineData("47 45 54 20", false)]
    [InlineData("00 00 00 00", false)]
    [InlineData("7B 00 00 00", null)]
    [InlineData("7B 00 00 00 78", false)]
    [InlineData("", null)]
    public void Others_are_told_by_their_first_bytes(string bytes, bool? isNative) =>
        NativeHello.Tell(FromHex(bytes), Natives.Limits).ShouldBe(isNative);

    [Fact]
    public void A_body_is_nothing_so_many_bytes_or_chunks()
    {
        FrameBody.Of(0).ShouldBe(FrameBody.None);
        (FrameBody.None.Bytes, FrameBody.Of(5).Bytes, FrameBody.Chunked.Bytes).ShouldBe((0, 5, null));
        (FrameBody.Of(5).IsChunked, FrameBody.Chunked.IsChunked).ShouldBe((false, true));
        ($"{FrameBody.Of(5)}", $"{FrameBody.Chunked}").ShouldBe(("5", "chunked"));
        Should.Throw<ArgumentOutOfRangeException>(() => FrameBody.Of(-1));
    }

    private static byte[] FromHex(string bytes) => Convert.FromHexString(bytes.Replace(" ", "", StringComparison.Ordinal));
}
