using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using ActorSock.Digests.Kernels;

namespace ActorSock.Digests;

/// <summary>Keeps the running MD5 of one stream of bytes (RFC 1321).</summary>
/// <remarks>
/// Its state is 16 bytes of chaining value, a count, and the bytes of the block that is not full yet, so it
/// can be kept with a part of a file, and continued when the rest arrives. Not thread-safe: one caller at a
/// time, also through <see cref="Md5Lanes"/>. Holds nothing that must be disposed of.<br/>
/// MD5 finds accidents. It protects nothing from somebody who wants two files to have the same digest.
/// </remarks>
public sealed class Md5Stream
{
    /// <summary>Bytes of a digest.</summary>
    public const int DigestBytes = 16;

    /// <summary>Bytes of an exported state.</summary>
    public const int StateBytes = ExportedState.Bytes;

    internal const int BlockBytes = 64;

    private const int LengthFieldBytes = 8;

    private Chain _chain;
    private Block _unfinished;
    private long _bytesCount;

    /// <summary>Starts at the beginning of a stream.</summary>
    public Md5Stream() => _chain = Chain.Initial;

    private Md5Stream(in Chain chain, in Block unfinished, long bytesCount)
    {
        _chain = chain;
        _unfinished = unfinished;
        _bytesCount = bytesCount;
    }

    /// <summary>Bytes of the stream until now.</summary>
    public long BytesCount => _bytesCount;

    /// <summary>Whether a call of <see cref="Md5Lanes"/> has this stream in one of its lanes.</summary>
    internal bool InLane { get; set; }

    internal ref Chain ChainingValue => ref _chain;

    private int UnfinishedCount => (int)(_bytesCount % BlockBytes);

    /// <summary>Digests the bytes that come next, in one lane.</summary>
    /// <exception cref="OverflowException">The stream would be longer than 2^63 - 1 bytes; nothing was
    /// digested.</exception>
    public unsafe void Append(ReadOnlySpan<byte> bytes)
    {
        fixed (byte* start = bytes)
        {
            var (skip, blocks) = AppendEnds(start, bytes.Length);
            if (blocks > 0) DigestBlocks(start + skip, blocks);
        }
    }

    /// <summary>Computes the digest of the stream until now; it can be appended to afterwards.</summary>
    /// <param name="digest">Takes 16 bytes at its front.</param>
    /// <exception cref="ArgumentException"><paramref name="digest"/> is shorter than 16 bytes.</exception>
    public unsafe void GetDigest(Span<byte> digest)
    {
        if (digest.Length < DigestBytes)
            throw new ArgumentException($"a digest takes {DigestBytes} bytes, not {digest.Length}", nameof(digest));

        // The bits 1000..., up to the last 8 bytes of a block; those are the count of bits modulo 2^64.
        Span<byte> padded = stackalloc byte[2 * BlockBytes];
        padded.Clear();
        var count = UnfinishedCount;
        ((ReadOnlySpan<byte>)_unfinished)[..count].CopyTo(padded);
        padded[count] = 0x80;
        var blocks = count + 1 + LengthFieldBytes <= BlockBytes ? 1 : 2;
        BinaryPrimitives.WriteUInt64LittleEndian(
            padded[(blocks * BlockBytes - LengthFieldBytes)..], unchecked((ulong)_bytesCount * 8));

        var chain = _chain;
        fixed (byte* start = padded) OneLane.Digest((uint*)&chain, &start, blocks);
        chain.Write(digest);
    }

    /// <summary>Writes the state, so that <see cref="Import"/> can go on from here, also on another
    /// machine.</summary>
    /// <param name="state">Takes <see cref="StateBytes"/> bytes at its front.</param>
    /// <remarks>
    /// Layout, whole numbers little-endian: 3 bytes "MD5" in ASCII, 1 byte version (1), 16 bytes chaining
    /// value (A, B, C, D), 8 bytes count of bytes, 63 bytes of which the first (count modulo 64) are the
    /// unfinished block's and the others are zero.
    /// </remarks>
    /// <exception cref="ArgumentException"><paramref name="state"/> is shorter than
    /// <see cref="StateBytes"/>.</exception>
    public void Export(Span<byte> state)
    {
        if (state.Length < StateBytes)
            throw new ArgumentException($"a state takes {StateBytes} bytes, not {state.Length}", nameof(state));
        ReadOnlySpan<byte> unfinished = _unfinished;
        ExportedState.Write(state[..StateBytes], _chain, _bytesCount, unfinished[..UnfinishedCount]);
    }

    /// <summary>Makes a stream that goes on where <see cref="Export"/> was called.</summary>
    /// <param name="state">Exactly <see cref="StateBytes"/> bytes.</param>
    /// <exception cref="FormatException">No state that <see cref="Export"/> writes; the message says
    /// why.</exception>
    public static Md5Stream Import(ReadOnlySpan<byte> state)
    {
        var (chain, bytesCount) = ExportedState.Read(state, out var unfinished);
        var block = default(Block);
        unfinished.CopyTo(block);
        return new Md5Stream(chain, block, bytesCount);
    }

    /// <summary>Makes a second stream that has had the same bytes, and goes its own way from here.</summary>
    public Md5Stream Clone() => new(_chain, _unfinished, _bytesCount);

    /// <summary>Counts the bytes; digests those that fill the unfinished block, and keeps those that begin
    /// the next one.</summary>
    /// <returns>The whole blocks in between, which are not digested yet: where they begin, and how
    /// many.</returns>
    internal unsafe (int Skip, nint Blocks) AppendEnds(byte* bytes, int count)
    {
        var unfinished = UnfinishedCount;
        _bytesCount = checked(_bytesCount + count);

        var head = unfinished == 0 ? 0 : Math.Min(BlockBytes - unfinished, count);
        new ReadOnlySpan<byte>(bytes, head).CopyTo(((Span<byte>)_unfinished)[unfinished..]);
        if (unfinished + head < BlockBytes && head == count) return (head, 0);
        if (head > 0)
            fixed (byte* block = &_unfinished[0]) DigestBlocks(block, 1);

        var blocks = (count - head) / BlockBytes;
        var tail = (count - head) % BlockBytes;
        new ReadOnlySpan<byte>(bytes + count - tail, tail).CopyTo(_unfinished);
        return (head, blocks);
    }

    private unsafe void DigestBlocks(byte* start, nint blocks)
    {
        fixed (Chain* chain = &_chain) OneLane.Digest((uint*)chain, &start, blocks);
    }

    [InlineArray(BlockBytes)]
    private struct Block
    {
        private byte _first;
    }
}
