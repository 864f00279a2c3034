using System.Runtime.InteropServices;

namespace ActorSock.Benchmarks.Uploads;

/// <summary>Clocks of Linux that the framework does not read, and waiting for one of them.</summary>
internal static unsafe partial class LibC
{
    private const int Monotonic = 1, ThreadCpuTime = 3, Absolute = 1, Children = -1;
    private const long NanosecondsPerSecond = 1_000_000_000;

    /// <summary>User and system time of the calling thread so far.</summary>
    public static TimeSpan ThreadCpu
    {
        get
        {
            if (clock_gettime(ThreadCpuTime, out var time) != 0)
                throw new IOException($"clock_gettime: {Marshal.GetLastPInvokeErrorMessage()}");
            return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Fraction / TimeSpan.NanosecondsPerTick);
        }
    }

    /// <summary>User and system time of all processes that this one has started and that have ended.</summary>
    public static TimeSpan ChildrenCpu
    {
        get
        {
            if (getrusage(Children, out var use) != 0)
                throw new IOException($"getrusage: {Marshal.GetLastPInvokeErrorMessage()}");
            return TimeSpan.FromSeconds(use.User.Seconds + use.System.Seconds)
                + TimeSpan.FromMicroseconds(use.User.Fraction + use.System.Fraction);
        }
    }

    /// <summary>Sleeps until the clock of <see cref="System.Diagnostics.Stopwatch"/> shows a time, or returns at once.</summary>
    /// <param name="nanoseconds">of CLOCK_MONOTONIC, which is that clock on Linux</param>
    public static void SleepUntil(long nanoseconds)
    {
        var until = new Time { Seconds = nanoseconds / NanosecondsPerSecond, Fraction = nanoseconds % NanosecondsPerSecond };
        int failed;
        do
            failed = clock_nanosleep(Monotonic, Absolute, in until, null);
        while (failed == Interrupted);
        if (failed != 0)
            throw new IOException($"clock_nanosleep: {Marshal.GetPInvokeErrorMessage(failed)}");
    }

    /// <summary>Gives a file another name beside the first: link(2).</summary>
    public static void Link(string path, string name)
    {
        if (link(path, name) != 0)
            throw new IOException($"link {path} to {name}: {Marshal.GetLastPInvokeErrorMessage()}");
    }

    [LibraryImport("libc", EntryPoint = "geteuid")]
    public static partial uint UserId();

    [LibraryImport("libc", EntryPoint = "getegid")]
    public static partial uint GroupId();

    [LibraryImport("libc", SetLastError = true)]
    private static partial int clock_gettime(int clock, out Time now);

    [LibraryImport("libc")]
    private static partial int clock_nanosleep(int clock, int flags, in Time until, Time* left);

    [LibraryImport("libc", SetLastError = true)]
    private static partial int getrusage(int whose, out Use use);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int link(string path, string name);

    // struct timespec and struct timeval: the fraction is nanoseconds in one, microseconds in the other.
    private struct Time
    {
        public long Seconds, Fraction;
    }

    // struct rusage: what is not looked at are fourteen longs behind the times.
    [StructLayout(LayoutKind.Sequential, Size = 16 * 2 + 8 * 14)]
    private struct Use
    {
        public Time User, System;
    }
}
