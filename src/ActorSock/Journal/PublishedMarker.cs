using System.Buffers.Binary;
using ActorSock.Files;

namespace ActorSock.Journal;

/// <summary>Remembers for this run of the machine how far the entries of the log have been published.</summary>
/// <remarks>
/// It is written and never synced: when a process dies, the page cache keeps both the marker and the files that
/// it speaks of; when the machine dies, the boot id tells that neither can be relied on, and when the file system
/// alone does, a mark that is gone from memory. Layout: LOG.md, "Marker". Thread-safe.
/// </remarks>
internal sealed class PublishedMarker : IDisposable
{
    public const string FileName = "published";

    private const int BytesCount = 64;
    private const int ChecksumAt = 48;
    private const byte UpTo = 1, NothingIsSure = 2;

    private readonly ILogFile _file;
    private readonly Guid _bootId;
    private readonly byte[] _bytes = new byte[BytesCount];
    private readonly Lock _lock = new();
    private bool _nothingIsSure, _hasMark;

    private PublishedMarker(ILogFile file, Guid bootId) => (_file, _bootId) = (file, bootId);

    /// <summary>Entries up to this number were published when it was opened; 0 when that is not known.</summary>
    public long Published { get; private set; }

    /// <summary>The highest number that it knew of when it was opened, in whatever run of the machine.</summary>
    public long NumberMax { get; private set; }

    /// <summary>Whether a sync had failed, so that what is in the page cache may not be on disk.</summary>
    public bool CacheIsUnsure { get; private set; }

    public static PublishedMarker Open(ILogFolder folder, Guid bootId)
    {
        var marker = new PublishedMarker(folder.OpenLogFile(FileName, direct: false), bootId);
        try
        {
            if (marker._file.Bytes < BytesCount)
                marker._file.Resize(BytesCount);
            marker.Read();
            return marker;
        }
        catch
        {
            marker.Dispose();
            throw;
        }
    }

    /// <summary>Says that all entries up to this number are published.</summary>
    public void Write(long number)
    {
        lock (_lock)
        {
            if (!_nothingIsSure)
                Write(number, UpTo);
        }
    }

    /// <summary>Says that a sync failed: no entry of the log can be taken for published any more.</summary>
    public void WriteNothingIsSure()
    {
        lock (_lock)
        {
            _nothingIsSure = true;
            Write(0, NothingIsSure);
            _file.Sync();
        }
    }

    public void Dispose() => _file.Dispose();

    private void Write(long number, byte says)
    {
        "ASCKPUB1"u8.CopyTo(_bytes);
        BinaryPrimitives.WriteInt64LittleEndian(_bytes.AsSpan(8), number);
        _bootId.TryWriteBytes(_bytes.AsSpan(16));
        _bytes[32] = says;
        BinaryPrimitives.WriteUInt64LittleEndian(_bytes.AsSpan(ChecksumAt), Checksum.Of(_bytes.AsSpan(0, ChecksumAt)));
        _file.Write(_bytes, 0);
        if (_hasMark || says != UpTo)
            return;
        // Not before: until then a node was still looking after what an earlier one, with another page cache, had left.
        _file.LeaveMemoryMark();
        _hasMark = true;
    }

    private void Read()
    {
        var bytes = new byte[BytesCount];
        if (_file.Read(bytes, 0) < BytesCount || !bytes.AsSpan().StartsWith("ASCKPUB1"u8))
            return;
        if (BinaryPrimitives.ReadUInt64LittleEndian(bytes.AsSpan(ChecksumAt)) != Checksum.Of(bytes.AsSpan(0, ChecksumAt)))
            return;
        NumberMax = BinaryPrimitives.ReadInt64LittleEndian(bytes.AsSpan(8));
        var sameRun = _bootId != Guid.Empty && new Guid(bytes.AsSpan(16, 16)) == _bootId;
        // Without the mark the file system was mounted anew: what had not reached its disk may be gone, though the machine ran on.
        if (sameRun && bytes[32] == UpTo && _file.HasMemoryMark)
            Published = NumberMax;
        // Where runs of the machine cannot be told apart, it may have been this one.
        CacheIsUnsure = (sameRun || _bootId == Guid.Empty) && bytes[32] == NothingIsSure;
    }
}
