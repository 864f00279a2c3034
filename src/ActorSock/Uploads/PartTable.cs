using ActorSock.Blocks;
using ActorSock.Files;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>The parts of an upload that are there.</summary>
/// <remarks>
/// Thread-safe: each writer of a part adds its own, in memory and on the disk. Nobody who only looks waits for the disk.
/// </remarks>
/// <param name="stem">names the files</param>
/// <param name="size">bytes of the whole file</param>
/// <param name="memory">what all tables may take together</param>
internal sealed class PartTable(string stem, long size, Allowance memory)
{
    /// <summary>What one part takes in memory, about.</summary>
    private const int PartBytes = 256;

    private readonly Lock _lock = new(), _disk = new();
    private readonly SortedDictionary<long, KeptPart> _parts = [];
    private int _places; // on the disk
    private bool _isOver;

    public int Count
    {
        get { lock (_lock) return _parts.Count; }
    }

    /// <summary>Bytes of all parts.</summary>
    public long Bytes
    {
        get { lock (_lock) return _parts.Values.Sum(static part => part.Entry.SizeBytes); }
    }

    /// <summary>By offset.</summary>
    public IReadOnlyList<PartEntry> Entries
    {
        get { lock (_lock) return [.. _parts.Values.Select(static part => part.Entry)]; }
    }

    /// <summary>The first byte that is missing; null when none is.</summary>
    public long? Missing
    {
        get
        {
            lock (_lock)
            {
                var end = 0L;
                foreach (var part in _parts.Values)
                {
                    if (part.Entry.OffsetBytes > end)
                        break;
                    end = part.Entry.OffsetBytes + part.Entry.SizeBytes;
                }
                return end < size ? end : null;
            }
        }
    }

    /// <summary>Fills the table with what was found on the disk; false when there is no memory for it.</summary>
    public bool TryFill(IReadOnlyList<KeptPart> found, int places)
    {
        if (!memory.TryTake(found.Count * PartBytes))
            return false;
        foreach (var part in found)
            _parts[part.Entry.OffsetBytes] = part;
        memory.Return((found.Count - _parts.Count) * PartBytes);
        _places = places;
        return true;
    }

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
            return _parts.Values.Any(part => Overlap(part.Entry.OffsetBytes, part.Entry.SizeBytes, offset, bytes));
    }

    /// <summary>Whether two places have a byte in common; or are the same, which empty ones can be.</summary>
    public static bool Overlap(long offset, long bytes, long otherOffset, long otherBytes) =>
        offset == otherOffset || (offset < otherOffset + otherBytes && otherOffset < offset + bytes);

    /// <summary>
    /// Adds a part whose bytes are durable; it is kept when this is true. False when its place, or the whole table, is nobody's here any more.
    /// </summary>
    /// <exception cref="StorageException">The disk refuses, or there is no memory for so many parts.</exception>
    public bool TryKeep(IUploadFolder folder, UploadClaim claim, KeptPart part)
    {
        if (!memory.TryTake(PartBytes))
        {
            throw new StorageException(StorageFault.Failed, "cannot keep a part", "too many parts are kept here",
                "join some uploads, or send longer parts");
        }
        var kept = false;
        try
        {
            lock (_disk)
            {
                // Behind this it is on the disk for whoever starts next, and has to be here, too, whoever comes meanwhile.
                if (claim.IsLost)
                    return false;
                folder.KeepPart(stem, _places++, part);
            }
            lock (_lock)
                kept = !_isOver && _parts.TryAdd(part.Entry.OffsetBytes, part);
            return kept;
        }
        finally
        {
            if (!kept)
                memory.Return(PartBytes);
        }
    }

    /// <summary>Gives its memory back; nothing is added afterwards.</summary>
    public void Clear()
    {
        lock (_lock)
        {
            memory.Return(_parts.Count * PartBytes);
            _parts.Clear();
            _isOver = true;
        }
    }
}
