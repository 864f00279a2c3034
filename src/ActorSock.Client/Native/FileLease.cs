using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Client.Native;

/// <summary>Keeps others from writing an open file for a moment, or finds that they may already; on Linux.</summary>
/// <remarks>A lease (fcntl(2), F_SETLEASE) is there only while nobody has the file open to write it, and whoever wants to waits until it is
/// given back, up to 45 s (/proc/sys/fs/lease-break-time). An open file has one: however many hold it here, it is asked for once. It keeps
/// nobody on another machine from anything, so it is worth something on file systems of this one alone.</remarks>
internal sealed partial class FileLease
{
    private const int SetSignal = 10, SetLease = 1024, GetLease = 1025, ForReading = 0, GivenBack = 2;
    private const int Urgent = 23; // SIGURG, which nobody minds: the signal that else tells of who waits would end the process

    // ext4 and those before it, xfs, btrfs, f2fs, tmpfs, overlayfs: statfs(2).
    private static readonly long[] s_ofThisMachine = [0xEF53, 0x58465342, 0x9123683E, 0xF2F52010, 0x01021994, 0x794C7630];

    private static readonly ConditionalWeakTable<SafeFileHandle, FileLease> s_all = [];

    private readonly Lock _gate = new();
    private bool? _isOfThisMachine;
    private int _holders;

    private FileLease(SafeFileHandle file) => File = file;

    public SafeFileHandle File { get; }

    /// <summary>That of an open file.</summary>
    /// <param name="file">Open for reading alone; it must stay open.</param>
    public static FileLease Of(SafeFileHandle file) => s_all.GetValue(file, static file => new FileLease(file));

    /// <summary>Holds the file, if that is possible: not where it is another user's, is being written, or is on a file system of
    /// others.</summary>
    public bool TryHold()
    {
        lock (_gate)
        {
            if (!(_isOfThisMachine ??= IsOfThisMachine())) return false;
            // Where somebody waits already, those who hold it are the last: else there would always be one.
            var isHeld = _holders > 0
                ? Control(File, GetLease, 0) == ForReading
                : Control(File, SetSignal, Urgent) == 0 && Control(File, SetLease, ForReading) == 0;
            if (!isHeld) return false;
            _holders++;
            return true;
        }
    }

    /// <summary>Lets go of it once.</summary>
    public void Release()
    {
        lock (_gate)
            if (--_holders == 0) Control(File, SetLease, GivenBack);
    }

    // What it is comes first in struct statfs, as 64 bits where the process has them.
    private bool IsOfThisMachine()
    {
        Span<byte> status = stackalloc byte[256];
        return StatFs(File, ref MemoryMarshal.GetReference(status)) == 0 && s_ofThisMachine.Contains(BitConverter.ToInt64(status));
    }

    [LibraryImport("libc", EntryPoint = "fstatfs")]
    private static partial int StatFs(SafeFileHandle file, ref byte status);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Control(SafeFileHandle file, int command, nint argument);
}
