using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests;

public sealed class HeaderCutsTests
{
    private static readonly WireLimits Small = new() { HeaderBytesMax = 256, FileBytesMax = 1_000_000 };

    private static readonly Gen<byte[]> Anything = Gen.OneOf(
        Headers.Strange,
        Headers.Sayable.Select(HeaderEncoder.Encode),
        Headers.Sayable.NonEmptyListOf().Select(some => some.SelectMany(HeaderEncoder.Encode).ToArray()));

    [Fact]
    public void How_the_bytes_are_cut_never_matters() =>
        Properties.Hold(
            from bytes in Anything
            from seed in Gen.Choose(0, int.MaxValue)
            select (bytes, seed),
            given =>
            {
                var random = new Random(given.seed);
                var whole = Headers.Describe(new HeaderDecoder(Small).Decode(given.bytes));

                var single = Headers.DecodeInPieces(given.bytes, Small, () => 1);
                var cut = Headers.DecodeInPieces(given.bytes, Small, () => random.Next(1, 40));

                Headers.Describe(single).ShouldBe(whole);
                Headers.Describe(cut).ShouldBe(whole);
            },
            cases: 3000);

    [Fact]
    public void Arbitrary_bytes_never_throw_and_never_need_more_than_the_limit() =>
        Properties.Hold(
            Headers.Strange,
            bytes =>
            {
                var filled = bytes.Concat(Enumerable.Repeat((byte)' ', Small.HeaderBytesMax + 4)).ToArray();

                var decoded = new HeaderDecoder(Small).Decode(filled.AsSpan(0, Small.HeaderBytesMax + 4));

                decoded.Outcome.ShouldNotBe(Outcome.NotYet);
                decoded.Consumed.ShouldBeInRange(0, Small.HeaderBytesMax + 4);
            },
            cases: 3000);

    [Fact]
    public void What_a_peer_sent_never_stands_raw_in_a_refusal() =>
        Properties.Hold(
            Headers.Strange,
            bytes =>
            {
                var decoded = new HeaderDecoder(Small).Decode(bytes);
                if (decoded.Outcome != Outcome.Refused) return;

                var detail = decoded.Refusal.Detail;

                detail.ShouldBe(Escaping.Printable(detail));
                detail.Length.ShouldBeLessThan(1000);
            },
            cases: 3000);

    [Fact]
    public void A_header_of_the_full_length_that_comes_byte_by_byte_is_looked_at_once()
    {
        var said = Headers.Bare($$"""{"x":"{{new string('y', 65_000)}}","filename":"a","filesize":1}""");
        var decoder = new HeaderDecoder(Headers.Limits);
        for (var arrived = 1; arrived < said.Length; arrived++)
        {
            // Only a decoder that remembers can still tell: what it has seen is gone.
            if (arrived > 4) said[arrived - 2] = (byte)'"';
            decoder.Decode(said.AsSpan(0, arrived)).Outcome.ShouldBe(Outcome.NotYet);
        }

        decoder.Decode(said).Refusal.Rejection.ShouldBe(Rejection.HeaderNotObject);
    }

    [Fact]
    public void Decoding_allocates_the_header_and_its_name_and_nothing_else()
    {
        var said = HeaderEncoder.Encode(new PutHeader(Dialect.DigestInHeader, "报告.txt", 5, Headers.Digest));
        var decoder = new HeaderDecoder(Headers.Limits);
        var bytesOfOne = AllocatedBy(
            () => new PutHeader(Dialect.DigestInHeader, new string('x', 6), 5, Headers.Digest));

        var bytesOfDecoding = AllocatedBy(() =>
        {
            for (var arrived = 0; arrived < said.Length; arrived++) decoder.Decode(said.AsSpan(0, arrived));
            var header = decoder.Decode(said).Frame;
            decoder.Reset();
            return header;
        });

        bytesOfDecoding.ShouldBe(bytesOfOne);
    }

    private static long AllocatedBy(Func<object> step)
    {
        step();
        var before = GC.GetAllocatedBytesForCurrentThread();
        step();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }
}
