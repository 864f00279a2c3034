using System.Security.Cryptography;

namespace ActorSock.Wire;

/// <summary>How a client proves that it has a key without saying it: WIRE.md, "Challenge".</summary>
public static class Challenge
{
    /// <summary>Bytes of the server's random challenge, and of the answer.</summary>
    public const int Bytes = 32;

    /// <summary>A challenge that was never used before.</summary>
    public static byte[] Create() => RandomNumberGenerator.GetBytes(Bytes);

    /// <summary>What who has the key answers: HMAC-SHA256 over the challenge (RFC 2104, FIPS 180-4).</summary>
    /// <param name="challenge"><see cref="Bytes"/> bytes, as the server sent them</param>
    /// <param name="key">of any length</param>
    public static byte[] Answer(ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> key) => HMACSHA256.HashData(key, challenge);

    /// <summary>Whether this is the answer, in a time that tells nothing about where it differs.</summary>
    public static bool IsAnswer(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> challenge, ReadOnlySpan<byte> key) =>
        CryptographicOperations.FixedTimeEquals(answer, Answer(challenge, key));
}
