using System.Runtime.InteropServices;

namespace ActorSock.Access;

/// <summary>A group that the system knows by name.</summary>
/// <param name="Name">The name.</param>
/// <param name="Number">The group's id.</param>
internal sealed partial record SystemGroup(string Name, uint Number)
{
    /// <summary>Looks a group up; null when there is none of that name.</summary>
    /// <exception cref="IOException">The system cannot tell.</exception>
    public static unsafe SystemGroup? Find(string name) =>
        SystemEntry.Find(name, getgrnam_r, entry => new SystemGroup(name, SystemEntry.NumberOf(entry)));

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static unsafe partial int getgrnam_r(string name, byte* entry, byte* strings, nuint bytes, nint* found);
}
