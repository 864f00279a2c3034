using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>What somebody wants to do with an upload.</summary>
internal enum UploadUse
{
    /// <summary>To send it from some offset to its end.</summary>
    Whole,

    /// <summary>To send one of its parts.</summary>
    Part,

    /// <summary>To join its parts.</summary>
    Join,
}

/// <summary>The right of one writer to be at an upload, until it ends or another takes over.</summary>
/// <remarks>Given by <see cref="UploadsActor"/>, whose own the rest is. What is public may be used on any thread.</remarks>
internal sealed class UploadClaim(UploadKey key, UploadUse use, string stem, UploadTerms terms)
{
    private const int Held = 0, Committing = 1, Lost = 2, LostWithFiles = 3;

    private int _fate;
    private int _room;

    public UploadKey Key => key;

    public UploadUse Use => use;

    /// <summary>Names the files.</summary>
    public string Stem => stem;

    public UploadTerms Terms => terms;

    /// <summary>Whether the files are to be made.</summary>
    public bool IsNew { get; init; }

    /// <summary>Where a part lies.</summary>
    public long Offset { get; init; }

    /// <summary>Bytes of the part.</summary>
    public long Bytes { get; init; }

    /// <summary>The parts that are there; of an upload in parts alone.</summary>
    public PartTable? Parts { get; init; }

    /// <summary>The part that is sent a second time, which is compared and not written again; null for any other.</summary>
    public KeptPart? Repeated { get; init; }

    /// <summary>Whether memory was set aside for its part.</summary>
    public bool HasRoom
    {
        init => _room = value ? 1 : 0;
    }

    /// <summary>Whether another has taken over without waiting.</summary>
    public bool IsLost => Volatile.Read(ref _fate) is Lost or LostWithFiles;

    /// <summary>The same, and the upload has begun anew: its files here are nobody's, and whoever had the claim removes them.</summary>
    public bool HasLostFiles => Volatile.Read(ref _fate) == LostWithFiles;

    /// <summary>Whoever is at the upload: the writer, then who keeps what it left.</summary>
    internal IActorRef Holder { get; set; } = ActorRefs.Nobody;

    /// <summary>The part is there, and what was set aside for it with it; false when nothing is.</summary>
    public bool UseRoom() => Interlocked.Exchange(ref _room, 0) == 1;

    /// <summary>Gives back what was set aside, when the part has not come. May be repeated.</summary>
    public void LetGo()
    {
        if (UseRoom())
            Parts!.Unreserve();
    }

    /// <summary>Whether its writer has ended, and what it left is being kept.</summary>
    internal bool IsLeft { get; set; }

    /// <summary>Whether another wants to be where this one is.</summary>
    internal bool HasToGo { get; set; }

    /// <summary>Makes it impossible to take over from here; false when that has been done.</summary>
    public bool TryCommit() => Interlocked.CompareExchange(ref _fate, Committing, Held) == Held;

    /// <summary>Takes it away from who does not let go; false when the journal has the upload.</summary>
    /// <param name="withFiles">whether the upload begins anew, in others</param>
    internal bool TryLose(bool withFiles) => Interlocked.CompareExchange(ref _fate, withFiles ? LostWithFiles : Lost, Held) == Held;
}
