using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Files;

/// <summary>Tells when the process is about to run out of descriptors, before it has.</summary>
/// <remarks>
/// Running out is not survived for sure: the runtime ends the process when it needs a descriptor for itself, and an assembly that
/// is loaded late is not found. A new descriptor has the lowest free number (open(2), accept(2)), so a number near the
/// limit says how few are left. Where the limit is not known, nothing is ever near it.
/// </remarks>
internal static class Descriptors
{
    /// <summary>How many the process may have.</summary>
    public static long Max { get; } = OperatingSystem.IsLinux() && Environment.Is64BitProcess ? Posix.DescriptorsMax() : long.MaxValue;

    /// <summary>Peers outside take none of the last ones: they are for commits and for the part files of those inside.</summary>
    public static int KeptFromPeers { get; } = (int)Math.Min(64, Max / 4);

    /// <summary>Files that peers fetch take none of these: however slowly they are read, there are some for part files.</summary>
    public static int KeptFromReaders { get; } = (int)Math.Min(48, Max / 6);

    /// <summary>New uploads take none of these: they are for commits and for the runtime.</summary>
    public static int KeptFromUploads { get; } = (int)Math.Min(32, Max / 8);

    // Peers are let in again when so many more are free, so that one that leaves does not begin the shortage anew.
    private const int FreeToGoOn = 16;

    /// <summary>Whether a descriptor just made is among the last so many.</summary>
    public static bool IsAmongLast(int kept, SafeHandle made) => made.DangerousGetHandle() >= Max - kept;

    /// <summary>Whether peers may be accepted again.</summary>
    public static bool AreFreeForPeers()
    {
        if (Max == long.MaxValue)
            return true;
        var tried = new List<SafeFileHandle>(FreeToGoOn);
        try
        {
            while (tried.Count < FreeToGoOn)
                tried.Add(File.OpenHandle("/dev/null"));
            return !tried.Exists(made => IsAmongLast(KeptFromPeers, made));
        }
        catch (IOException)
        {
            return false;
        }
        finally
        {
            tried.ForEach(made => made.Dispose());
        }
    }
}
