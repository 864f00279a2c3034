using System.Buffers.Binary;
using System.Text;
using ActorSock.Files;
using ActorSock.Wire;

namespace ActorSock.Journal;

/// <summary>Turns entries of the commit log into bytes and back: LOG.md, "Entry".</summary>
internal static class EntryFormat
{
    /// <summary>What stands in front of the texts.</summary>
    private const int FixedBytes = 64;

    /// <summary>The longest name that settings allow (actorsock.files.name-bytes-max).</summary>
    private const int NameBytesMax = 4096;

    /// <summary>The bytes of a void entry: it has no texts.</summary>
    public const int VoidBytes = FixedBytes;

    private const int ClientBytesMax = 1024;
    private const int PartNameBytesMax = 255;

    /// <summary>The bytes of the largest entry with a body of so many bytes.</summary>
    public static int BytesMax(int bodyBytesMax) =>
        Padded(FixedBytes + NameBytesMax + ClientBytesMax + PartNameBytesMax + bodyBytesMax);

    /// <summary>The bytes that an entry takes.</summary>
    /// <exception cref="ArgumentException">A text of it is too long for any log.</exception>
    public static int BytesOf(in CommitEntry entry)
    {
        var (name, client, partName) = TextBytes(entry);
        if (name > NameBytesMax || client > ClientBytesMax || partName > PartNameBytesMax)
            throw new ArgumentException("a name in it is too long", nameof(entry));
        return Padded(FixedBytes + name + client + partName + entry.Body.Length);
    }

    /// <summary>Writes an entry, with this number, into exactly the bytes that it takes.</summary>
    public static void Write(Span<byte> bytes, in CommitEntry entry, long number)
    {
        var (name, client, partName) = TextBytes(entry);
        bytes[..FixedBytes].Clear();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, bytes.Length);
        bytes[4] = (byte)entry.Kind;
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[6..], (ushort)name);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[8..], number);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[16..], entry.Time.UtcTicks);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[24..], entry.Size);
        entry.Digest.WriteBytes(bytes[32..]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[48..], (ushort)client);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes[50..], (ushort)partName);
        BinaryPrimitives.WriteInt32LittleEndian(bytes[52..], entry.Body.Length);
        BinaryPrimitives.WriteInt64LittleEndian(bytes[56..], entry.Voided);
        var rest = bytes[FixedBytes..];
        rest = rest[Encoding.UTF8.GetBytes(entry.Name.ToString(), rest)..];
        rest = rest[Encoding.UTF8.GetBytes(entry.Client, rest)..];
        rest = rest[Encoding.UTF8.GetBytes(entry.PartName, rest)..];
        entry.Body.Span.CopyTo(rest);
        rest[entry.Body.Length..].Clear();
    }

    /// <summary>Reads the entry at the front; its body refers to these bytes.</summary>
    /// <returns>False when there is none that a log of this version has written.</returns>
    public static bool TryRead(ReadOnlyMemory<byte> memory, out CommitEntry entry, out int length)
    {
        var bytes = memory.Span;
        (entry, length) = (default, bytes.Length < FixedBytes ? 0 : BinaryPrimitives.ReadInt32LittleEndian(bytes));
        if (length < FixedBytes || length > bytes.Length)
            return false;
        int name = BinaryPrimitives.ReadUInt16LittleEndian(bytes[6..]);
        int client = BinaryPrimitives.ReadUInt16LittleEndian(bytes[48..]);
        int partName = BinaryPrimitives.ReadUInt16LittleEndian(bytes[50..]);
        var body = BinaryPrimitives.ReadInt32LittleEndian(bytes[52..]);
        var ticks = BinaryPrimitives.ReadInt64LittleEndian(bytes[16..]);
        if (body < 0 || Padded(FixedBytes + name + client + partName + (long)body) != length)
            return false;
        if (ticks < 0 || ticks > DateTimeOffset.MaxValue.Ticks)
            return false;
        var time = new DateTimeOffset(ticks, TimeSpan.Zero);
        var number = BinaryPrimitives.ReadInt64LittleEndian(bytes[8..]);
        var kind = (CommitKind)bytes[4];
        if (kind == CommitKind.Void)
        {
            entry = CommitEntry.Void(time, BinaryPrimitives.ReadInt64LittleEndian(bytes[56..])) with { Number = number };
            return true;
        }
        var texts = bytes[FixedBytes..];
        var raw = Encoding.UTF8.GetString(texts[..name]);
        if (!FileName.TryConfine(raw, NameBytesMax, out var fileName, out _))
            return false;
        var clientName = Encoding.UTF8.GetString(texts.Slice(name, client));
        var digest = Md5Digest.FromBytes(bytes.Slice(32, Md5Digest.BytesCount));
        switch (kind)
        {
            case CommitKind.Whole:
                var start = FixedBytes + name + client + partName;
                entry = CommitEntry.Whole(time, clientName, fileName, digest, memory.Slice(start, body)) with { Number = number };
                return true;
            case CommitKind.Part:
                var size = BinaryPrimitives.ReadInt64LittleEndian(bytes[24..]);
                var part = Encoding.UTF8.GetString(texts.Slice(name + client, partName));
                entry = CommitEntry.Part(time, clientName, fileName, size, digest, part) with { Number = number };
                return true;
            default:
                return false;
        }
    }

    private static (int Name, int Client, int PartName) TextBytes(in CommitEntry entry) =>
        (Encoding.UTF8.GetByteCount(entry.Name.ToString()), Encoding.UTF8.GetByteCount(entry.Client),
            Encoding.UTF8.GetByteCount(entry.PartName));

    private static int Padded(int bytes) => (int)Padded((long)bytes);

    private static long Padded(long bytes) => (bytes + Checksum.StrideBytes - 1) & -Checksum.StrideBytes;
}
