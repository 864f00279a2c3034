namespace ActorSock.Wire;

/// <summary>Reads the 32 hex digits that follow a body in <see cref="Dialect.DigestAfter"/>.</summary>
public static class DigestDecoder
{
    /// <summary>Reads a digest from the front of <paramref name="unread"/>, which begins right behind the
    /// body.</summary>
    /// <returns>Not yet while there are fewer than 32 bytes; then always a frame of 32 bytes. It is null when
    /// they are no hex digits: such a digest differs from every other.</returns>
    public static Decoded<Md5Digest?> Decode(ReadOnlySpan<byte> unread)
    {
        if (unread.Length < Md5Digest.HexDigitsCount) return default;
        var isDigest = Md5Digest.TryParse(unread[..Md5Digest.HexDigitsCount], out var digest);
        return new Decoded<Md5Digest?>(isDigest ? digest : null, Md5Digest.HexDigitsCount);
    }
}
