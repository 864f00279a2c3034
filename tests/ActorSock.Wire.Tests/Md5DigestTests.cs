using System.Text;

namespace ActorSock.Wire.Tests;

public sealed class Md5DigestTests
{
    private const string Hello = "5d41402abc4b2a76b9719d911017c592";

    [Theory]
    [InlineData(Hello)]
    [InlineData("5D41402ABC4B2A76B9719D911017C592")]
    [InlineData("5d41402aBC4B2a76b9719d911017C592")]
    public void Digits_are_read_in_either_case_and_written_in_lower_case(string digits)
    {
        Md5Digest.TryParse(Encoding.ASCII.GetBytes(digits), out var digest).ShouldBeTrue();

        var written = new byte[32];
        digest.WriteHex(written);
        Encoding.ASCII.GetString(written).ShouldBe(Hello);
        digest.ToString().ShouldBe(Hello);
    }

    [Fact]
    public void Bytes_come_back_in_their_order()
    {
        byte[] bytes = [0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 255];

        var digest = Md5Digest.FromBytes(bytes);

        var written = new byte[16];
        digest.WriteBytes(written);
        written.ShouldBe(bytes);
        digest.ToString().ShouldBe("000102030405060708090a0b0c0d0eff");
    }

    [Theory]
    [InlineData("")]
    [InlineData("5d41402abc4b2a76b9719d911017c59")]
    [InlineData("5d41402abc4b2a76b9719d911017c5922")]
    [InlineData("5d41402abc4b2a76b9719d911017c59g")]
    [InlineData(" d41402abc4b2a76b9719d911017c592")]
    public void What_is_not_32_hex_digits_is_no_digest(string digits) =>
        Md5Digest.TryParse(Encoding.ASCII.GetBytes(digits), out _).ShouldBeFalse();

    [Fact]
    public void Digests_are_equal_when_all_their_bytes_are()
    {
        var digest = Md5Digest.FromBytes("0123456789abcdef"u8);

        digest.ShouldBe(Md5Digest.FromBytes("0123456789abcdef"u8));
        (digest == Md5Digest.FromBytes("0123456789abcdeF"u8)).ShouldBeFalse();
        (digest != Md5Digest.FromBytes("1123456789abcdef"u8)).ShouldBeTrue();
        Should.Throw<ArgumentException>(() => Md5Digest.FromBytes("short"u8));
    }

    [Fact]
    public void Digits_behind_a_body_are_waited_for_and_taken_without_what_follows()
    {
        var said = Encoding.ASCII.GetBytes(Hello + "{");

        DigestDecoder.Decode(said.AsSpan(0, 31)).Outcome.ShouldBe(Outcome.NotYet);
        var decoded = DigestDecoder.Decode(said);

        decoded.Consumed.ShouldBe(32);
        decoded.Frame!.Value.ToString().ShouldBe(Hello);
    }

    [Fact]
    public void Digits_that_are_no_hex_are_a_frame_that_equals_no_digest()
    {
        var decoded = DigestDecoder.Decode("this is not what was agreed upon"u8);

        decoded.Outcome.ShouldBe(Outcome.Frame);
        decoded.Consumed.ShouldBe(32);
        decoded.Frame.ShouldBeNull();
    }
}
