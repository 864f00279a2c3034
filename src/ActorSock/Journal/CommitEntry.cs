using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>Sorts the entries of the commit log.</summary>
internal enum CommitKind : byte
{
    /// <summary>A file whose body is in the entry.</summary>
    Whole = 1,

    /// <summary>A file whose body is durable in a part file.</summary>
    Part = 2,

    /// <summary>Takes an earlier entry back, whose file was not published after all.</summary>
    Void = 3,

    /// <summary>A file that is deleted.</summary>
    Removal = 4,

    /// <summary>A file that gets another name.</summary>
    Renaming = 5,
}

/// <summary>One commit, as the log has it.</summary>
/// <remarks>
/// The body is not copied: of an entry to be added it is the caller's, of one that was read it is the log's and
/// changes with the next one.
/// </remarks>
internal readonly record struct CommitEntry
{
    /// <summary>Its place among all commits of the root, rising by 1; the log gives it.</summary>
    public long Number { get; init; }

    public CommitKind Kind { get; private init; }

    public DateTimeOffset Time { get; private init; }

    public string Client { get; private init; }

    public FileName Name { get; private init; }

    /// <summary>Bytes of the file.</summary>
    public long Size { get; private init; }

    /// <summary>The MD5 of the file; null when nobody has computed it.</summary>
    public Md5Digest? Digest { get; private init; }

    /// <summary>The other digest, when it is known.</summary>
    public ContentDigest? Sha256 { get; init; }

    /// <summary>The name in the staging folder, for <see cref="CommitKind.Part"/>.</summary>
    public string PartName { get; private init; }

    /// <summary>All bytes of the file, for <see cref="CommitKind.Whole"/>.</summary>
    public ReadOnlyMemory<byte> Body { get; init; }

    /// <summary>The number that is taken back, for <see cref="CommitKind.Void"/>.</summary>
    public long Voided { get; private init; }

    /// <summary>The new name, for <see cref="CommitKind.Renaming"/>.</summary>
    public FileName? To { get; private init; }

    /// <summary>When the content was last changed, for one that takes a name from a file; none in entries of an earlier version.</summary>
    public DateTimeOffset Modified { get; private init; }

    /// <summary>Which file it is, for one that takes a name from a file; 0 where that is not known.</summary>
    public ulong Inode { get; private init; }

    /// <summary>What the journal says of it.</summary>
    public JournalNote Note => new(Time, Client, Name.Value, Size, Digest)
    {
        Sha256 = Sha256,
        Did = Kind switch
        {
            CommitKind.Removal => JournalDeed.Deleted,
            CommitKind.Renaming => JournalDeed.Renamed,
            _ => JournalDeed.Stored,
        },
        To = To?.Value,
    };

    /// <summary>
    /// Whether what was found under the name is the file that loses it; also one of which the end had not reached the disk.
    /// </summary>
    public bool IsOf(in StoredFile found) => found.Modified == Modified && found.Inode == Inode && found.Size <= Size;

    /// <summary>What travels with the file of a <see cref="CommitKind.Whole"/>.</summary>
    public FileStamp Stamp => new(Time, new FileDigests(Digest, Sha256));

    public static CommitEntry Whole(
        DateTimeOffset time, string client, FileName name, Md5Digest digest, ReadOnlyMemory<byte> body) => new()
    {
        Kind = CommitKind.Whole, Time = time, Client = client, Name = name, Size = body.Length, Digest = digest,
        PartName = "", Body = body,
    };

    public static CommitEntry Part(
        DateTimeOffset time, string client, FileName name, long size, Md5Digest? digest, string partName) => new()
    {
        Kind = CommitKind.Part, Time = time, Client = client, Name = name, Size = size, Digest = digest,
        PartName = partName,
    };

    public static CommitEntry Removal(DateTimeOffset time, string client, FileName name, in StoredFile found) => new()
    {
        Kind = CommitKind.Removal, Time = time, Client = client, Name = name, Size = found.Size, Digest = found.Md5,
        Sha256 = found.Sha256, PartName = "", Modified = found.Modified, Inode = found.Inode,
    };

    public static CommitEntry Renaming(DateTimeOffset time, string client, FileName name, FileName to, in StoredFile found) => new()
    {
        Kind = CommitKind.Renaming, Time = time, Client = client, Name = name, Size = found.Size, Digest = found.Md5,
        Sha256 = found.Sha256, PartName = "", To = to, Modified = found.Modified, Inode = found.Inode,
    };

    public static CommitEntry Void(DateTimeOffset time, long number) => new()
    {
        Kind = CommitKind.Void, Time = time, Client = "", PartName = "", Voided = number,
    };
}
