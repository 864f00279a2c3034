using ActorSock.Blocks;

namespace ActorSock.Journal;

/// <summary>Reads the groups of a live segment, as far as they are whole.</summary>
/// <remarks>
/// A group is written only after the one before it was flushed. So one that is not whole is the torn end of the
/// log, unless whole ones of the same use of the segment lie behind it: then the disk has lost it, and they
/// are read all the same.
/// </remarks>
internal sealed class SegmentReader : IDisposable
{
    private const int ChunkBytes = 1 << 20;

    private readonly LogSegment _segment;
    private AlignedMemory _memory = new(ChunkBytes);
    private long _at = LogSegment.PageBytes;

    public SegmentReader(LogSegment segment) => _segment = segment;

    /// <summary>The group that was read; its bytes change with the next one.</summary>
    public GroupHeader Group { get; private set; }

    /// <summary>The entries of the group, one after the other.</summary>
    public ReadOnlyMemory<byte> Entries => _memory.Memory[GroupHeader.BytesCount..Group.Bytes];

    /// <summary>Goes to the next whole group that begins at this number or a later one.</summary>
    public bool TryNext(long numberMin)
    {
        while (TryFindHeader(numberMin))
        {
            var pages = Pages(Group.Bytes);
            if (Group.Bytes <= _segment.Bytes - _at && TryReadGroup(pages))
            {
                _at += pages;
                return true;
            }
            _at += LogSegment.PageBytes;
        }
        return false;
    }

    public void Dispose() => _memory.Free();

    /// <summary>Bytes of the pages that so many bytes take.</summary>
    public static int Pages(int bytes) => (bytes + LogSegment.PageBytes - 1) & -LogSegment.PageBytes;

    private bool TryReadGroup(int pages)
    {
        if (pages > _memory.Memory.Length)
        {
            _memory.Free();
            _memory = new AlignedMemory(pages);
        }
        return _segment.Read(_memory.GetSpan()[..pages], _at) >= Group.Bytes
            && GroupHeader.IsWhole(_memory.GetSpan()[..Group.Bytes]);
    }

    private bool TryFindHeader(long numberMin)
    {
        var bytes = LogSegment.PageBytes; // where it mostly is; further on in larger steps
        for (; _at < _segment.Bytes; bytes = ChunkBytes)
        {
            var read = _segment.Read(_memory.GetSpan()[..bytes], _at);
            for (var offset = 0; offset + LogSegment.PageBytes <= read; offset += LogSegment.PageBytes)
            {
                var page = _memory.GetSpan().Slice(offset, LogSegment.PageBytes);
                if (!GroupHeader.TryRead(page, _segment.Header, out var header) || header.FirstNumber < numberMin)
                    continue;
                Group = header;
                _at += offset;
                return true;
            }
            if (read < bytes)
                return false;
            _at += read;
        }
        return false;
    }
}
