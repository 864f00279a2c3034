namespace ActorSock.Journal;

/// <summary>What checking a journal found.</summary>
/// <param name="Records">Records that were whole, up to the fault when there is one.</param>
/// <param name="Files">Files that were looked into.</param>
/// <param name="Bytes">Bytes of these records.</param>
/// <param name="First">The first record; null when there is none.</param>
/// <param name="Last">The last whole record; null when there is none.</param>
/// <param name="IncompleteBytes">Bytes at the very end that are no whole line: a node is writing it, or a crash tore
/// it; then the node cuts it off when it starts.</param>
/// <param name="Fault">The first fault; null when the journal is whole.</param>
public sealed record JournalVerdict(
    long Records, int Files, long Bytes, JournalRecord? First, JournalRecord? Last, int IncompleteBytes,
    JournalFault? Fault);

/// <summary>The first thing that is wrong with a journal.</summary>
/// <param name="File">The name of the file; null when something is missing behind the last one.</param>
/// <param name="Line">The line in it.</param>
/// <param name="Why">What is wrong: "its hash is not that of what it says".</param>
public sealed record JournalFault(string? File, long? Line, string Why)
{
    /// <summary>As a person reads it.</summary>
    public override string ToString() => (File, Line) switch
    {
        (null, _) => Why,
        (_, null) => $"{File}: {Why}",
        _ => FormattableString.Invariant($"{File} line {Line}: {Why}"),
    };
}

/// <summary>Checks a journal from its first line to its last: each hash, each link to the record before, no number
/// left out, no file missing, and that nothing is gone from the end that the node once made durable.</summary>
/// <remarks>Only reads; a node may be appending meanwhile.</remarks>
public sealed class JournalVerifier
{
    private readonly string _folder;
    private readonly Action<JournalRecord> _each;
    private readonly JournalChain? _mark;
    private JournalChain _chain;
    private JournalRecord? _first, _last;
    private long _records, _bytes;
    private int _files;

    private JournalVerifier(string folder, Action<JournalRecord> each) =>
        // The mark before the files: what is in it is in them by then.
        (_folder, _each, _mark) = (folder, each, SyncedMark.Read(folder));

    /// <summary>Checks a journal up to the first fault.</summary>
    /// <param name="folder">Its folder, see <see cref="JournalReader.FolderOf"/>.</param>
    /// <param name="each">Gets each record that is whole, in order.</param>
    /// <param name="cancelled">Ends it before.</param>
    /// <exception cref="IOException">The folder is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file of it may not be read.</exception>
    public static JournalVerdict Verify(
        string folder, Action<JournalRecord>? each = null, CancellationToken cancelled = default) =>
        new JournalVerifier(folder, each ?? (_ => { })).Verify(cancelled);

    private JournalVerdict Verify(CancellationToken cancelled)
    {
        using var reader = new JournalReader(_folder);
        JournalFault? fault = null;
        for (var file = 0L; fault is null && reader.TryRead(out var entry);)
        {
            cancelled.ThrowIfCancellationRequested();
            if (reader.FileFirst != file)
            {
                file = reader.FileFirst;
                fault = BeginFile(entry.File, file);
            }
            fault ??= Take(entry);
        }
        fault ??= WhatIsGone();
        return new JournalVerdict(
            _records, _files, _bytes, _first, _last, fault is null ? reader.IncompleteBytes : 0, fault);
    }

    /// <summary>Whether the end is missing. Where all files were moved away the journal goes on without them.</summary>
    private JournalFault? WhatIsGone()
    {
        if (_mark is not { } mark || JournalFile.AllIn(_folder) is not [var oldest, ..])
            return null;
        var end = _last?.Sequence ?? oldest.First - 1;
        return end >= mark.Sequence ? null : new JournalFault(null, null,
            FormattableString.Invariant($"it ends with record {end}, and {mark.Sequence} were durable"));
    }

    private JournalFault? BeginFile(string name, long first)
    {
        if (_files++ == 0)
            _chain = first == 1 ? JournalChain.Beginning : new JournalChain(first - 1, null);
        else if (first != _chain.Sequence + 1)
            return new JournalFault(name, null, FormattableString.Invariant(
                $"record {_chain.Sequence + 1} is due, and by its name it begins with {first}"));
        return null;
    }

    private JournalFault? Take(JournalEntry entry)
    {
        if (entry.Record is not { } record)
            return new JournalFault(entry.File, entry.Line, entry.Why);
        if (_chain.WhyNotNext(JournalLink.Of(record)) is { } why)
            return new JournalFault(entry.File, entry.Line, why);
        if (_mark is { } mark && mark.Sequence == record.Sequence && mark.Hash != record.Hash)
            return new JournalFault(entry.File, entry.Line, "it is not the record that the node left there");
        _chain = JournalChain.At(JournalLink.Of(record));
        _first ??= record;
        _last = record;
        _records++;
        _bytes += entry.Bytes.Length + 1;
        _each(record);
        return null;
    }
}
