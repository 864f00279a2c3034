using ActorSock.Wire;

namespace ActorSock.Journal;

/// <summary>What of an entry of the commit log is read when nothing is to be done about it yet.</summary>
/// <param name="Number">Its place among all commits.</param>
/// <param name="Kind">What it says.</param>
/// <param name="Time">When; no two commits have the same.</param>
/// <param name="Digest">That of the file; null when it is not known.</param>
/// <param name="Voided">Of a void entry: the number that it takes back.</param>
/// <param name="Name">The name of the file in UTF-8; the log's, until the next entry.</param>
/// <param name="OtherName">The new name of one that is renamed, or that of the part file; likewise.</param>
/// <param name="Bytes">The entry; the log's, until the next one.</param>
internal readonly record struct EntryHead(
    long Number, CommitKind Kind, DateTimeOffset Time, Md5Digest? Digest, long Voided,
    ReadOnlyMemory<byte> Name, ReadOnlyMemory<byte> OtherName, ReadOnlyMemory<byte> Bytes);
