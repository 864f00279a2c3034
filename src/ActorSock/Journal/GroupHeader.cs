using System.Buffers.Binary;

namespace ActorSock.Journal;

/// <summary>Begins a group of entries that were flushed together: LOG.md, "Group".</summary>
/// <param name="Epoch">That of its segment.</param>
/// <param name="Salt">That of its segment.</param>
/// <param name="FirstNumber">The number of its first entry.</param>
/// <param name="Bytes">Its bytes, this header included, without what fills up the last page.</param>
/// <param name="EntriesCount">How many entries it has.</param>
internal readonly record struct GroupHeader(long Epoch, ulong Salt, long FirstNumber, int Bytes, int EntriesCount)
{
    public const int BytesCount = 64;

    private const int ChecksumAt = 48;

    private static ReadOnlySpan<byte> Magic => "ASCKGRP1"u8;

    /// <summary>The number behind its last entry.</summary>
    public long NextNumber => FirstNumber + EntriesCount;

    /// <summary>Writes this header in front of the entries, which must be there.</summary>
    public void Write(Span<byte> group)
    {
        group[..BytesCount].Clear();
        Magic.CopyTo(group);
        BinaryPrimitives.WriteInt64LittleEndian(group[8..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(group[16..], Salt);
        BinaryPrimitives.WriteInt64LittleEndian(group[24..], FirstNumber);
        BinaryPrimitives.WriteInt32LittleEndian(group[32..], Bytes);
        BinaryPrimitives.WriteInt32LittleEndian(group[36..], EntriesCount);
        BinaryPrimitives.WriteUInt64LittleEndian(group[ChecksumAt..], ChecksumOf(group[..Bytes]));
    }

    /// <summary>Reads the header at the front of a page; whether the group is whole it does not tell.</summary>
    public static bool TryRead(ReadOnlySpan<byte> page, in SegmentHeader segment, out GroupHeader header)
    {
        header = default;
        if (!page.StartsWith(Magic))
            return false;
        header = new GroupHeader(
            BinaryPrimitives.ReadInt64LittleEndian(page[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(page[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[24..]),
            BinaryPrimitives.ReadInt32LittleEndian(page[32..]),
            BinaryPrimitives.ReadInt32LittleEndian(page[36..]));
        return header.Epoch == segment.Epoch && header.Salt == segment.Salt && header.EntriesCount > 0
            && header.Bytes > BytesCount && header.Bytes % Checksum.StrideBytes == 0;
    }

    /// <summary>Whether all of a group is as it was written.</summary>
    public static bool IsWhole(ReadOnlySpan<byte> group) =>
        BinaryPrimitives.ReadUInt64LittleEndian(group[ChecksumAt..]) == ChecksumOf(group);

    private static ulong ChecksumOf(ReadOnlySpan<byte> group)
    {
        var checksum = new Checksum();
        checksum.Add(group[..ChecksumAt]);
        checksum.Add(group[BytesCount..]);
        return checksum.Value;
    }
}
