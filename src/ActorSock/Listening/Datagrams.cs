using System.Diagnostics.CodeAnalysis;
using System.Runtime.InteropServices;
using ActorSock.Blocks;

namespace ActorSock.Listening;

/// <summary>Holds a batch of datagrams on their way in, or out: the bytes, and who they are from, or for.</summary>
/// <remarks>
/// Each has a slot that takes the largest datagram. What is not touched of that is address space and no memory.
/// </remarks>
[SuppressMessage("Design", "CA1001", Justification = "Free gives the memory back.")]
internal sealed unsafe class Datagrams
{
    /// <summary>Datagrams in a batch.</summary>
    public const int Max = 16;

    /// <summary>The largest datagram of UDP over IPv4 has 65,507 bytes, over IPv6 65,527 (RFC 768, RFC 8200).</summary>
    public const int SlotBytes = 64 * 1024;

    /// <summary>sockaddr_in6 has 28 bytes.</summary>
    public const int AddressBytesMax = 32;

    private readonly AlignedMemory _memory = new(Max * SlotBytes);
    private readonly int[] _lengths = new int[Max];
    private readonly byte[] _addresses = GC.AllocateArray<byte>(Max * AddressBytesMax, pinned: true);
    private readonly int[] _addressLengths = new int[Max];

    /// <summary>How many there are.</summary>
    public int Count { get; set; }

    public bool IsFull => Count == Max;

    public nint MemoryAt(int i) => _memory.Address + i * SlotBytes;

    public byte* AddressAt(int i) => (byte*)Marshal.UnsafeAddrOfPinnedArrayElement(_addresses, i * AddressBytesMax);

    public Span<byte> Slot(int i) => new((byte*)MemoryAt(i), SlotBytes);

    /// <summary>The bytes of one.</summary>
    public Span<byte> this[int i] => Slot(i)[.._lengths[i]];

    /// <summary>The peer's address as the system writes it.</summary>
    public Span<byte> Address(int i) => _addresses.AsSpan(i * AddressBytesMax, _addressLengths[i]);

    public void Set(int i, int length, int addressLength) => (_lengths[i], _addressLengths[i]) = (length, addressLength);

    public void SetAddress(int i, ReadOnlySpan<byte> address)
    {
        address.CopyTo(_addresses.AsSpan(i * AddressBytesMax));
        _addressLengths[i] = address.Length;
    }

    /// <summary>The peer's port: at the same place for both families.</summary>
    public int Port(int i) => Address(i) is [_, _, var high, var low, ..] ? high << 8 | low : 0;

    /// <summary>Gives the memory back. Called once.</summary>
    public void Free() => _memory.Free();
}
