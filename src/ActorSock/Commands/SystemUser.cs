using System.Runtime.InteropServices;

namespace ActorSock.Commands;

/// <summary>A user that the system knows by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Number">The user's id.</param>
/// <param name="Home">The home folder.</param>
internal sealed partial record SystemUser(string Name, uint Number, string Home)
{
    private const int ERANGE = 34;
    private const int BytesMax = 1 << 20;

    // struct passwd: name, password, uid and gid of 32 bits each. Then Linux has gecos and home, and macOS a time and a class
    // before these (getpwnam(3)); 64-bit systems.
    private const int NumberAt = 16;
    private static readonly int homeAt = OperatingSystem.IsLinux() ? 32 : 48;

    /// <summary>Whether the node itself runs as this user.</summary>
    public bool IsOurs => Number == geteuid();

    /// <summary>The user that the node runs as; null where the system has no name for it.</summary>
    public static SystemUser? Ours { get; } = OperatingSystem.IsWindows() ? null : Find(Environment.UserName);

    /// <summary>Looks a user up; null when there is nobody of that name.</summary>
    public static unsafe SystemUser? Find(string name)
    {
        var entry = stackalloc byte[256];
        for (var bytes = 1024; bytes <= BytesMax; bytes *= 4)
        {
            var strings = new byte[bytes];
            fixed (byte* at = strings)
            {
                nint found;
                var error = getpwnam_r(name, entry, at, (nuint)bytes, &found);
                if (error == ERANGE)
                    continue;
                if (error != 0 || found == 0)
                    return null;
                return new SystemUser(name, *(uint*)(entry + NumberAt), Marshal.PtrToStringUTF8(*(nint*)(entry + homeAt)) ?? "/");
            }
        }
        return null;
    }

    [LibraryImport("libc")]
    private static partial uint geteuid();

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int getpwnam_r(string name, byte* entry, byte* strings, nuint bytes, nint* found);
}
