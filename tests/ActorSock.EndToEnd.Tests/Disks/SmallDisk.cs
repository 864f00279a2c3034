using System.Diagnostics;
using System.Runtime.InteropServices;

namespace ActorSock.EndToEnd.Tests.Disks;

/// <summary>A small file system of its own, mounted where a node in <see cref="Folder"/> has its root. For a <see cref="DiskFactAttribute"/>.</summary>
internal sealed class SmallDisk : IAsyncDisposable
{
    private readonly string[] _mount;

    private SmallDisk(string folder, params string[] mount) => (Folder, _mount) = (folder, mount);

    /// <summary>Where nodes are started; gone with the disk.</summary>
    public string Folder { get; }

    /// <summary>The root of nodes: all of the disk.</summary>
    public string Inbox => Path.Combine(Folder, "inbox");

    public long UsedBytes => new DriveInfo(Inbox).TotalSize - new DriveInfo(Inbox).TotalFreeSpace;

    /// <summary>What says how far the log was published: LOG.md.</summary>
    public string Marker => Path.Combine(Inbox, ".actorsock", "log", "published");

    private string Image => Path.Combine(Folder, "disk.img");

    /// <summary>In memory.</summary>
    public static Task<SmallDisk> TmpFs(string options) => Mounted(new SmallDisk(NewFolder(), "-t", "tmpfs", "-o", options, "none"));

    /// <summary>In memory, and with next to nothing: no direct I/O, no preallocation, no word about free space.</summary>
    public static Task<SmallDisk> RamFs() => Mounted(new SmallDisk(NewFolder(), "-t", "ramfs", "none"));

    /// <summary>In a file, with everything that a real one has.</summary>
    public static async Task<SmallDisk> Ext4(int mebibytes)
    {
        var folder = NewFolder();
        var disk = new SmallDisk(folder, "-o", "loop,errors=remount-ro", Path.Combine(folder, "disk.img"));
        await using (var image = File.Create(disk.Image))
            image.SetLength((long)mebibytes << 20);
        await Run(folder, "mkfs.ext4", "-q", "-F", "-b", "4096", disk.Image);
        return await Mounted(disk);
    }

    public Task Mount() => Run(Folder, "mount", [.. _mount, Inbox]);

    /// <summary>Not before all have let go of it: a process that another test begins just now has what is open here until its program
    /// runs.</summary>
    public async Task Unmount()
    {
        for (var patience = Stopwatch.StartNew(); ; await Task.Delay(20))
        {
            var ended = await Executable.RunProgram("umount", Folder, "", Inbox);
            if (ended.ExitCode == 0)
                return;
            if (!ended.Error.Contains("busy", StringComparison.Ordinal) || patience.Elapsed > TimeSpan.FromSeconds(10))
                throw new IOException($"umount {Inbox}: {ended.Error}");
        }
    }

    /// <summary>
    /// From one moment to the next nothing reaches the disk any more, and what was not written back is gone when it is mounted again:
    /// ext4 only (ioctl EXT4_IOC_SHUTDOWN, without flushing its journal).
    /// </summary>
    public void LosePower()
    {
        const nuint shutdown = 0x8004587D; // _IOR('X', 125, __u32)
        const int closeOnExec = 0x80000;
        var flags = 2u; // EXT4_GOING_FLAGS_NOLOGFLUSH
        var descriptor = open(Inbox, closeOnExec);
        var result = ioctl(descriptor, shutdown, ref flags);
        var why = Marshal.GetLastPInvokeErrorMessage();
        _ = close(descriptor);
        if (result != 0)
            throw new IOException($"cannot shut the file system down: {why}");
    }

    /// <summary>As ext4 does when it finds an error on its disk: everything that is open fails from then on.</summary>
    public async Task BecomeReadOnly()
    {
        var mount = File.ReadLines("/proc/mounts").Select(line => line.Split(' ')).Single(words => words[1] == Inbox);
        await File.WriteAllTextAsync($"/sys/fs/ext4/{Path.GetFileName(mount[0])}/trigger_fs_error", "1");
    }

    public async ValueTask DisposeAsync()
    {
        await Executable.RunProgram("umount", Folder, "", "-l", Inbox); // which may not be mounted any more
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Why disks cannot be mounted here; null when they can.</summary>
    public static string? WhyNot(bool ext4)
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "mounting a disk needs root on Linux";
        try
        {
            (ext4 ? Ext4(8) : TmpFs("size=64k")).GetAwaiter().GetResult().DisposeAsync().AsTask().GetAwaiter().GetResult();
            return null;
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception)
        {
            return $"mounting a disk is not possible here: {e.Message}";
        }
    }

    private static string NewFolder() => Directory.CreateTempSubdirectory("as-disk-").FullName;

    private static async Task<SmallDisk> Mounted(SmallDisk disk)
    {
        Directory.CreateDirectory(disk.Inbox);
        await disk.Mount();
        return disk;
    }

    private static async Task Run(string folder, string program, params string[] args)
    {
        var ended = await Executable.RunProgram(program, folder, "", args);
        if (ended.ExitCode != 0)
            throw new IOException($"{program} {string.Join(' ', args)}: {ended.Error}");
    }

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int open([MarshalAs(UnmanagedType.LPUTF8Str)] string path, int flags);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int ioctl(int descriptor, nuint request, ref uint argument);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int close(int descriptor);
}

/// <summary>A test that mounts file systems in memory, skipped with the reason where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_whyNot = new(() => SmallDisk.WhyNot(ext4: false));

    public DiskFactAttribute() => Skip = s_whyNot.Value;
}

/// <summary>The same with several rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class DiskTheoryAttribute : TheoryAttribute
{
    public DiskTheoryAttribute() => Skip = new DiskFactAttribute().Skip;
}

/// <summary>A test that mounts an ext4 in a file, skipped with the reason where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class Ext4FactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_whyNot = new(() => SmallDisk.WhyNot(ext4: true));

    public Ext4FactAttribute() => Skip = s_whyNot.Value;
}
