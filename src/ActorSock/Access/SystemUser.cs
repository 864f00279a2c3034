using System.Runtime.InteropServices;

namespace ActorSock.Access;

/// <summary>A user that the system knows by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Number">The user's id.</param>
/// <param name="Home">The home folder.</param>
internal sealed partial record SystemUser(string Name, uint Number, string Home)
{
    // struct passwd: name, password, uid and gid of 32 bits each. Then Linux has gecos and home, and macOS a time and a class
    // before these (getpwnam(3)); 64-bit systems.
    private static readonly int homeAt = OperatingSystem.IsLinux() ? 32 : 48;

    /// <summary>Whether the node itself runs as this user.</summary>
    public bool IsOurs => Number == geteuid();

    /// <summary>The user that the node runs as; null where the system has no name for it, or cannot tell.</summary>
    public static SystemUser? Ours { get; } = OperatingSystem.IsWindows() ? null : FindOurs();

    /// <summary>Looks a user up; null when there is nobody of that name.</summary>
    /// <exception cref="IOException">The system cannot tell.</exception>
    public static unsafe SystemUser? Find(string name) => SystemEntry.Find(name, getpwnam_r, entry =>
        new SystemUser(name, SystemEntry.NumberOf(entry), Marshal.PtrToStringUTF8(*(nint*)(entry + homeAt)) ?? "/"));

    private static SystemUser? FindOurs()
    {
        try
        {
            return Find(Environment.UserName);
        }
        catch (IOException)
        {
            return null; // programs of the node's own user then have no HOME; nobody gets other rights by it
        }
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int getpwnam_r(string name, byte* entry, byte* strings, nuint bytes, nint* found);
}
