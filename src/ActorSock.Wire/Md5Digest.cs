using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace ActorSock.Wire;

/// <summary>Holds the 16 bytes of an MD5 digest by value.</summary>
/// <remarks>On the wire it is 32 hex digits, lower case from us, either case from a peer.</remarks>
public readonly struct Md5Digest : IEquatable<Md5Digest>
{
    /// <summary>Bytes of a digest.</summary>
    public const int BytesCount = 16;

    /// <summary>Hex digits of a digest.</summary>
    public const int HexDigitsCount = 32;

    private readonly UInt128 _value;

    private Md5Digest(UInt128 value) => _value = value;

    /// <summary>Reads a digest from its 16 bytes, in the order in which MD5 gives them.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> are not 16.</exception>
    public static Md5Digest FromBytes(ReadOnlySpan<byte> bytes) => bytes.Length == BytesCount
        ? new Md5Digest(BinaryPrimitives.ReadUInt128BigEndian(bytes))
        : throw new ArgumentException($"a digest has {BytesCount} bytes, not {bytes.Length}", nameof(bytes));

    /// <summary>Reads a digest from exactly 32 hex digits in ASCII, in either case.</summary>
    /// <returns>False when <paramref name="hexDigits"/> are not 32 or not all hex digits.</returns>
    public static bool TryParse(ReadOnlySpan<byte> hexDigits, out Md5Digest digest)
    {
        Span<byte> bytes = stackalloc byte[BytesCount];
        var isDigest = hexDigits.Length == HexDigitsCount
            && Convert.FromHexString(hexDigits, bytes, out _, out _) == OperationStatus.Done;
        digest = isDigest ? FromBytes(bytes) : default;
        return isDigest;
    }

    /// <summary>Writes the 16 bytes to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void WriteBytes(Span<byte> destination) =>
        BinaryPrimitives.WriteUInt128BigEndian(destination, _value);

    /// <summary>Writes 32 lower-case hex digits in ASCII to the front of
    /// <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void WriteHex(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[BytesCount];
        WriteBytes(bytes);
        if (!Convert.TryToHexStringLower(bytes, destination, out _))
            throw new ArgumentException($"a digest takes {HexDigitsCount} bytes in hex", nameof(destination));
    }

    /// <summary>Tells whether both hold the same 16 bytes.</summary>
    public bool Equals(Md5Digest other) => _value == other._value;

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Md5Digest other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _value.GetHashCode();

    /// <summary>The 32 hex digits in lower case.</summary>
    public override string ToString() => _value.ToString("x32", CultureInfo.InvariantCulture);

    /// <summary>Tells whether both hold the same 16 bytes.</summary>
    public static bool operator ==(Md5Digest left, Md5Digest right) => left.Equals(right);

    /// <summary>Tells whether they differ in any of the 16 bytes.</summary>
    public static bool operator !=(Md5Digest left, Md5Digest right) => !left.Equals(right);
}
