namespace ActorSock.Wire.Tests;

public sealed class HeaderRoundTripTests
{
    private static readonly WireLimits Limits = new() { HeaderBytesMax = 65_536, FileBytesMax = long.MaxValue };
    private static readonly Md5Digest Digest = Md5Digest.FromBytes("0123456789abcdef"u8);

    [Theory]
    [InlineData(Dialect.DigestAfter)]
    [InlineData(Dialect.DigestInHeader)]
    [InlineData(Dialect.BareAcknowledged)]
    [InlineData(Dialect.Bare)]
    public void A_header_comes_back_as_it_was_said(Dialect dialect)
    {
        var header = new PutHeader(dialect, "资料/报告 1.txt", 1_073_741_824_000,
            dialect == Dialect.DigestInHeader ? Digest : null);
        var said = HeaderEncoder.Encode(header);

        var decoded = new HeaderDecoder(Limits).Decode([.. said, .. "{body"u8]);

        decoded.Outcome.ShouldBe(Outcome.Frame);
        decoded.Frame.ShouldBe(header);
        decoded.Consumed.ShouldBe(said.Length);
    }
}
