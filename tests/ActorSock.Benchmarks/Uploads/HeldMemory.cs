using System.Runtime.InteropServices;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>Touched memory, let go of as the page cache grows: the cache grows into memory that the machine really has.</summary>
/// <remarks>
/// A virtual machine that gives free memory back to its host pays several times a page-cache write for the first touch of
/// what it gets again, and charges it to whoever writes. All who are measured are freed of that alike.
/// </remarks>
internal sealed unsafe class HeldMemory : IDisposable
{
    private const int ChunkBytes = 64 << 20; // beyond malloc's own limit for mappings: freeing gives it back at once
    private const long AheadBytes = 256L << 20;
    private static readonly TimeSpan Pace = TimeSpan.FromMilliseconds(20);

    private readonly Stack<nint> _held = new();
    private readonly long _cachedAtStart = Cached;
    private readonly ManualResetEventSlim _done = new();
    private readonly Thread _watch;
    private long _letGo;

    /// <summary>CPU time of the thread that lets go, when it has ended: no work of those who are measured.</summary>
    public TimeSpan Cpu { get; private set; }

    public HeldMemory(long bytes)
    {
        var most = Math.Min(bytes + AheadBytes, MemInfo("MemAvailable") / 2);
        for (long held = 0; held < most; held += ChunkBytes)
        {
            var chunk = NativeMemory.Alloc(ChunkBytes);
            NativeMemory.Fill(chunk, ChunkBytes, 1);
            _held.Push((nint)chunk);
        }
        Feed();
        _watch = new Thread(() =>
        {
            while (!_done.Wait(Pace))
                Feed();
            Cpu = LibC.ThreadCpu;
        });
        _watch.Start();
    }

    private static long Cached => MemInfo("Cached");

    public void Dispose()
    {
        _done.Set();
        _watch.Join();
        _done.Dispose();
        while (_held.TryPop(out var chunk))
            NativeMemory.Free((void*)chunk);
    }

    private void Feed()
    {
        var wanted = Cached - _cachedAtStart + AheadBytes;
        for (; _letGo < wanted && _held.TryPop(out var chunk); _letGo += ChunkBytes)
            NativeMemory.Free((void*)chunk);
    }

    private static long MemInfo(string key)
    {
        var line = File.ReadLines("/proc/meminfo").First(l => l.StartsWith(key + ":", StringComparison.Ordinal));
        return long.Parse(line.Split(' ', StringSplitOptions.RemoveEmptyEntries)[1]) * 1024;
    }
}
