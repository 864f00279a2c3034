using ActorSock.Journal;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>One upload as <see cref="UploadsActor"/> knows it.</summary>
internal sealed class UploadEntry(UploadKey key, UploadTerms terms, string stem)
{
    public UploadKey Key => key;

    public UploadTerms Terms { get; private set; } = terms;

    /// <summary>Names its files.</summary>
    public string Stem { get; private set; } = stem;

    /// <summary>Whether the files are there.</summary>
    public bool IsBegun { get; set; }

    /// <summary>What is durable of one that comes whole.</summary>
    public long Offset { get; set; }

    /// <summary>The digest of that; null for that of nothing.</summary>
    public ContentDigest? Prefix { get; set; }

    /// <summary>The parts that are there, of one that comes in parts.</summary>
    public PartTable? Parts { get; set; }

    /// <summary>What became of it; null while it is not over.</summary>
    public StoredUpload? Stored { get; set; }

    /// <summary>The journal has it.</summary>
    public Verdict? Committing { get; set; }

    /// <summary>What its part file takes, about.</summary>
    public long Bytes { get; set; }

    /// <summary>Bytes that are durable.</summary>
    public long BytesKept => Parts?.Bytes ?? Offset;

    /// <summary>When somebody was last at it.</summary>
    public DateTimeOffset Touched { get; set; }

    /// <summary>Who is at it.</summary>
    public List<UploadClaim> Claims { get; } = [];

    /// <summary>
    /// From whom another has taken over, and who are still in the files: writers of parts, which may still write to their places, and joins,
    /// which may still say of the file what it is.
    /// </summary>
    public List<UploadClaim> Stuck { get; } = [];

    /// <summary>Who comes next, in order.</summary>
    public LinkedList<UploadWaiting> Waiting { get; } = [];

    /// <summary>Its place among those that nobody is at.</summary>
    public LinkedListNode<UploadKept>? Place { get; set; }

    public bool IsIdle => Claims.Count == 0 && Waiting.Count == 0 && Committing is null;

    /// <summary>Whether there is anything to go on with, or to remember.</summary>
    public bool IsWorthKeeping => IsBegun || Stored is not null;

    /// <summary>Begins anew, with other files.</summary>
    public void Renew(UploadTerms newTerms, string newStem)
    {
        (Terms, Stem) = (newTerms, newStem);
        (IsBegun, Offset, Prefix, Stored, Bytes) = (false, 0, null, null, 0);
        Parts?.Clear();
        Parts = null;
        Stuck.Clear(); // they write to other files
    }
}

/// <summary>Somebody who waits until others have let go of an upload.</summary>
/// <param name="Who">a writer, or who asks</param>
/// <param name="What">an <see cref="UploadsActor.Command.Ask"/> or an <see cref="UploadsActor.Command.Claim"/></param>
internal readonly record struct UploadWaiting(IActorRef Who, UploadsActor.Command What);
