using System.Collections.Concurrent;
using System.ComponentModel;
using System.Runtime.InteropServices;

namespace ActorSock.Connections;

/// <summary>Waits for all sockets of this process on one thread.</summary>
/// <remarks>Thread-safe. The thread only passes on what the kernel tells, so one is enough for any number of sockets.</remarks>
internal sealed partial class Epoll
{
    private const int EPOLL_CTL_ADD = 1, EPOLL_CTL_DEL = 2, EPOLL_CLOEXEC = 0x80000;
    private const uint EPOLLIN = 1, EPOLLERR = 8, EPOLLHUP = 0x10, EPOLLRDHUP = 0x2000, EPOLLET = 1u << 31;
    private const int EINTR = 4;
    private const int EventsMax = 256;

    // struct epoll_event is packed on x64 alone (epoll_ctl(2)): flags of 4 bytes, then data of 8.
    private static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;
    private static readonly int s_eventBytes = s_dataAt + sizeof(long);

    private readonly int _epoll;
    private readonly ConcurrentDictionary<int, EpollWait> _waits = new();
    private int _slots;

    private Epoll()
    {
        _epoll = epoll_create1(EPOLL_CLOEXEC);
        if (_epoll < 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
        new Thread(Work) { IsBackground = true, Name = "readiness" }.UnsafeStart();
    }

    public static Epoll Shared { get; } = new();

    /// <summary>Tells <paramref name="wait"/> from now on when there is something to read.</summary>
    /// <returns>what to remove it by</returns>
    public unsafe int Add(int descriptor, EpollWait wait)
    {
        var slot = Interlocked.Increment(ref _slots);
        _waits[slot] = wait;
        var told = stackalloc byte[16];
        *(uint*)told = EPOLLIN | EPOLLRDHUP | EPOLLET;
        *(long*)(told + s_dataAt) = slot;
        if (epoll_ctl(_epoll, EPOLL_CTL_ADD, descriptor, told) == 0)
            return slot;
        _waits.TryRemove(slot, out _);
        throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    /// <summary>Tells no more; before the descriptor is closed.</summary>
    public unsafe void Remove(int descriptor, int slot)
    {
        var ignored = stackalloc byte[16]; // old kernels want one
        epoll_ctl(_epoll, EPOLL_CTL_DEL, descriptor, ignored);
        _waits.TryRemove(slot, out _);
    }

    private unsafe void Work()
    {
        var events = (byte*)NativeMemory.Alloc((nuint)(EventsMax * s_eventBytes));
        while (true)
        {
            var count = epoll_wait(_epoll, events, EventsMax, -1);
            if (count < 0 && Marshal.GetLastPInvokeError() is var errno and not EINTR)
                throw new Win32Exception(errno); // not without a bug of ours: the descriptor is never closed
            for (var i = 0; i < count; i++)
            {
                var told = events + i * s_eventBytes;
                if (_waits.TryGetValue((int)*(long*)(told + s_dataAt), out var wait))
                    wait.Arrived(peerEnded: (*(uint*)told & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0);
            }
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_ctl(int epoll, int operation, int descriptor, byte* told);

    [LibraryImport("libc", SetLastError = true)]
    private static unsafe partial int epoll_wait(int epoll, byte* events, int count, int milliseconds);
}
