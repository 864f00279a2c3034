using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;

namespace ActorSock.Wire.Native;

/// <summary>Holds a digest of either kind by value.</summary>
/// <remarks>On the wire it is hex digits, lower case from us, either case from a peer.</remarks>
public readonly record struct ContentDigest
{
    /// <summary>The most bytes that a digest has.</summary>
    public const int BytesMax = 32;

    private readonly UInt128 _first, _second;

    private ContentDigest(DigestKind kind, UInt128 first, UInt128 second)
    {
        Kind = kind;
        _first = first;
        _second = second;
    }

    /// <summary>Which digest it is.</summary>
    public DigestKind Kind { get; }

    /// <summary>Bytes of this digest: 16 or 32.</summary>
    public int BytesCount => BytesOf(Kind);

    /// <summary>Hex digits of this digest: 32 or 64.</summary>
    public int HexDigitsCount => BytesCount * 2;

    /// <summary>The digest as one of MD5; null when it is of the other kind.</summary>
    public Md5Digest? AsMd5
    {
        get
        {
            if (Kind != DigestKind.Md5) return null;
            Span<byte> bytes = stackalloc byte[Md5Digest.BytesCount];
            WriteBytes(bytes);
            return Md5Digest.FromBytes(bytes);
        }
    }

    /// <summary>Bytes of a digest of this kind.</summary>
    public static int BytesOf(DigestKind kind) => kind == DigestKind.Md5 ? Md5Digest.BytesCount : BytesMax;

    /// <summary>The same digest.</summary>
    public static ContentDigest From(Md5Digest digest)
    {
        Span<byte> bytes = stackalloc byte[Md5Digest.BytesCount];
        digest.WriteBytes(bytes);
        return FromBytes(DigestKind.Md5, bytes);
    }

    /// <summary>Reads a digest from its bytes, in the order in which the algorithm gives them.</summary>
    /// <exception cref="ArgumentException"><paramref name="bytes"/> are not as many as this kind has.</exception>
    public static ContentDigest FromBytes(DigestKind kind, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != BytesOf(kind))
            throw new ArgumentException($"a digest of {kind} has {BytesOf(kind)} bytes, not {bytes.Length}", nameof(bytes));
        var second = kind == DigestKind.Md5 ? 0 : BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
        return new(kind, BinaryPrimitives.ReadUInt128BigEndian(bytes), second);
    }

    /// <summary>Reads a digest from exactly as many hex digits in ASCII as this kind has, in either case.</summary>
    /// <returns>False when they are not as many, or not all hex digits.</returns>
    public static bool TryParse(DigestKind kind, ReadOnlySpan<byte> hexDigits, out ContentDigest digest)
    {
        Span<byte> bytes = stackalloc byte[BytesMax];
        bytes = bytes[..BytesOf(kind)];
        var isDigest = hexDigits.Length == bytes.Length * 2
            && Convert.FromHexString(hexDigits, bytes, out _, out _) == OperationStatus.Done;
        digest = isDigest ? FromBytes(kind, bytes) : default;
        return isDigest;
    }

    /// <summary>Writes the bytes to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _first);
        if (Kind != DigestKind.Md5) BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _second);
    }

    /// <summary>Writes lower-case hex digits in ASCII to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void WriteHex(Span<byte> destination)
    {
        if (destination.Length < HexDigitsCount)
            throw new ArgumentException($"a digest of {Kind} takes {HexDigitsCount} bytes in hex", nameof(destination));
        _first.TryFormat(destination, out _, "x32", CultureInfo.InvariantCulture);
        if (Kind != DigestKind.Md5)
            _second.TryFormat(destination[32..], out _, "x32", CultureInfo.InvariantCulture);
    }

    /// <summary>The hex digits in lower case.</summary>
    public override string ToString() => string.Create(HexDigitsCount, this, static (digits, digest) =>
    {
        Span<byte> ascii = stackalloc byte[BytesMax * 2];
        digest.WriteHex(ascii);
        for (var at = 0; at < digits.Length; at++) digits[at] = (char)ascii[at];
    });
}
