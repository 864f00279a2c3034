using System.Buffers.Binary;
using System.Text;

namespace ActorSock.Wire.Tests;

/// <summary>Which first bytes are a length, and which are text that happens to look like one.</summary>
public sealed class OpeningTests
{
    private const string Fields = """{"action":"put","filename":"a","filesize":5}""";

    [Fact]
    public void Every_length_is_a_length_whatever_its_bytes_look_like()
    {
        var decoder = new HeaderDecoder(Headers.Limits);
        Span<byte> said = stackalloc byte[5];
        said[4] = (byte)'{';
        for (var length = 2; length <= 65_536; length++)
        {
            BinaryPrimitives.WriteInt32LittleEndian(said, length);
            for (var arrived = 0; arrived <= said.Length; arrived++)
                if (decoder.Decode(said[..arrived]).Outcome != Outcome.NotYet)
                    Assert.Fail($"length {length} is mistaken after {arrived} bytes");
        }
    }

    [Theory]
    [InlineData('{')]
    [InlineData('[')]
    [InlineData('"')]
    [InlineData(' ')]
    [InlineData('\n')]
    [InlineData('G')]
    [InlineData('P')]
    [InlineData('\u0016')]
    public void A_header_is_read_whose_length_begins_like_text(char lookalike)
    {
        for (int length = lookalike; length <= 65_536; length += 256)
        {
            var said = Headers.Prefixed(Fields.PadRight(length));
            if (length < Fields.Length) continue;

            var decoded = new HeaderDecoder(Headers.Limits).Decode(said);

            decoded.Frame.Dialect.ShouldBe(Dialect.DigestAfter, $"length {length}");
            decoded.Consumed.ShouldBe(4 + length);
        }
    }

    [Theory]
    [InlineData("{\"")]
    [InlineData("{ ")]
    [InlineData("{\n\n")]
    [InlineData("{\r\n")]
    [InlineData("{\t")]
    public void A_header_without_a_length_is_told_by_its_third_byte(string begins)
    {
        var said = Headers.Bare(begins + Fields.TrimStart('{', '"').Insert(0, begins[^1] == '"' ? "" : "\""));

        var decoded = new HeaderDecoder(Headers.Limits).Decode(said);

        decoded.Frame.Dialect.ShouldBe(Dialect.BareAcknowledged);
    }

    [Theory]
    [InlineData(256)]
    [InlineData(4_000)]
    [InlineData(65_536)]
    public void The_longest_header_that_is_allowed_is_taken_and_one_byte_more_is_not(int headerBytesMax)
    {
        var limits = new WireLimits { HeaderBytesMax = headerBytesMax, FileBytesMax = 5 };
        var bare = Fields.Insert(1, new string(' ', headerBytesMax - Fields.Length));

        new HeaderDecoder(limits).Decode(Headers.Bare(bare)).Outcome.ShouldBe(Outcome.Frame);
        new HeaderDecoder(limits).Decode(Headers.Prefixed(bare)).Outcome.ShouldBe(Outcome.Frame);
        new HeaderDecoder(limits).Decode(Headers.Bare(bare.Insert(1, " ")))
            .Refusal.Rejection.ShouldBe(Rejection.HeaderTooLong);
        new HeaderDecoder(limits).Decode(Headers.Prefixed(bare.Insert(1, " ")))
            .Refusal.Rejection.ShouldBe(Rejection.HeaderLength);
    }

    [Fact]
    public void Every_int32_outside_the_limit_is_refused_after_four_bytes_and_none_before()
    {
        var random = new Random(7);
        var decoder = new HeaderDecoder(Headers.Limits);
        var said = new byte[4];
        for (var round = 0; round < 100_000; round++)
        {
            random.NextBytes(said);
            var length = BinaryPrimitives.ReadInt32LittleEndian(said);
            if (length is > 0 and <= 65_536 || said[0] is 0x16 or (byte)'{') continue;

            var early = decoder.Decode(said.AsSpan(0, 3)).Outcome;
            var late = decoder.Decode(said).Outcome;
            if ((early, late) != (Outcome.NotYet, Outcome.Refused)) Assert.Fail($"seed 7, length {length}");
            decoder.Reset();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_537)]
    [InlineData(-1)]
    public void A_limit_that_makes_lengths_look_like_text_is_the_callers_fault(int headerBytesMax) =>
        Should.Throw<ArgumentOutOfRangeException>(
            () => new WireLimits { HeaderBytesMax = headerBytesMax, FileBytesMax = 1 });
}
