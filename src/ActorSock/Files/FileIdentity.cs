using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Tells whether a path still leads to the file that somebody has open.</summary>
internal static class FileIdentity
{
    /// <summary>Whether another file is at the path now; not when there is none.</summary>
    public static bool IsReplaced(SafeFileHandle open, string path)
    {
        try
        {
            using var there = File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
            return OperatingSystem.IsLinux()
                ? Posix.IdentityOf(open) != Posix.IdentityOf(there)
                : File.GetCreationTimeUtc(open) != File.GetCreationTimeUtc(there);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return false;
        }
    }
}
