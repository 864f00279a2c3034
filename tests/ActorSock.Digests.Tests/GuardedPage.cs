using System.Buffers;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorSock.Digests.Tests;

/// <summary>Memory that ends where the process must not read: one byte too far ends the process.</summary>
/// <remarks>Linux only: mmap(2), mprotect(2).</remarks>
internal sealed unsafe partial class GuardedPage : MemoryManager<byte>
{
    private const int ReadWrite = 3;
    private const int PrivateAnonymous = 0x22;

    private readonly int _pageBytes = Environment.SystemPageSize;
    private readonly byte* _start;
    private readonly int _length;

    /// <summary>Holds <paramref name="bytes"/>, at most a page, at its very end.</summary>
    public GuardedPage(ReadOnlySpan<byte> bytes)
    {
        _start = Map(null, (nuint)(2 * _pageBytes), ReadWrite, PrivateAnonymous, -1, 0);
        if ((nint)_start == -1 || Protect(_start + _pageBytes, (nuint)_pageBytes, 0) != 0) throw new Win32Exception();
        _length = bytes.Length;
        bytes.CopyTo(GetSpan());
    }

    public override Span<byte> GetSpan() => new(_start + _pageBytes - _length, _length);

    public override MemoryHandle Pin(int elementIndex = 0) => new(_start + _pageBytes - _length + elementIndex);

    public override void Unpin()
    {
    }

    protected override void Dispose(bool disposing)
    {
        if (Unmap(_start, (nuint)(2 * _pageBytes)) != 0) throw new Win32Exception();
    }

    [LibraryImport("libc", EntryPoint = "mmap", SetLastError = true)]
    private static partial byte* Map(void* at, nuint length, int protection, int flags, int descriptor, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect", SetLastError = true)]
    private static partial int Protect(void* at, nuint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap", SetLastError = true)]
    private static partial int Unmap(void* at, nuint length);
}
