namespace ActorSock.Journal;

/// <summary>One line as it stands in a file of the journal.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Line">The number of the line in it, from 1.</param>
/// <param name="Bytes">The line without its line feed.</param>
/// <param name="Record">What it says; null when it is no record, or is damaged.</param>
/// <param name="Why">Why it is none: "its hash is not that of what it says"; empty when it is one.</param>
public sealed record JournalEntry(
    string File, long Line, ReadOnlyMemory<byte> Bytes, JournalRecord? Record, string Why);
