using System.ComponentModel;
using System.Globalization;
using System.Runtime.InteropServices;
using ActorSock.Access;

namespace ActorSock.Listening;

/// <summary>A user and a group that a file can be given to.</summary>
/// <param name="User">the user's number; -1 leaves it</param>
/// <param name="Group">the group's number; -1 leaves it</param>
internal readonly partial record struct FileOwner(int User, int Group)
{
    /// <summary>Finds who is meant by <c>USER</c>, <c>USER:GROUP</c> or <c>:GROUP</c>, names or numbers.</summary>
    /// <exception cref="IOException">there is nobody of that name</exception>
    public static FileOwner Find(string owner)
    {
        var (user, group) = owner.Split(':') is [var u, var g] ? (u, g) : (owner, "");
        return new FileOwner(
            NumberOf(user, "user", name => SystemUser.Find(name)?.Number),
            NumberOf(group, "group", name => SystemGroup.Find(name)?.Number));
    }

    /// <exception cref="IOException">this process may not</exception>
    public void Give(string path)
    {
        if (lchown(path, User, Group) != 0)
            throw new IOException($"its file cannot be given to actorsock.listeners.unix-owner: {new Win32Exception(Marshal.GetLastPInvokeError()).Message}");
    }

    private static int NumberOf(string name, string kind, Func<string, uint?> find)
    {
        if (name.Length == 0)
            return -1;
        if (int.TryParse(name, NumberStyles.None, CultureInfo.InvariantCulture, out var number))
            return number;
        return (int?)find(name) ?? throw new IOException($"there is no {kind} '{name}': make it, or set actorsock.listeners.unix-owner");
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int lchown(string path, int user, int group);
}
