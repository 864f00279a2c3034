using System.Buffers;
using System.Runtime.InteropServices;

namespace ActorSock.Blocks;

/// <summary>Holds native memory that starts on a page, so that direct I/O may use it.</summary>
/// <remarks>
/// Pins are counted: memory that some I/O has pinned outlives <see cref="Free"/> until the last pin is gone,
/// because freed memory under a running read corrupts whatever gets it next.<br/>
/// Larger pieces come from the system and go back to it. The C library would keep them in its arenas, one for each few
/// threads, and these grow beyond all ceilings when pieces of many sizes come and go.
/// </remarks>
internal sealed unsafe partial class AlignedMemory : MemoryManager<byte>
{
    /// <summary>A page, and what every Linux file system accepts for direct I/O.</summary>
    public const int AlignmentBytes = 4096;

    private const int MappedBytesMin = 64 * 1024;
    private const int PROT_READ = 1, PROT_WRITE = 2, MAP_PRIVATE = 2, MAP_ANONYMOUS = 0x20;

    private static readonly bool s_canMap = OperatingSystem.IsLinux();

    private readonly int _length;
    private byte* _start;
    private int _users = 1; // the owner, and each pin

    public AlignedMemory(int length)
    {
        _length = length;
        _start = IsMapped ? Map(length) : (byte*)NativeMemory.AlignedAlloc((nuint)length, AlignmentBytes);
    }

    /// <summary>The address of the first byte; valid until <see cref="Free"/>.</summary>
    public nint Address => (nint)_start;

    private bool IsMapped => s_canMap && _length >= MappedBytesMin;

    public override Memory<byte> Memory => CreateMemory(_length);

    /// <summary>
    /// Gives the memory back to the system, at once or when the last pin goes. Called once.
    /// </summary>
    public void Free() => Leave();

    public override Span<byte> GetSpan()
    {
        ObjectDisposedException.ThrowIf(_start == null, this);
        return new Span<byte>(_start, _length);
    }

    public override MemoryHandle Pin(int elementIndex = 0)
    {
        ArgumentOutOfRangeException.ThrowIfGreaterThan((uint)elementIndex, (uint)_length);
        ObjectDisposedException.ThrowIf(_start == null, this);
        Interlocked.Increment(ref _users);
        return new MemoryHandle(_start + elementIndex, pinnable: this);
    }

    public override void Unpin() => Leave();

    protected override void Dispose(bool disposing) => Free();

    private void Leave()
    {
        if (Interlocked.Decrement(ref _users) > 0)
            return;
        if (IsMapped)
            munmap(_start, (nuint)_length);
        else
            NativeMemory.AlignedFree(_start);
        _start = null;
    }

    private static byte* Map(int length)
    {
        var start = mmap(null, (nuint)length, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
        return (nint)start != -1 ? start : throw new InsufficientMemoryException();
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial byte* mmap(void* address, nuint length, int protection, int flags, int file, long offset);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int munmap(byte* address, nuint length);
}
