using System.Runtime.InteropServices;

namespace ActorSock.Tests.Files;

/// <summary>
/// Mounts a tiny file system, and unmounts it. For a <see cref="MountFactAttribute"/> only.
/// </summary>
internal sealed partial class TmpFs : IDisposable
{
    private const nuint ReadOnly = 1, Remount = 32;
    private const int DetachNow = 2;

    public TmpFs(string path, string options, string type = "tmpfs")
    {
        Path = path;
        Directory.CreateDirectory(path);
        Call(mount("actorsock-test", path, type, 0, options));
    }

    public string Path { get; }

    public long FreeBytes => new DriveInfo(Path).AvailableFreeSpace;

    public void MakeReadOnly() => Call(mount(null, Path, null, ReadOnly | Remount, null));

    public void Dispose() => Call(umount2(Path, DetachNow));

    /// <summary>Why file systems cannot be mounted here; null when they can.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "mounting a tiny file system needs root on Linux";
        var folder = Directory.CreateTempSubdirectory("actorsock-");
        try
        {
            new TmpFs(folder.FullName, "size=64k").Dispose();
            return null;
        }
        catch (IOException e)
        {
            return $"mounting is forbidden here: {e.Message}";
        }
        finally
        {
            folder.Delete();
        }
    }

    private static void Call(int result)
    {
        if (result != 0)
            throw new IOException(Marshal.GetLastPInvokeErrorMessage());
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mount(
        string? source, string target, string? type, nuint flags, string? options);

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int umount2(string target, int flags);
}

/// <summary>A test that mounts a file system, skipped with the reason where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_whyNot = new(TmpFs.WhyNot);

    public MountFactAttribute() => Skip = s_whyNot.Value;
}

/// <summary>The same with several rows.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class MountTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> s_whyNot = new(TmpFs.WhyNot);

    public MountTheoryAttribute() => Skip = s_whyNot.Value;
}

/// <summary>A test of what only Linux has.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LinuxFactAttribute : FactAttribute
{
    public LinuxFactAttribute() => Skip = OperatingSystem.IsLinux() ? null : "Linux only";
}
