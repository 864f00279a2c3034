using System.Buffers.Binary;

namespace ActorSock.Journal;

/// <summary>Begins a segment of the commit log: LOG.md, "Segment".</summary>
/// <param name="Epoch">Which use of a segment this is, rising over both.</param>
/// <param name="Salt">Drawn anew for each use, so that nobody can foretell what a group looks like.</param>
/// <param name="FirstNumber">The number of the first entry.</param>
/// <param name="NextNumber">Of a void segment: the number behind its last entry.</param>
/// <param name="WrittenBytes">So many bytes of the file have been written at least once.</param>
/// <param name="IsLive">Whether its entries count.</param>
internal readonly record struct SegmentHeader(
    long Epoch, ulong Salt, long FirstNumber, long NextNumber, long WrittenBytes, bool IsLive)
{
    private const int BytesCount = 80;
    private const int ChecksumAt = 64;

    private static ReadOnlySpan<byte> Magic => "ASCKLOG1"u8;

    /// <summary>Fills the first page of a segment.</summary>
    public void Write(Span<byte> page)
    {
        page.Clear();
        Magic.CopyTo(page);
        BinaryPrimitives.WriteInt64LittleEndian(page[8..], Epoch);
        BinaryPrimitives.WriteUInt64LittleEndian(page[16..], Salt);
        BinaryPrimitives.WriteInt64LittleEndian(page[24..], FirstNumber);
        BinaryPrimitives.WriteInt64LittleEndian(page[32..], NextNumber);
        BinaryPrimitives.WriteInt64LittleEndian(page[40..], WrittenBytes);
        page[48] = IsLive ? (byte)1 : (byte)0;
        BinaryPrimitives.WriteUInt64LittleEndian(page[ChecksumAt..], Checksum.Of(page[..ChecksumAt]));
    }

    /// <summary>Reads the first page of a segment.</summary>
    /// <returns>False when there is no header, or half of one.</returns>
    public static bool TryRead(ReadOnlySpan<byte> page, out SegmentHeader header)
    {
        header = default;
        if (page.Length < BytesCount || !page.StartsWith(Magic))
            return false;
        if (BinaryPrimitives.ReadUInt64LittleEndian(page[ChecksumAt..]) != Checksum.Of(page[..ChecksumAt]))
            return false;
        header = new SegmentHeader(
            BinaryPrimitives.ReadInt64LittleEndian(page[8..]),
            BinaryPrimitives.ReadUInt64LittleEndian(page[16..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[24..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[32..]),
            BinaryPrimitives.ReadInt64LittleEndian(page[40..]),
            page[48] == 1);
        return true;
    }
}
