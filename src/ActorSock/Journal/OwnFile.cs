using ActorSock.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Journal;

/// <summary>Opens files and folders of the journal that only the node's user may look into.</summary>
/// <remarks>By path: in a folder of mode 0700 nobody else can put a link in the way.</remarks>
internal static class OwnFile
{
    /// <summary>Opens a file for writing at offsets; others may read it meanwhile.</summary>
    public static SafeFileHandle Open(string path, FileMode mode)
    {
        var file = File.OpenHandle(path, mode, FileAccess.Write, FileShare.Read);
        try
        {
            if (!OperatingSystem.IsWindows())
                File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            return file;
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Opens a file for reading while the node writes it, or moves it away.</summary>
    public static SafeFileHandle OpenToRead(string path) =>
        File.OpenHandle(path, share: FileShare.ReadWrite | FileShare.Delete, options: FileOptions.SequentialScan);

    /// <summary>Makes the bytes of a file durable.</summary>
    /// <remarks>Not by <see cref="RandomAccess.FlushToDisk"/> where that can be helped: on Unix it does not tell when it fails.</remarks>
    public static void Sync(SafeFileHandle file, string what)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
            Posix.SyncData(file).OrRefuse(what);
        else
            RandomAccess.FlushToDisk(file);
    }

    /// <summary>Makes a folder in the node's folder where it is missing, and its name durable.</summary>
    public static void MakeFolder(string nodeFolder, string name, string what)
    {
        if (OperatingSystem.IsLinux() && Environment.Is64BitProcess)
        {
            Posix.Open(nodeFolder, OpenFlags.Folder, out var node).OrRefuse(what);
            using (node)
                LinuxRoot.OwnFolder(node, name, what).Dispose();
            return;
        }
        PortableVolume.MakeOwnFolder(Path.Combine(nodeFolder, name), what);
    }

    /// <summary>Makes the names in a folder durable, where the system can (see <see cref="PortableVolume"/>).</summary>
    public static void SyncFolder(string path, string what)
    {
        if (!OperatingSystem.IsLinux() || !Environment.Is64BitProcess)
            return;
        Posix.Open(path, OpenFlags.Folder, out var folder).OrRefuse(what);
        using (folder)
            Posix.Sync(folder).OrRefuse(what);
    }
}
