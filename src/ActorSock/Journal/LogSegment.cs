using ActorSock.Blocks;
using ActorSock.Files;

namespace ActorSock.Journal;

/// <summary>Holds one of the two files of the commit log. One thread at a time.</summary>
internal sealed class LogSegment : IDisposable
{
    public const int PageBytes = AlignedMemory.AlignmentBytes;

    /// <summary>How far ahead of the entries a segment is written for the first time, in one step.</summary>
    private const int AheadBytes = 4 << 20;

    private const int ZerosBytes = 1 << 20;

    private readonly ILogFile _file;
    private readonly AlignedMemory _page = new(PageBytes);
    private long _written; // bytes of the file that have been written at least once

    private LogSegment(string name, ILogFile file) => (Name, _file) = (name, file);

    /// <summary>That of its file.</summary>
    public string Name { get; }

    /// <summary>What was read, or written last; of a segment without one it is void and empty.</summary>
    public SegmentHeader Header { get; private set; }

    /// <summary>Whether there is something in place of the header that is none.</summary>
    public bool IsDamaged { get; private set; }

    public long Bytes => _file.Bytes;

    /// <summary>Where the next group goes.</summary>
    public long At { get; private set; } = PageBytes;

    /// <summary>How many bytes the next group may have.</summary>
    public long BytesLeft => Bytes - At;

    /// <summary>Whether a group was written since <see cref="Begin"/>.</summary>
    public bool HasGroups => At > PageBytes;

    public static LogSegment Open(ILogFolder folder, string name)
    {
        var segment = new LogSegment(name, folder.OpenLogFile(name, direct: true));
        try
        {
            segment.ReadHeader();
            return segment;
        }
        catch
        {
            segment.Dispose();
            throw;
        }
    }

    /// <summary>Takes the segment into use, with another length if need be. Durable with the first group.</summary>
    /// <exception cref="StorageException">Somebody has removed its file, or the disk refuses.</exception>
    public void Begin(long epoch, ulong salt, long firstNumber)
    {
        if (_file.IsRemoved)
        {
            throw new StorageException(StorageFault.Failed, "cannot use the commit log", "somebody has removed its file",
                "leave alone what is in .actorsock while the node runs");
        }
        At = PageBytes;
        WriteHeader(new SegmentHeader(epoch, salt, firstNumber, firstNumber, 0, IsLive: true));
    }

    /// <summary>Gives the file of a void segment another length.</summary>
    public void Resize(long bytes)
    {
        _written = Math.Min(_written, bytes);
        _file.Resize(bytes);
    }

    /// <summary>Says that no entry of the segment counts any more; durable on return.</summary>
    public void Void(long nextNumber)
    {
        WriteHeader(Header with { NextNumber = nextNumber, IsLive = false });
        _file.Sync();
    }

    /// <summary>Writes a group; not durable before <see cref="Sync"/>.</summary>
    public void Write(ReadOnlySpan<byte> pages)
    {
        if (At + pages.Length > _written)
            WriteAhead(At + pages.Length);
        _file.Write(pages, At);
        At += pages.Length;
    }

    public void Sync() => _file.Sync();

    public int Read(Span<byte> pages, long offset) => _file.Read(pages, offset);

    public void Dispose()
    {
        _file.Dispose();
        _page.Free();
    }

    private void ReadHeader()
    {
        var page = _page.GetSpan();
        var read = _file.Bytes < PageBytes ? 0 : _file.Read(page, 0);
        if (SegmentHeader.TryRead(page[..read], out var header))
            Header = header;
        else
            IsDamaged = page[..read].ContainsAnyExcept((byte)0);
        _written = Header.WrittenBytes;
    }

    private void WriteHeader(in SegmentHeader header)
    {
        _written = Math.Max(_written, PageBytes);
        Header = header with { WrittenBytes = _written };
        Header.Write(_page.GetSpan());
        _file.Write(_page.GetSpan(), 0);
    }

    /// <summary>
    /// Writes zeros where nothing was ever written: the first write to preallocated space changes what the file
    /// system knows of it, which each flush would have to wait for (ext4: unwritten extents). The second does
    /// not.
    /// </summary>
    private void WriteAhead(long needed)
    {
        var zeros = new AlignedMemory(ZerosBytes);
        try
        {
            zeros.GetSpan().Clear();
            var end = Math.Min(Bytes, Math.Max(needed, _written + AheadBytes));
            while (_written < end)
            {
                var step = (int)Math.Min(end - _written, ZerosBytes);
                _file.Write(zeros.GetSpan()[..step], _written);
                _written += step;
            }
        }
        finally
        {
            zeros.Free();
        }
    }
}
