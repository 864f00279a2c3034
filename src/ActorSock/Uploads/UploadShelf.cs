namespace ActorSock.Uploads;

/// <summary>The uploads of one client that nobody is at, the oldest first, and what they take.</summary>
internal sealed class UploadShelf(string client)
{
    private readonly LinkedList<UploadKept> _kept = [];

    /// <summary>Whose they are.</summary>
    public string Client => client;

    public int Count => _kept.Count;

    /// <summary>What their part files take, about.</summary>
    public long Bytes { get; private set; }

    /// <summary>How many parts they have, which take memory.</summary>
    public int Parts { get; private set; }

    /// <summary>That which nobody has been at for longest; null of none.</summary>
    public UploadEntry? Oldest => _kept.First?.Value.Entry;

    /// <summary>The oldest that takes of the disk.</summary>
    public UploadEntry OldestWithBytes => _kept.First(static kept => kept.Bytes > 0).Entry;

    /// <summary>The oldest that takes memory for its parts.</summary>
    public UploadEntry OldestWithParts => _kept.First(static kept => kept.Parts > 0).Entry;

    /// <summary>What it takes is counted as it is now.</summary>
    public LinkedListNode<UploadKept> Add(UploadEntry entry)
    {
        var kept = new UploadKept(entry, entry.Bytes, entry.Parts?.Count ?? 0);
        (Bytes, Parts) = (Bytes + kept.Bytes, Parts + kept.Parts);
        var before = _kept.Last; // nearly always: whoever comes here was just touched
        while (before is not null && before.Value.Entry.Touched > entry.Touched)
            before = before.Previous;
        return before is null ? _kept.AddFirst(kept) : _kept.AddAfter(before, kept);
    }

    public void Remove(LinkedListNode<UploadKept> place)
    {
        (Bytes, Parts) = (Bytes - place.Value.Bytes, Parts - place.Value.Parts);
        _kept.Remove(place);
    }
}

/// <summary>One upload that nobody is at, and what it takes.</summary>
internal readonly record struct UploadKept(UploadEntry Entry, long Bytes, int Parts);
