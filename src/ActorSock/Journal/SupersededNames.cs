using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;

namespace ActorSock.Journal;

/// <summary>Tells which of several commits left something under a name in the end, and under which one.</summary>
/// <remarks>
/// A name that a later commit stored under is not looked after: writing the earlier file again would destroy the later one.
/// The same where a later commit made a folder of the name, or a file of one of its folders, which it could only because
/// somebody had taken the earlier file away. What was renamed is where its last renaming put it; what was deleted is nowhere.<br/>
/// Life: add all in the order of their numbers, <see cref="AddFolders"/> all, ask. Of a name it keeps a hash that nobody can find
/// another name for, and of folders only those that are names of files, too: a full log has hundreds of thousands.
/// </remarks>
/// <param name="comparer">ordinal, with case or without</param>
/// <param name="filesMax">about so many are added</param>
internal sealed class SupersededNames(StringComparer comparer, int filesMax)
{
    private readonly Dictionary<UInt128, Last> _files = new(filesMax);
    private readonly Dictionary<long, Move> _moves = []; // the last of each content, by the commit that it came with
    private readonly Dictionary<long, Moved> _moved = []; // by the number of the renaming

    /// <summary>What is known of a name.</summary>
    /// <param name="First">The number of the first commit that it was the name of a file for.</param>
    /// <param name="AsFile">The same, of the last.</param>
    /// <param name="AsFolder">The same, of a folder.</param>
    /// <param name="Content">The commit whose content it has: that which stored it, or the renaming that first moved it; 0 for none.</param>
    /// <param name="IsLogged">Whether the log has the bytes of that content.</param>
    private record struct Last(long First, long AsFile, long AsFolder, long Content, bool IsLogged);

    private readonly record struct Move(byte[] To, long Number);

    private readonly record struct Moved(long Content, bool IsLogged);

    /// <summary>Takes in a commit that stored a file.</summary>
    /// <param name="number">Its number.</param>
    /// <param name="name">The name, in UTF-8.</param>
    /// <param name="isLogged">Whether the log has its bytes.</param>
    public void AddFile(long number, ReadOnlySpan<byte> name, bool isLogged = true)
    {
        ref var last = ref OfFile(number, name);
        (last.Content, last.IsLogged) = (number, isLogged);
    }

    /// <summary>Takes in a commit that deleted a file.</summary>
    public void AddRemoval(long number, ReadOnlySpan<byte> name)
    {
        ref var last = ref OfFile(number, name);
        (last.Content, last.IsLogged) = (0, false);
    }

    /// <summary>Takes in a commit that renamed a file.</summary>
    public void AddRenaming(long number, ReadOnlySpan<byte> name, ReadOnlySpan<byte> to)
    {
        var (content, isLogged) = _files.TryGetValue(KeyOf(name), out var source) && source.Content > 0
            ? (source.Content, source.IsLogged)
            : (number, false); // it was there before
        AddRemoval(number, name);
        ref var last = ref OfFile(number, to);
        (last.Content, last.IsLogged) = (content, isLogged);
        _moves[content] = new Move(to.ToArray(), number);
        _moved[number] = new Moved(content, isLogged);
    }

    /// <summary>Takes in the folders on the way of a commit, when the names of all are in.</summary>
    public void AddFolders(long number, ReadOnlySpan<byte> name)
    {
        for (var length = 0; NextFolder(name, ref length);)
        {
            ref var last = ref CollectionsMarshal.GetValueRefOrNullRef(_files, KeyOf(name[..length]));
            if (!Unsafe.IsNullRef(ref last))
                last.AsFolder = number;
        }
    }

    /// <summary>Whether a later commit stands in the way of what this one stored, or moved here from before the log.</summary>
    public bool IsSuperseded(long number, ReadOnlySpan<byte> name)
    {
        var since = number;
        if (_moves.TryGetValue(number, out var move))
        {
            name = move.To;
            since = move.Number;
        }
        return _files[KeyOf(name)].Content != number || IsInTheWay(since, name);
    }

    /// <summary>
    /// Whether what a commit stored should still be there, and yet a later one needs its place for a folder, or has a file where its
    /// folder was: somebody else has taken it away, or the later one could not be published.
    /// </summary>
    public bool IsDisplaced(long number, ReadOnlySpan<byte> name)
    {
        var since = number;
        if (_moves.TryGetValue(number, out var move))
        {
            name = move.To;
            since = move.Number;
        }
        return _files[KeyOf(name)].Content == number && IsInTheWay(since, name);
    }

    /// <summary>Whether a file of this name stands in the way of what a commit of a higher number stored.</summary>
    public bool IsInTheWay(long number, ReadOnlySpan<byte> name)
    {
        var isInTheWay = _files[KeyOf(name)].AsFolder > number;
        for (var length = 0; !isInTheWay && NextFolder(name, ref length);)
            isInTheWay = _files.TryGetValue(KeyOf(name[..length]), out var folder) && folder.AsFile > number;
        return isInTheWay;
    }

    /// <summary>The name that the content of a commit has in the end, in UTF-8; null when it was never renamed.</summary>
    public byte[]? PlaceOf(long number) => _moves.TryGetValue(number, out var move) ? move.To : null;

    /// <summary>Whether a renaming moved what the log has the bytes of.</summary>
    public bool HasMovedLogged(long number) => _moved[number].IsLogged;

    /// <summary>Whether what a renaming moved is in the end where it put it.</summary>
    public bool HasStayed(long number, ReadOnlySpan<byte> name)
    {
        var content = _moved[number].Content;
        return _moves[content].Number == number && !IsSuperseded(content, name);
    }

    /// <summary>Whether in the end there is no file of a name that some commit has used.</summary>
    public bool IsGone(ReadOnlySpan<byte> name) => _files[KeyOf(name)].Content == 0;

    /// <summary>Whether no later commit has used a name for a file.</summary>
    public bool IsLastOf(long number, ReadOnlySpan<byte> name) => _files[KeyOf(name)].AsFile == number;

    /// <summary>Whether an earlier commit has used a name for a file.</summary>
    public bool IsNotFirstOf(long number, ReadOnlySpan<byte> name) => _files[KeyOf(name)].First < number;

    private ref Last OfFile(long number, ReadOnlySpan<byte> name)
    {
        ref var last = ref CollectionsMarshal.GetValueRefOrAddDefault(_files, KeyOf(name), out var isKnown);
        if (!isKnown)
            last.First = number;
        last.AsFile = number;
        return ref last;
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
