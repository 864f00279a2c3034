using System.ComponentModel;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Load.Driving;

/// <summary>Asks the kernel of Linux once, however many sockets there are: epoll(7), edge-triggered.</summary>
internal sealed unsafe partial class EpollReadiness : IReadiness
{
    private const int EPOLL_CTL_ADD = 1, EPOLL_CLOEXEC = 0x80000;
    private const uint EPOLLIN = 1, EPOLLOUT = 4, EPOLLERR = 8, EPOLLHUP = 0x10, EPOLLRDHUP = 0x2000, EPOLLET = 1u << 31;
    private const int EINTR = 4, ENOSYS = 38;
    private const int EventsMax = 512;

    // struct epoll_event is packed on x64 alone (epoll_ctl(2)): flags of 4 bytes, then data of 8.
    private static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;
    private static readonly int s_eventBytes = s_dataAt + sizeof(long);

    private readonly SafeFileHandle _epoll;
    private readonly byte* _events;
    private readonly List<Caller> _callers = [];
    private bool _hasNanoseconds = true;

    public EpollReadiness()
    {
        _epoll = epoll_create1(EPOLL_CLOEXEC);
        if (_epoll.IsInvalid) throw new Win32Exception(Marshal.GetLastPInvokeError());
        _events = (byte*)NativeMemory.Alloc((nuint)(EventsMax * s_eventBytes));
    }

    public void Add(Socket socket, Caller caller)
    {
        if (caller.Place < 0)
        {
            caller.Place = _callers.Count;
            _callers.Add(caller);
        }
        var told = stackalloc byte[16];
        *(uint*)told = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
        *(long*)(told + s_dataAt) = caller.Place;
        if (epoll_ctl(_epoll, EPOLL_CTL_ADD, (int)socket.Handle, told) != 0)
            throw new Win32Exception(Marshal.GetLastPInvokeError());
    }

    public void Wait(TimeSpan limit, List<Caller> ready)
    {
        var count = Wait(limit);
        for (var i = 0; i < count; i++)
        {
            var told = _events + i * s_eventBytes;
            var caller = _callers[(int)*(long*)(told + s_dataAt)];
            caller.IsEnding |= (*(uint*)told & (EPOLLRDHUP | EPOLLHUP | EPOLLERR)) != 0;
            ready.Add(caller);
        }
    }

    public void Dispose()
    {
        _epoll.Dispose();
        NativeMemory.Free(_events);
    }

    // A millisecond, which is all that epoll_wait(2) knows, would make files of a schedule late; Linux 5.11 has nanoseconds.
    private int Wait(TimeSpan limit)
    {
        if (_hasNanoseconds)
        {
            try
            {
                var time = stackalloc long[2] { (long)limit.TotalSeconds, limit.Ticks % TimeSpan.TicksPerSecond * 100 };
                var count = epoll_pwait2(_epoll, _events, EventsMax, time, null);
                if (count >= 0) return count;
                if (Marshal.GetLastPInvokeError() is var errno and not ENOSYS) return Failed(errno);
            }
            catch (EntryPointNotFoundException)
            {
                // an old C library
            }
            _hasNanoseconds = false;
        }
        var found = epoll_wait(_epoll, _events, EventsMax, (int)Math.Ceiling(limit.TotalMilliseconds));
        return found >= 0 ? found : Failed(Marshal.GetLastPInvokeError());
    }

    private static int Failed(int errno) => errno == EINTR ? 0 : throw new Win32Exception(errno);

    [LibraryImport("libc", SetLastError = true)]
    private static partial SafeFileHandle epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(SafeFileHandle epoll, int operation, int descriptor, byte* told);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(SafeFileHandle epoll, byte* events, int count, int milliseconds);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_pwait2(SafeFileHandle epoll, byte* events, int count, long* time, void* signals);
}
