using System.Buffers;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Client.Native;

/// <summary>Shows a file where the system keeps it, block by block: nothing is copied; on Linux.</summary>
/// <remarks>Who makes a file shorter takes its pages away from those who look at them, and these die of it (SIGBUS): so the file is held
/// while a block is shown, which is for some milliseconds. A process that is stopped meanwhile holds it for 45 s, and may die when it goes on:
/// so nothing is shown unless <see cref="NodeOptions.ReadsInPlace"/>. The pages are brought in by a call that says what cannot be read, where touching
/// them would be deadly, too. When the file cannot be held, nothing is shown, and it is to be read. The last block is to be read in any case,
/// by whoever looks before it whether the file has changed.</remarks>
/// <param name="lease">Holds the file.</param>
/// <param name="origin">Where in it the first block begins.</param>
/// <param name="bytes">How many there are from there on.</param>
/// <param name="blockBytes">Bytes of a block at the most.</param>
internal sealed unsafe partial class FileView(FileLease lease, long origin, long bytes, int blockBytes) : MemoryManager<byte>
{
    private const int RoomBlocks = 8;

    private const int ToRead = 1, Shared = 1, InPlace = 16, BringIn = 22; // PROT_READ, MAP_SHARED, MAP_FIXED; MADV_POPULATE_READ

    // sendfile() and mmap() of 32 bits take no larger offsets.
    private static readonly bool s_isPossible = OperatingSystem.IsLinux() && Environment.Is64BitProcess;
    private static readonly int s_pageBytes = Environment.SystemPageSize;
    private static readonly void* s_failed = (void*)-1;

    // Several blocks are mapped by one call, which no other thread's may go beside.
    private readonly int _roomBytes = (RoomBlocks * blockBytes) + s_pageBytes;
    private byte* _room; // of the mapping
    private long _roomOffset = long.MaxValue; // where in the file it begins
    private int _skip;
    private int _count;
    private bool _isHeld;
    private bool _isBlind = !s_isPossible;

    public SafeFileHandle File => lease.File;

    /// <summary>Where in the file the block begins that was shown last.</summary>
    public long Offset { get; private set; }

    /// <summary>Shows a block, if that is possible; until <see cref="Hide"/> nobody can write the file.</summary>
    /// <param name="position">From the first block's beginning on.</param>
    /// <param name="count">Bytes of the block.</param>
    /// <returns>Whether <see cref="MemoryManager{T}.Memory"/> is the block now. Once false, always false.</returns>
    public bool TryShow(long position, int count)
    {
        if (_isBlind || position + count >= bytes) return false;
        Offset = origin + position;
        _isHeld = lease.TryHold();
        _isBlind = !_isHeld || !TryMap(count);
        if (_isBlind) Hide();
        return !_isBlind;
    }

    /// <summary>Goes to a block that nobody needs to look at.</summary>
    /// <returns>Whether it can be sent from where it is.</returns>
    public bool TryGoTo(long position, int count)
    {
        Offset = origin + position;
        return s_isPossible && position + count < bytes;
    }

    /// <summary>Lets the file go. The block must not be looked at any more.</summary>
    public void Hide()
    {
        _count = 0;
        if (_isHeld) lease.Release();
        _isHeld = false;
    }

    public override Span<byte> GetSpan() => new(_room + _skip, _count);

    // It is not in the heap: nothing moves it.
    public override MemoryHandle Pin(int elementIndex = 0) => new(_room + _skip + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        Hide();
        _isBlind = true;
        if (_room != null) _ = Unmap(_room, (nuint)_roomBytes);
        _room = null;
    }

    private bool TryMap(int count)
    {
        // Nobody can make it shorter now.
        if (RandomAccess.GetLength(File) < Offset + count) return false;
        if ((Offset < _roomOffset || Offset + count > _roomOffset + _roomBytes) && !TryMove()) return false;
        _skip = (int)(Offset - _roomOffset);
        _count = count;
        var intoPage = _skip % s_pageBytes;
        return Advise(_room + _skip - intoPage, (nuint)(intoPage + count), BringIn) == 0;
    }

    /// <summary>Maps the block at hand and those behind it.</summary>
    private bool TryMove()
    {
        var offset = Offset - (Offset % s_pageBytes);
        var room = Map(_room, (nuint)_roomBytes, ToRead, _room == null ? Shared : Shared | InPlace, File, offset);
        // Where that has failed, what was mapped there may be gone, and the place somebody else's.
        _room = room == s_failed ? null : (byte*)room;
        _roomOffset = offset;
        return _room != null;
    }

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial void* Map(void* where, nuint bytes, int protection, int flags, SafeFileHandle file, long offset);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(void* where, nuint bytes);

    [LibraryImport("libc", EntryPoint = "madvise")]
    private static partial int Advise(void* where, nuint bytes, int advice);
}
