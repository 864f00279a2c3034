using System.Diagnostics;

namespace ActorSock.Tests.Files;

/// <summary>
/// A disk in a file, with ext4 on it, from which the power can be taken: what was not written to it by then is
/// gone.
/// </summary>
internal sealed class LoopDisk : IDisposable
{
    private readonly string _image;

    private LoopDisk(string image, string path)
    {
        (_image, Path) = (image, path);
        Directory.CreateDirectory(path);
        Run("mount", "-o", "loop", image, path);
    }

    public string Path { get; }

    /// <summary>Makes a disk.</summary>
    /// <param name="folder">Where its file and the place it is mounted at may lie.</param>
    /// <param name="withJournal">Whether the file system has a journal of its own.</param>
    public static LoopDisk Make(string folder, bool withJournal)
    {
        var image = System.IO.Path.Combine(folder, "disk");
        using (var file = File.Create(image))
            file.SetLength(24 << 20);
        Run("mkfs.ext4", "-q", "-F", "-O", withJournal ? "has_journal" : "^has_journal", image);
        return new LoopDisk(image, System.IO.Path.Combine(folder, "mounted"));
    }

    /// <summary>
    /// The same disk as it would be found if the power went now: repaired if it must be, and mounted beside this
    /// one.
    /// </summary>
    public LoopDisk AfterPowerCut()
    {
        var found = _image + "-found";
        File.Copy(_image, found, overwrite: true);
        Run("e2fsck", "-y", "-f", found);
        return new LoopDisk(found, Path + "-found");
    }

    public void Dispose() => Run("umount", "-l", Path);

    /// <summary>Why there can be none here; null when there can.</summary>
    public static string? WhyNot()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
            return "mounting a disk needs root on Linux";
        var folder = Directory.CreateTempSubdirectory("actorsock-");
        try
        {
            Make(folder.FullName, withJournal: true).Dispose();
            return null;
        }
        catch (Exception e) when (e is IOException or System.ComponentModel.Win32Exception)
        {
            return $"no disk can be mounted here: {e.Message}";
        }
        finally
        {
            folder.Delete(recursive: true);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments)
        {
            RedirectStandardError = true, RedirectStandardOutput = true,
        })!;
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEnd();
        process.WaitForExit();
        if (process.ExitCode > (program == "e2fsck" ? 1 : 0)) // 1: it had something to repair
            throw new IOException($"{program}: {error} {output.Result}");
    }
}

/// <summary>Tests that start programs, alone.</summary>
/// <remarks>
/// A program that is being started has the descriptors of its parent for a moment (fork(2)), and with them the
/// locks of roots that other tests want to open again.
/// </remarks>
[CollectionDefinition(Name, DisableParallelization = true)]
public sealed class StartsPrograms
{
    public const string Name = "starts programs";
}

/// <summary>A test that mounts a disk, skipped with the reason where that cannot be done.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class LoopDiskTheoryAttribute : TheoryAttribute
{
    private static readonly Lazy<string?> s_whyNot = new(LoopDisk.WhyNot);

    public LoopDiskTheoryAttribute() => Skip = s_whyNot.Value;
}
