using System.Buffers;
using System.Runtime.InteropServices;

namespace ActorSock.Digests.Tests;

/// <summary>Memory that counts who holds it in its place, and may refuse to be held.</summary>
internal sealed unsafe class CountsPins : MemoryManager<byte>
{
    private readonly byte[] _bytes;
    private readonly bool _refuses;

    public CountsPins(ReadOnlySpan<byte> bytes, bool refuses = false)
    {
        _bytes = GC.AllocateArray<byte>(bytes.Length, pinned: true);
        _refuses = refuses;
        bytes.CopyTo(_bytes);
    }

    public int PinsCount { get; private set; }

    public int PinsEverCount { get; private set; }

    public override Span<byte> GetSpan() => _bytes;

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ObjectDisposedException.ThrowIf(_refuses, this);
        PinsCount++;
        PinsEverCount++;
        return new MemoryHandle((void*)Marshal.UnsafeAddrOfPinnedArrayElement(_bytes, elementIndex), default, this);
    }

    public override void Unpin() => PinsCount--;

    protected override void Dispose(bool disposing)
    {
    }
}
