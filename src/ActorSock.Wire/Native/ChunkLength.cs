using System.Buffers.Binary;

namespace ActorSock.Wire.Native;

/// <summary>Says what follows in a body that comes in chunks.</summary>
public readonly record struct ChunkLength
{
    /// <summary>The most bytes of a chunk.</summary>
    public const int BytesMax = 1 << 20;

    /// <summary>Bytes that it takes on the wire.</summary>
    public const int PrefixBytes = sizeof(int);

    private const int Void = -1;

    private readonly int _said;

    private ChunkLength(int said) => _said = said;

    /// <summary>The body is complete.</summary>
    public static ChunkLength End => default;

    /// <summary>The sender gives up: the request is void.</summary>
    public static ChunkLength GivenUp { get; } = new(Void);

    /// <summary>Whether the body is complete.</summary>
    public bool IsEnd => _said == 0;

    /// <summary>Whether the sender gives up.</summary>
    public bool IsGivenUp => _said == Void;

    /// <summary>Bytes of the chunk that follows; 0 when none does.</summary>
    public int Bytes => Math.Max(_said, 0);

    /// <summary>A chunk of so many bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 1 or more than <see cref="BytesMax"/>.</exception>
    public static ChunkLength Of(int bytes)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(bytes, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(bytes, BytesMax);
        return new ChunkLength(bytes);
    }

    /// <summary>Reads what stands in front of a chunk.</summary>
    /// <param name="unread">All bytes behind the chunk before, or behind the header.</param>
    public static Decoded<ChunkLength> Decode(ReadOnlySpan<byte> unread)
    {
        if (unread.Length < PrefixBytes) return default;
        var said = BinaryPrimitives.ReadInt32LittleEndian(unread);
        return said is >= Void and <= BytesMax
            ? new(new ChunkLength(said), PrefixBytes)
            : new(new Refusal(Rejection.BodyLength, $"a chunk has {said} bytes, allowed is 1 to {BytesMax}"), PrefixBytes);
    }

    /// <summary>Writes it to the front of <paramref name="destination"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException"><paramref name="destination"/> is too short.</exception>
    public void Write(Span<byte> destination) => BinaryPrimitives.WriteInt32LittleEndian(destination, _said);
}
