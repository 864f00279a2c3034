using System.ComponentModel;

namespace ActorSock.Access;

/// <summary>Asks the system for the entry that a user or a group has.</summary>
internal static unsafe class SystemEntry
{
    private const int ENOENT = 2, ESRCH = 3, ERANGE = 34;

    // The entry of a group has the names of all its members: 100,000 of them take more than 1 MiB.
    private const int BytesMax = 1 << 24;

    // struct passwd begins with two pointers, then uid; struct group with two pointers, then gid: on 64-bit Linux and macOS.
    private const int NumberAt = 16;

    /// <summary><c>getpwnam_r</c>, <c>getgrnam_r</c>: fills in an entry and the strings that it points to; an error or 0.</summary>
    public delegate int Lookup(string name, byte* entry, byte* strings, nuint bytes, nint* found);

    /// <summary>Takes from an entry what is wanted, while its strings are there.</summary>
    public delegate T Reading<T>(byte* entry);

    /// <summary>Looks a name up; null when the system has no entry for it.</summary>
    /// <exception cref="IOException">The system cannot tell whether it has one.</exception>
    public static T? Find<T>(string name, Lookup lookup, Reading<T> read)
        where T : class
    {
        var entry = stackalloc byte[256];
        for (var bytes = 1024; bytes <= BytesMax; bytes *= 4)
        {
            var strings = new byte[bytes];
            fixed (byte* at = strings)
            {
                nint found;
                var error = lookup(name, entry, at, (nuint)bytes, &found);
                if (error == ERANGE)
                    continue;
                // "No such name" is 0 and nothing found; these two are what some systems say instead (getpwnam_r(3)).
                if (error is 0 or ENOENT or ESRCH)
                    return error == 0 && found != 0 ? read(entry) : null;
                throw new IOException($"'{name}' cannot be looked up: {new Win32Exception(error).Message}");
            }
        }
        throw new IOException($"'{name}' cannot be looked up: its entry is longer than {BytesMax} bytes");
    }

    /// <summary>The id of a user or a group.</summary>
    public static uint NumberOf(byte* entry) => *(uint*)(entry + NumberAt);
}
