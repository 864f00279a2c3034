using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>The parts of an upload that are there.</summary>
/// <remarks>
/// Thread-safe: each writer of a part adds its own, in memory and on the disk. Nobody who only looks waits for the disk.
/// </remarks>
/// <param name="stem">names the files</param>
/// <param name="size">bytes of the whole file</param>
/// <param name="memory">what the tables of this client take</param>
internal sealed class PartTable(string stem, long size, PartMemory memory)
{
    private readonly Lock _lock = new(), _disk = new();
    private readonly List<long> _offsets = []; // in order; no two parts have a byte in common
    private readonly Dictionary<long, KeptPart> _parts = []; // by offset
    private long _bytes;
    private int _places; // on the disk
    private bool _isOver;

    public int Count
    {
        get { lock (_lock) return _parts.Count; }
    }

    /// <summary>Bytes of all parts.</summary>
    public long Bytes
    {
        get { lock (_lock) return _bytes; }
    }

    /// <summary>By offset.</summary>
    public IReadOnlyList<PartEntry> Entries
    {
        get { lock (_lock) return [.. _offsets.Select(offset => _parts[offset].Entry)]; }
    }

    /// <summary>The first byte that is missing; null when none is.</summary>
    public long? Missing
    {
        get
        {
            lock (_lock)
            {
                var end = 0L;
                foreach (var offset in _offsets)
                {
                    if (offset > end)
                        break;
                    end = offset + _parts[offset].Entry.SizeBytes;
                }
                return end < size ? end : null;
            }
        }
    }

    /// <summary>Fills the table with what was found on the disk, also where that is more than there is memory for.</summary>
    public void Fill(IReadOnlyList<KeptPart> found, int places)
    {
        lock (_lock)
        {
            foreach (var part in found)
            {
                if (TryAdd(part))
                    memory.Take();
            }
        }
        _places = places;
    }

    /// <summary>Gives back what was set aside for a part that did not come.</summary>
    public void Unreserve() => memory.Return(1);

    /// <summary>The very part, when it is there.</summary>
    public KeptPart? Same(long offset, long bytes)
    {
        lock (_lock)
            return _parts.TryGetValue(offset, out var part) && part.Entry.SizeBytes == bytes ? part : null;
    }

    /// <summary>Whether any part has a byte in this place.</summary>
    public bool Overlaps(long offset, long bytes)
    {
        lock (_lock)
        {
            var at = _offsets.BinarySearch(offset);
            return at >= 0 || IsMet(~at - 1) || IsMet(~at);
        }

        bool IsMet(int index) => index >= 0 && index < _offsets.Count
            && Overlap(_offsets[index], _parts[_offsets[index]].Entry.SizeBytes, offset, bytes);
    }

    /// <summary>Whether two places have a byte in common; or are the same, which empty ones can be.</summary>
    public static bool Overlap(long offset, long bytes, long otherOffset, long otherBytes) =>
        offset == otherOffset || (offset < otherOffset + otherBytes && otherOffset < offset + bytes);

    /// <summary>
    /// Adds a part whose bytes are durable; it is kept when this is true. False when its place, or the whole table, is nobody's here any more.
    /// </summary>
    /// <exception cref="Files.StorageException">The disk refuses.</exception>
    public bool TryKeep(IUploadFolder folder, UploadClaim claim, KeptPart part)
    {
        lock (_disk)
        {
            // Behind this it is on the disk for whoever starts next, and has to be here, too, whoever comes meanwhile.
            if (claim.IsLost)
                return false;
            folder.KeepPart(stem, _places++, part);
        }
        lock (_lock)
        {
            var isKept = !_isOver && TryAdd(part);
            if (isKept)
                claim.UseRoom();
            return isKept;
        }
    }

    /// <summary>Gives its memory back; nothing is added afterwards.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            memory.Return(_parts.Count);
            _parts.Clear();
            _offsets.Clear();
            (_bytes, _isOver) = (0, true);
        }
    }

    private bool TryAdd(KeptPart part)
    {
        if (!_parts.TryAdd(part.Entry.OffsetBytes, part))
            return false;
        _offsets.Insert(~_offsets.BinarySearch(part.Entry.OffsetBytes), part.Entry.OffsetBytes);
        _bytes += part.Entry.SizeBytes;
        return true;
    }
}
