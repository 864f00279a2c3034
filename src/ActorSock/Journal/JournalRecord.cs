using System.Diagnostics.CodeAnalysis;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>One line of the journal: a file that was stored, deleted or renamed. JOURNAL.md defines how it is written.</summary>
/// <param name="Sequence">Its number; the first record of a journal has 1, and none is left out.</param>
/// <param name="Time">When it was committed, in UTC, to 100 ns.</param>
/// <param name="Client">Who asked for it: the peer, <c>tcp://127.0.0.1:5000</c>.</param>
/// <param name="Name">The name below the root, <c>a/b.txt</c>.</param>
/// <param name="Size">Its bytes.</param>
/// <param name="Digest">Its MD5; null when nobody had computed it.</param>
/// <param name="Previous">The hash of the record before; zeros in the first one.</param>
/// <param name="Hash">The hash of this one, <see cref="Previous"/> included.</param>
public sealed record JournalRecord(
    long Sequence, DateTimeOffset Time, string Client, string Name, long Size, Md5Digest? Digest,
    RecordHash Previous, RecordHash Hash)
{
    /// <summary>Its SHA-256, when that was known.</summary>
    public ContentDigest? Sha256 { get; init; }

    /// <summary>What was done with the file.</summary>
    public JournalDeed Did { get; init; }

    /// <summary>Its new name, when it was renamed; null otherwise.</summary>
    public string? To { get; init; }

    /// <summary>Reads a line, and checks that its hash is the hash of what it says.</summary>
    /// <param name="line">The line without its line feed.</param>
    /// <param name="record">The record, when true.</param>
    /// <param name="why">What is wrong, when false: "its hash is not that of what it says".</param>
    public static bool TryParse(
        ReadOnlySpan<byte> line, [NotNullWhen(true)] out JournalRecord? record, out string why) =>
        JournalLine.TryParse(line, out record, out why);
}

/// <summary>What the journal says of one stored file: enough to find its record, and to see that it is still
/// the same.</summary>
/// <param name="Sequence">The number of the record.</param>
/// <param name="Hash">Its hash, which depends on every record before it.</param>
public readonly record struct JournalReceipt(long Sequence, RecordHash Hash);
