using System.Net.Sockets;
using System.Runtime.InteropServices;

namespace ActorSock.Benchmarks.Exchanges;

/// <summary>Waits for many sockets at once (epoll(7), level-triggered).</summary>
internal sealed unsafe partial class Poller : IDisposable
{
    private const int Add_ = 1, In = 1, EventsMax = 128;

    // struct epoll_event is packed on x64 alone.
    private static readonly int s_dataAt = RuntimeInformation.ProcessArchitecture is Architecture.X64 ? 4 : 8;

    private readonly int _epoll = epoll_create1(0);
    private readonly byte* _events = (byte*)NativeMemory.Alloc((nuint)(EventsMax * (s_dataAt + 8)));

    public void Add(Socket socket, int number)
    {
        var wanted = stackalloc byte[16];
        *(uint*)wanted = In;
        *(long*)(wanted + s_dataAt) = number;
        if (epoll_ctl(_epoll, Add_, (int)socket.Handle, wanted) != 0)
            throw new IOException($"epoll_ctl: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    /// <summary>How many are ready; 0 when the time is over.</summary>
    public int Wait(int milliseconds) => Math.Max(0, epoll_wait(_epoll, _events, EventsMax, milliseconds));

    /// <summary>The number of one that is ready.</summary>
    public int this[int ready] => (int)*(long*)(_events + ready * (s_dataAt + 8) + s_dataAt);

    public void Dispose()
    {
        _ = close(_epoll);
        NativeMemory.Free(_events);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_create1(int flags);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_ctl(int epoll, int operation, int descriptor, byte* wanted);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int epoll_wait(int epoll, byte* events, int count, int milliseconds);

    [LibraryImport("libc")]
    private static partial int close(int descriptor);
}
