using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ActorSock.Digests.Kernels;

namespace ActorSock.Digests;

/// <summary>Keeps the running SHA-256 of one stream of bytes (FIPS 180-4).</summary>
/// <remarks>
/// The framework computes it, too, but does not let go of the state in the middle; this one's can be kept with a part of a file,
/// and continued when the rest arrives. Not thread-safe. Holds nothing that must be disposed of.
/// </remarks>
public sealed class Sha256Stream
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestBytes = 32;

    /// <summary>Bytes of an exported state.</summary>
    public const int StateBytes = UnfinishedAt + BlockBytes - 1;

    internal const int BlockBytes = 64;

    private const int LengthFieldBytes = 8;
    private const int WordsCount = 8;
    private const int VersionAt = 3;
    private const int ChainAt = 4;
    private const int CountAt = ChainAt + DigestBytes;
    private const int UnfinishedAt = CountAt + sizeof(long);
    private const byte Version = 1;

    private Chain _chain;
    private Block _unfinished;
    private long _bytesCount;

    /// <summary>Starts at the beginning of a stream.</summary>
    public Sha256Stream() => Sha256Kernel.Initial.CopyTo(_chain);

    /// <summary>Bytes of the stream until now.</summary>
    public long BytesCount => _bytesCount;

    private static ReadOnlySpan<byte> Name => "SHA"u8;

    private int UnfinishedCount => (int)(_bytesCount % BlockBytes);

    /// <summary>Digests the bytes that come next.</summary>
    /// <exception cref="OverflowException">The stream would be longer than 2^63 - 1 bytes; nothing was digested.</exception>
    public void Append(ReadOnlySpan<byte> bytes)
    {
        var unfinished = UnfinishedCount;
        _bytesCount = checked(_bytesCount + bytes.Length);
        if (unfinished > 0)
        {
            var head = Math.Min(BlockBytes - unfinished, bytes.Length);
            bytes[..head].CopyTo(_unfinished[unfinished..]);
            bytes = bytes[head..];
            if (unfinished + head < BlockBytes) return;
            DigestBlocks(_chain, _unfinished);
        }
        var whole = bytes.Length / BlockBytes * BlockBytes;
        DigestBlocks(_chain, bytes[..whole]);
        bytes[whole..].CopyTo(_unfinished);
    }

    /// <summary>Computes the digest of the stream until now; it can be appended to afterwards.</summary>
    /// <param name="digest">Takes 32 bytes at its front.</param>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 32 bytes.</exception>
    public void GetDigest(Span<byte> digest)
    {
        if (digest.Length < DigestBytes)
            throw new ArgumentException($"a digest takes {DigestBytes} bytes, not {digest.Length}", nameof(digest));

        // The bits 1000..., up to the last 8 bytes of a block; those are the count of bits modulo 2^64 (5.1.1).
        Span<byte> padded = stackalloc byte[2 * BlockBytes];
        padded.Clear();
        var count = UnfinishedCount;
        ((ReadOnlySpan<byte>)_unfinished)[..count].CopyTo(padded);
        padded[count] = 0x80;
        padded = padded[..(count + 1 + LengthFieldBytes <= BlockBytes ? BlockBytes : 2 * BlockBytes)];
        BinaryPrimitives.WriteUInt64BigEndian(padded[^LengthFieldBytes..], unchecked((ulong)_bytesCount * 8));

        var chain = _chain;
        DigestBlocks(chain, padded);
        WriteChain(digest, chain);
    }

    /// <summary>Writes the state, so that <see cref="Import"/> can go on from here, also on another machine.</summary>
    /// <param name="state">Takes <see cref="StateBytes"/> bytes at its front.</param>
    /// <remarks>
    /// Layout: 3 bytes "SHA" in ASCII, 1 byte version (1), 32 bytes chaining value (H0 to H7, big-endian), 8 bytes count of bytes
    /// (little-endian), 63 bytes of which the first (count modulo 64) are the unfinished block's and the others are zero.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="state"/> is shorter than <see cref="StateBytes"/>.</exception>
    public void Export(Span<byte> state)
    {
        if (state.Length < StateBytes)
            throw new ArgumentException($"a state takes {StateBytes} bytes, not {state.Length}", nameof(state));
        state = state[..StateBytes];
        state.Clear();
        Name.CopyTo(state);
        state[VersionAt] = Version;
        WriteChain(state[ChainAt..], _chain);
        BinaryPrimitives.WriteInt64LittleEndian(state[CountAt..], _bytesCount);
        ((ReadOnlySpan<byte>)_unfinished)[..UnfinishedCount].CopyTo(state[UnfinishedAt..]);
    }

    /// <summary>Makes a stream that goes on where <see cref="Export"/> was called.</summary>
    /// <param name="state">Exactly <see cref="StateBytes"/> bytes.</param>
    /// <exception cref="FormatException">No state that <see cref="Export"/> writes; the message says why.</exception>
    public static Sha256Stream Import(ReadOnlySpan<byte> state)
    {
        if (state.Length != StateBytes)
            throw new FormatException($"the state of a SHA-256 has {StateBytes} bytes, not {state.Length}");
        if (!state.StartsWith(Name))
            throw new FormatException($"not the state of a SHA-256: it begins with {Convert.ToHexString(state[..3])}");
        if (state[VersionAt] != Version)
            throw new FormatException($"the state of a SHA-256 has version {state[VersionAt]}, and only {Version} is known");

        var stream = new Sha256Stream { _bytesCount = BinaryPrimitives.ReadInt64LittleEndian(state[CountAt..]) };
        if (stream._bytesCount < 0)
            throw new FormatException($"the state of a SHA-256 counts {stream._bytesCount} bytes");
        for (var i = 0; i < WordsCount; i++)
            stream._chain[i] = BinaryPrimitives.ReadUInt32BigEndian(state[(ChainAt + sizeof(uint) * i)..]);
        if (stream._bytesCount < BlockBytes && !((ReadOnlySpan<uint>)stream._chain).SequenceEqual(Sha256Kernel.Initial))
            throw new FormatException(
                $"the state of a SHA-256 counts {stream._bytesCount} bytes: its chaining value must be the initial one");
        var unfinished = state.Slice(UnfinishedAt, stream.UnfinishedCount);
        if (state[(UnfinishedAt + unfinished.Length)..].ContainsAnyExcept((byte)0))
            throw new FormatException(
                $"the state of a SHA-256 counts {stream._bytesCount} bytes, but has more than {unfinished.Length} unfinished");
        unfinished.CopyTo(stream._unfinished);
        return stream;
    }

    private static void DigestBlocks(Span<uint> chain, ReadOnlySpan<byte> blocks)
    {
        if (LibcryptoSha256.IsSupported)
            LibcryptoSha256.Digest(chain, blocks);
        else
            Sha256Kernel.Digest(chain, blocks);
    }

    private static void WriteChain(Span<byte> destination, ReadOnlySpan<uint> chain)
    {
        for (var i = 0; i < WordsCount; i++)
            BinaryPrimitives.WriteUInt32BigEndian(destination[(sizeof(uint) * i)..], chain[i]);
    }

    [InlineArray(BlockBytes)]
    private struct Block
    {
        private byte _first;
    }

    [InlineArray(WordsCount)]
    private struct Chain
    {
        private uint _first;
    }
}
