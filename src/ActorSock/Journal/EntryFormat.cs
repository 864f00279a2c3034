using System.Buffers.Binary;
using System.Text;
using ActorSock.Access;
using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>Turns entries of the commit log into bytes and back: LOG.md, "Entry".</summary>
internal static class EntryFormat
{
    /// <summary>What stands in front of the texts.</summary>
    private const int FixedBytes = 64;

    /// <summary>The longest name that settings allow (actorsock.files.name-bytes-max), in the folder of its client.</summary>
    private const int NameBytesMax = 4096 + AccessKeys.ClientBytesMax + 1;

    /// <summary>The bytes of a void entry: it has no texts.</summary>
    public const int VoidBytes = FixedBytes;

    /// <summary>What tells of a file that is deleted or renamed which one it is.</summary>
    private const int WhichBytes = 16;

    private const byte NoMd5 = 1, WithSha256 = 2;

    private const int ClientBytesMax = 1024;
    private const int PartNameBytesMax = 255;

    /// <summary>The bytes of the largest entry with a body of so many bytes.</summary>
    public static int BytesMax(int bodyBytesMax) =>
        Padded(FixedBytes + NameBytesMax + ClientBytesMax + ContentDigest.BytesMax + Math.Max(PartNameBytesMax + bodyBytesMax, NameBytesMax + WhichBytes));

    /// <summary>The bytes that an entry takes.</summary>
    /// <exception cref="ArgumentException">A text of it is too long for any log.</exception>
    public static int BytesOf(in CommitEntry entry)
    {
        var (name, client, other) = TextBytes(entry);
        if (name > NameBytesMax || client > ClientBytesMax || other > (entry.To is null ? PartNameBytesMax : NameBytesMax))
            throw new ArgumentException("a name in it is too long", nameof(entry));
        return Padded(FixedBytes + name + client + other + (entry.Sha256?.BytesCount ?? 0) + BodyBytes(entry));
    }

    /// <summary>Writes an entry, with this number, into exactly the bytes that it takes.</summary>
    public static void Write(Span<byte> bytes, in CommitEntry entry, long number)
    {
        var (name, client, other) = TextBytes(entry);
        bytes[..FixedBytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        bytes[4] = (byte)entry.Kind;
        bytes[5] = (byte)((entry.Digest is null && entry.Kind != CommitKind.Void ? NoMd5 : 0) | (entry.Sha256 is null ? 0 : WithSha256));
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], (ushort)name);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], entry.Time.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], entry.Size);
        entry.Digest.GetValueOrDefault().WriteBytes(bytes[32..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[48..], (ushort)client);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[50..], (ushort)other);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[52..], BodyBytes(entry));
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], entry.Voided);
        var rest = bytes[FixedBytes..];
        rest = rest[Encoding.UTF8.GetBytes(entry.Name.ToString(), rest)..];
        rest = rest[Encoding.UTF8.GetBytes(entry.Client, rest)..];
        rest = rest[Encoding.UTF8.GetBytes(OtherName(entry), rest)..];
        if (entry.Sha256 is { } sha256)
        {
            sha256.WriteBytes(rest);
            rest = rest[sha256.BytesCount..];
        }
        if (entry.Kind is CommitKind.Removal or CommitKind.Renaming)
        {
            BinaryPrimitives.WriteInt64LittleEndian(rest, entry.Modified.UtcTicks);
            BinaryPrimitives.WriteUInt64LittleEndian(rest[8..], entry.Inode);
        }
        else
        {
            entry.Body.Span.CopyTo(rest);
        }
        rest[BodyBytes(entry)..].Clear();
    }

    /// <summary>Reads of the entry at the front what tells it from others, and makes nothing for the heap.</summary>
    /// <returns>False when there is none that a log of this version has written.</returns>
    public static bool TrySkim(ReadOnlyMemory<byte> memory, out EntryHead head)
    {
        var bytes = memory.Span;
        head = default;
        var length = bytes.Length < FixedBytes ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes);
        if (length < FixedBytes || length > bytes.Length)
            return false;
        var (name, client, partName, sha256, body) = LengthsIn(bytes);
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        var kind = (CommitKind)bytes[4];
        if (body < 0 || Padded(FixedBytes + name + client + partName + sha256 + (long)body) != length)
            return false;
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks || !Enum.IsDefined(kind) || bytes[5] > (NoMd5 | WithSha256))
            return false;
        head = new EntryHead(
            BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]), kind, new DateTimeOffset(ticks, TimeSpan.Zero),
            (bytes[5] & NoMd5) != 0 ? null : Md5Digest.FromBytes(bytes.Slice(32, Md5Digest.BytesCount)), BinaryPrimitives.ReadInt64LittleEndian(bytes[56..]),
            memory.Slice(FixedBytes, name), memory.Slice(FixedBytes + name + client, partName), memory[..length]);
        return true;
    }

    /// <summary>Reads the rest of an entry; its body refers to the same bytes.</summary>
    /// <returns>False when there is none that a log of this version has written.</returns>
    public static bool TryRead(in EntryHead head, out CommitEntry entry)
    {
        entry = default;
        if (head.Kind == CommitKind.Void)
        {
            entry = CommitEntry.Void(head.Time, head.Voided) with { Number = head.Number };
            return true;
        }
        if (!FileName.TryConfine(Encoding.UTF8.GetString(head.Name.Span), NameBytesMax, out var fileName, out _))
            return false;
        var bytes = head.Bytes.Span;
        var (name, client, partName, sha256Bytes, body) = LengthsIn(bytes);
        var texts = bytes[FixedBytes..];
        var clientName = Encoding.UTF8.GetString(texts.Slice(name, client));
        var sha256 = sha256Bytes == 0 ? (ContentDigest?)null
            : ContentDigest.FromBytes(DigestKind.Sha256, texts.Slice(name + client + partName, sha256Bytes));
        if (head.Kind == CommitKind.Whole)
        {
            if (head.Digest is not { } digest)
                return false;
            var content = head.Bytes.Slice(FixedBytes + name + client + partName + sha256Bytes, body);
            entry = CommitEntry.Whole(head.Time, clientName, fileName, digest, content) with { Number = head.Number, Sha256 = sha256 };
            return true;
        }
        var size = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
        var part = Encoding.UTF8.GetString(texts.Slice(name + client, partName));
        if (head.Kind is CommitKind.Removal or CommitKind.Renaming)
        {
            var which = texts.Slice(name + client + partName + sha256Bytes, body);
            return TryRead(head, clientName, fileName, part, which, new StoredFile(size, default, new FileDigests(head.Digest, sha256)), out entry);
        }
        entry = CommitEntry.Part(head.Time, clientName, fileName, size, head.Digest, part)
            with { Number = head.Number, Sha256 = sha256 };
        return true;
    }

    private static bool TryRead(
        in EntryHead head, string client, FileName name, string otherName, ReadOnlySpan<byte> which, StoredFile found, out CommitEntry entry)
    {
        entry = default;
        if (head.Kind == CommitKind.Removal && which.IsEmpty) // as an earlier version wrote it
        {
            entry = CommitEntry.Removal(head.Time, client, name, found) with { Number = head.Number };
            return true;
        }
        if (which.Length != WhichBytes)
            return false;
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(which);
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        var inode = BinaryPrimitives.ReadUInt64LittleEndian(which[8..]);
        found = found with { Modified = new DateTimeOffset(ticks, TimeSpan.Zero), Inode = inode };
        if (head.Kind == CommitKind.Removal)
        {
            entry = CommitEntry.Removal(head.Time, client, name, found) with { Number = head.Number };
            return true;
        }
        if (!FileName.TryConfine(otherName, NameBytesMax, out var to, out _))
            return false;
        entry = CommitEntry.Renaming(head.Time, client, name, to, found) with { Number = head.Number };
        return true;
    }

    private static (int Name, int Client, int PartName, int Sha256, int Body) LengthsIn(ReadOnlySpan<byte> bytes) =>
        (BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]), BinaryPrimitives.ReadUInt16LittleEndian(bytes[48..]),
            BinaryPrimitives.ReadUInt16LittleEndian(bytes[50..]), (bytes[5] & WithSha256) == 0 ? 0 : ContentDigest.BytesMax,
            BinaryPrimitives.ReadInt32LittleEndian(bytes[52..]));

    private static (int Name, int Client, int PartName) TextBytes(in CommitEntry entry) =>
        (Encoding.UTF8.GetByteCount(entry.Name.ToString()), Encoding.UTF8.GetByteCount(entry.Client),
            Encoding.UTF8.GetByteCount(OtherName(entry)));

    private static string OtherName(in CommitEntry entry) => entry.To?.Value ?? entry.PartName;

    private static int BodyBytes(in CommitEntry entry) => entry.Kind is CommitKind.Removal or CommitKind.Renaming ? WhichBytes : entry.Body.Length;

    private static int Padded(int bytes) => (int)Padded((long)bytes);

    private static long Padded(long bytes) => (bytes + Checksum.StrideBytes - 1) & -Checksum.StrideBytes;
}
