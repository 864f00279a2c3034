using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ActorSock.Journal;

/// <summary>Tells which of several commits left something under its name in the end.</summary>
/// <remarks>
/// A name that a later commit stored under is not looked after: writing the earlier file again would destroy the later one.
/// The same where a later commit made a folder of the name, or a file of one of its folders, which it could only because
/// somebody had taken the earlier file away.<br/>
/// Life: <see cref="AddFile"/> all, <see cref="AddFolders"/> all, ask. Of a name it keeps a hash that nobody can find
/// another name for, and of folders only those that are names of files, too: a full log has hundreds of thousands.
/// </remarks>
/// <param name="comparer">ordinal, with case or without</param>
/// <param name="filesMax">so many are added at most</param>
internal sealed class SupersededNames(StringComparer comparer, int filesMax)
{
    private readonly Dictionary<UInt128, Last> _files = new(filesMax);

    /// <summary>Numbers of the last commits that used a name.</summary>
    private record struct Last(long AsFile, long AsFolder);

    /// <summary>Takes in the name of a commit, in UTF-8; numbers rise.</summary>
    public void AddFile(long number, ReadOnlySpan<byte> name) =>
        CollectionsMarshal.GetValueRefOrAddDefault(_files, KeyOf(name), out _).AsFile = number;

    /// <summary>Takes in the folders on the way of a commit, when the names of all are in.</summary>
    public void AddFolders(long number, ReadOnlySpan<byte> name)
    {
        for (var length = 0; NextFolder(name, ref length);)
        {
            ref var last = ref CollectionsMarshal.GetValueRefOrNullRef(_files, KeyOf(name[..length]));
            if (!System.Runtime.CompilerServices.Unsafe.IsNullRef(ref last))
                last.AsFolder = number;
        }
    }

    /// <summary>Whether a later commit stands in the way of this one.</summary>
    public bool IsSuperseded(long number, ReadOnlySpan<byte> name)
    {
        var last = _files[KeyOf(name)];
        var superseded = last.AsFile > number || last.AsFolder > number;
        for (var length = 0; !superseded && NextFolder(name, ref length);)
            superseded = _files.TryGetValue(KeyOf(name[..length]), out var folder) && folder.AsFile > number;
        return superseded;
    }

    /// <summary>Goes on to the next folder of <c>a/b/c</c>: <c>a</c>, then <c>a/b</c>.</summary>
    private static bool NextFolder(ReadOnlySpan<byte> name, ref int length)
    {
        var start = length == 0 ? 0 : length + 1;
        var rest = name[start..].IndexOf((byte)'/');
        length = start + rest;
        return rest >= 0;
    }

    private UInt128 KeyOf(ReadOnlySpan<byte> name)
    {
        if (comparer.Equals("a", "A"))
            name = Encoding.UTF8.GetBytes(Encoding.UTF8.GetString(name).ToUpperInvariant());
        Span<byte> hash = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(name, hash);
        return BinaryPrimitives.ReadUInt128LittleEndian(hash);
    }
}
