using System.Buffers;
using System.Buffers.Binary;
using System.Security.Cryptography;

namespace ActorSock.Journal;

/// <summary>Holds the SHA-256 of a journal record by value; the default is 32 zeros, which stand before the
/// first record.</summary>
public readonly record struct RecordHash
{
    /// <summary>Bytes of a hash.</summary>
    public const int BytesCount = 32;

    /// <summary>Hex digits of a hash.</summary>
    public const int HexDigitsCount = 64;

    private readonly UInt128 _high;
    private readonly UInt128 _low;

    private RecordHash(ReadOnlySpan<byte> bytes)
    {
        _high = BinaryPrimitives.ReadUInt128BigEndian(bytes);
        _low = BinaryPrimitives.ReadUInt128BigEndian(bytes[16..]);
    }

    /// <summary>Hashes what a line says.</summary>
    /// <param name="said">The bytes of the line in front of <c>,"hash":</c>.</param>
    public static RecordHash Of(ReadOnlySpan<byte> said)
    {
        Span<byte> bytes = stackalloc byte[BytesCount];
        SHA256.HashData(said, bytes);
        return new RecordHash(bytes);
    }

    /// <summary>Reads a hash from exactly 64 hex digits in ASCII, in lower case: no hash is written in two
    /// ways, so that no byte of a journal can change unseen.</summary>
    public static bool TryParse(ReadOnlySpan<byte> hexDigits, out RecordHash hash)
    {
        Span<byte> bytes = stackalloc byte[BytesCount];
        var isHash = hexDigits.Length == HexDigitsCount
            && !hexDigits.ContainsAnyInRange((byte)'A', (byte)'F')
            && Convert.FromHexString(hexDigits, bytes, out _, out _) == OperationStatus.Done;
        hash = isHash ? new RecordHash(bytes) : default;
        return isHash;
    }

    /// <summary>Writes the 32 bytes to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void WriteBytes(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt128BigEndian(destination, _high);
        BinaryPrimitives.WriteUInt128BigEndian(destination[16..], _low);
    }

    /// <summary>Writes 64 lower-case hex digits in ASCII to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="destination"/> is too short.</exception>
    public void WriteHex(Span<byte> destination)
    {
        Span<byte> bytes = stackalloc byte[BytesCount];
        WriteBytes(bytes);
        if (!Convert.TryToHexStringLower(bytes, destination, out _))
            throw new ArgumentException($"a hash takes {HexDigitsCount} bytes in hex", nameof(destination));
    }

    /// <summary>The 64 hex digits in lower case.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[BytesCount];
        WriteBytes(bytes);
        return Convert.ToHexStringLower(bytes);
    }
}
