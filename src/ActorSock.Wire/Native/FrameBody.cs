using System.Globalization;

namespace ActorSock.Wire.Native;

/// <summary>Says what follows a header: nothing, so many bytes, or chunks.</summary>
public readonly record struct FrameBody
{
    private const long InChunks = -1;

    private readonly long _bytes;

    private FrameBody(long bytes) => _bytes = bytes;

    /// <summary>Nothing; also what no <c>body</c> and <c>"body": 0</c> mean.</summary>
    public static FrameBody None => default;

    /// <summary>Chunks, each with its length in front.</summary>
    public static FrameBody Chunked { get; } = new(InChunks);

    /// <summary>Whether the body comes in chunks.</summary>
    public bool IsChunked => _bytes == InChunks;

    /// <summary>Bytes of the body, 0 for none; null when it comes in chunks.</summary>
    public long? Bytes => IsChunked ? null : _bytes;

    /// <summary>So many bytes.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are less than 0.</exception>
    public static FrameBody Of(long bytes)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(bytes);
        return new FrameBody(bytes);
    }

    /// <summary>The number of bytes, or <c>chunked</c>.</summary>
    public override string ToString() => IsChunked ? "chunked" : _bytes.ToString(CultureInfo.InvariantCulture);
}
