using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Load.Bodies;

/// <summary>Holds the bytes that all bodies are cut from: random ones, over and over.</summary>
/// <remarks>
/// There are eight ways through them (variants), so that files with neighbouring numbers differ in every block. On Linux the
/// same bytes lie in a file without a name, from which the kernel sends large bodies by itself (sendfile(2)). Thread-safe.
/// </remarks>
internal sealed partial class Ink : IDisposable
{
    /// <summary>Bytes until it begins anew.</summary>
    public const int PeriodBytes = 16 << 20;

    /// <summary>How many ways there are through it.</summary>
    public const int VariantsCount = 8;

    private const int StrideBytes = PeriodBytes / VariantsCount + 4096 * 5;
    private const uint MFD_CLOEXEC = 1;

    // Pinned: the kernel may read it while others allocate.
    private readonly byte[] _bytes = GC.AllocateUninitializedArray<byte>(PeriodBytes, pinned: true);

    public Ink(ulong seed)
    {
        var words = MemoryMarshal.Cast<byte, ulong>(_bytes.AsSpan());
        for (var i = 0; i < words.Length; i++) words[i] = Mix.Of(seed, (ulong)i);
        File = OperatingSystem.IsLinux() ? Nameless(_bytes) : null;
    }

    /// <summary>The same bytes as a file; null where the system has none, or none that <c>sendfile</c> takes.</summary>
    public SafeFileHandle? File { get; }

    /// <summary>Where the ink of a variant begins that is so far into a body.</summary>
    public static int At(int variant, long offset) => (int)((offset + (long)variant * StrideBytes) % PeriodBytes);

    /// <summary>The ink from there on, as much as lies in one piece.</summary>
    public ReadOnlyMemory<byte> From(int variant, long offset) => _bytes.AsMemory(At(variant, offset));

    public void Dispose() => File?.Dispose();

    private static SafeFileHandle? Nameless(byte[] bytes)
    {
        var descriptor = memfd_create("ink", MFD_CLOEXEC);
        if (descriptor < 0) return null; // an old kernel: bodies are copied
        var file = new SafeFileHandle(descriptor, ownsHandle: true);
        RandomAccess.Write(file, bytes, 0);
        return file;
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int memfd_create(string name, uint flags);
}
