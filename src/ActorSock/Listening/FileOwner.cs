using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorSock.Listening;

/// <summary>A user and a group that a file can be given to.</summary>
/// <param name="User">the user's number; -1 leaves it</param>
/// <param name="Group">the group's number; -1 leaves it</param>
internal readonly partial record struct FileOwner(int User, int Group)
{
    private const int ERANGE = 34;
    private const int BytesMax = 1 << 20;

    // struct passwd begins with two pointers, then uid; struct group with two pointers, then gid: on 64-bit Linux and macOS.
    private const int NumberAt = 16;

    /// <summary>Finds who is meant by <c>USER</c>, <c>USER:GROUP</c> or <c>:GROUP</c>, names or numbers.</summary>
    /// <exception cref="IOException">there is nobody of that name</exception>
    public static FileOwner Find(string owner)
    {
        var (user, group) = owner.Split(':') is [var u, var g] ? (u, g) : (owner, "");
        return new FileOwner(NumberOf(user, "user"), NumberOf(group, "group"));
    }

    /// <exception cref="IOException">this process may not</exception>
    public void Give(string path)
    {
        if (lchown(path, User, Group) != 0)
            throw new IOException($"its file cannot be given to actorsock.listeners.unix-owner: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    private static unsafe int NumberOf(string name, string kind)
    {
        if (name.Length == 0)
            return -1;
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        var entry = stackalloc byte[256];
        for (var bytes = 1024; bytes <= BytesMax; bytes *= 4)
        {
            var strings = new byte[bytes];
            fixed (byte* at = strings)
            {
                nint found;
                var error = kind == "user" ? getpwnam_r(name, entry, at, (nuint)bytes, &found) : getgrnam_r(name, entry, at, (nuint)bytes, &found);
                if (error == ERANGE)
                    continue;
                return error == 0 && found != 0
                    ? *(int*)(entry + NumberAt)
                    : throw new IOException($"there is no {kind} '{name}' of actorsock.listeners.unix-owner");
            }
        }
        throw new IOException($"the {kind} '{name}' of actorsock.listeners.unix-owner has too long an entry");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, int user, int group);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int getpwnam_r(string name, byte* entry, byte* strings, nuint bytes, nint* found);

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int getgrnam_r(string name, byte* entry, byte* strings, nuint bytes, nint* found);
}
