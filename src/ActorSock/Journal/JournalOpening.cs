using System.Buffers;
using ActorSock.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Journal;

/// <summary>What opening found.</summary>
/// <param name="LastSequence">The number of the last record; 0 when there is none.</param>
/// <param name="LastRecord">The last record; null when there is none here.</param>
/// <param name="Cut">What a crash had torn; null when nothing.</param>
internal sealed record JournalOpened(long LastSequence, JournalRecord? LastRecord, JournalCut? Cut);

/// <summary>The end of a journal that a crash tore and opening took away. No whole record that was ever durable
/// is in it.</summary>
/// <param name="File">The name of the file.</param>
/// <param name="Line">The first line that was cut.</param>
/// <param name="Bytes">How much was cut.</param>
/// <param name="Why">What was wrong with that line.</param>
internal sealed record JournalCut(string File, long Line, long Bytes, string Why);

/// <summary>Finds the end of a journal at a start: checks the newest file wholly and its link to the one before,
/// and tells a torn end from damage. Changes nothing.</summary>
internal sealed class JournalOpening
{
    private readonly string _folder;
    private readonly string _what;
    private readonly JournalChain? _mark;
    private readonly bool _cacheIsUnsure;
    private readonly ArrayBufferWriter<byte> _lastLine = new(); // the others leave nothing behind: there are hundreds of thousands

    private JournalOpening(string folder, string what, JournalChain? mark, bool cacheIsUnsure) =>
        (_folder, _what, _mark, _cacheIsUnsure) = (folder, what, mark, cacheIsUnsure);

    /// <summary>The file to append to, when there is one.</summary>
    public JournalFile? Last { get; private set; }

    /// <summary>How much of it stays.</summary>
    public long LastBytes { get; private set; }

    /// <summary>Files behind it, of which a crash left nothing.</summary>
    public List<JournalFile> Emptied { get; } = [];

    public JournalChain Chain { get; private set; }

    /// <summary>The last whole record; null when there is none here.</summary>
    public JournalRecord? LastRecord { get; private set; }

    public JournalCut? Cut { get; private set; }

    /// <exception cref="StorageException">The journal is damaged, or cannot be read.</exception>
    public static JournalOpening Of(string folder, string what, bool cacheIsUnsure)
    {
        var opening = new JournalOpening(folder, what, SyncedMark.Read(folder), cacheIsUnsure);
        opening.Find(JournalFile.AllIn(folder));
        return opening;
    }

    private void Find(List<JournalFile> files)
    {
        // Whoever moved all files away goes on with the chain that they end with.
        Chain = _mark ?? JournalChain.Beginning;
        for (; files.Count > 0; files.RemoveAt(files.Count - 1))
        {
            var last = files[^1];
            LastRecord = null; // that of a file which goes away is none
            Chain = files.Count > 1 ? LinkFrom(files[^2], last) : JournalChain.Before(last);
            if (Chain.Hash is null && _mark is { } mark && mark.Sequence == Chain.Sequence)
                Chain = mark;
            LastBytes = CheckAll(last);
            if (LastBytes > 0 || files.Count == 1)
            {
                Last = last;
                break;
            }
            Emptied.Add(last);
        }
        if (Last is { } kept && Chain.Hash is null)
            throw Damaged(kept, 1, "it is empty, and the file before it is not here to go on from");
        if (_mark is { } durable && Chain.Sequence < durable.Sequence)
            throw Damaged(Last, null, $"it ends with record {Chain.Sequence}, and {durable.Sequence} were durable");
    }

    /// <summary>Where the chain stands behind the last line of a file that another one follows; it was durable
    /// before the other one was made, so nothing in it is torn.</summary>
    private JournalChain LinkFrom(JournalFile before, JournalFile next)
    {
        using var file = OwnFile.OpenToRead(before.Path);
        var line = LineReader.LastIn(file, out var restBytes);
        if (restBytes > 0)
            throw Damaged(before, null, "its last line is not complete");
        if (!JournalLine.TryParse(line, out var record, out var why))
            throw Damaged(before, null, $"its last line: {why}");
        if (WhyNotThatOfMark(JournalLink.Of(record)) is { } other)
            throw Damaged(before, null, $"its last line: {other}");
        if (record.Sequence + 1 != next.First)
            throw Damaged(next, 1, $"record {record.Sequence + 1} is due");
        LastRecord = record;
        return JournalChain.At(JournalLink.Of(record));
    }

    /// <returns>How many bytes of the file are whole; the chain then stands behind them.</returns>
    private long CheckAll(JournalFile last)
    {
        using var file = OwnFile.OpenToRead(last.Path);
        var lines = new LineReader(file);
        _lastLine.ResetWrittenCount();
        var whole = CheckAll(last, file, lines);
        if (_lastLine.WrittenCount > 0)
            LastRecord = JournalLine.TryParse(_lastLine.WrittenSpan, out var record, out _) ? record : null;
        return whole;
    }

    private long CheckAll(JournalFile last, SafeFileHandle file, LineReader lines)
    {
        for (var number = 1L; ; number++)
        {
            var outcome = lines.Read(out var line);
            if (outcome == LineOutcome.End && line.IsEmpty)
                return lines.LineOffset;
            if (WhyNotNext(outcome, line) is not { } why)
                continue;
            // A power failure may leave anything behind what was durable: zeros, or old bytes between new ones.
            var isTorn = _mark is { } mark ? Chain.Sequence >= mark.Sequence : outcome == LineOutcome.End;
            if (!isTorn)
                throw Damaged(last, number, why);
            var bytes = RandomAccess.GetLength(file) - lines.LineOffset;
            Cut = new JournalCut(last.Name, number, bytes + (Cut?.Bytes ?? 0), why);
            return lines.LineOffset;
        }
    }

    private string? WhyNotNext(LineOutcome outcome, ReadOnlySpan<byte> line)
    {
        if (_cacheIsUnsure && _mark is { } mark && Chain.Sequence >= mark.Sequence)
            return "a sync had failed, and the disk may not have it";
        if (outcome != LineOutcome.Line)
            return outcome == LineOutcome.End ? "it is not complete" : "it has no end";
        if (!JournalLine.TryLink(line, out var record, out var why))
            return why;
        if ((Chain.WhyNotNext(record) ?? WhyNotThatOfMark(record)) is { } other)
            return other;
        Chain = JournalChain.At(record);
        _lastLine.ResetWrittenCount();
        _lastLine.Write(line);
        return null;
    }

    private string? WhyNotThatOfMark(in JournalLink record) =>
        _mark is { } mark && mark.Sequence == record.Sequence && mark.Hash != record.Hash
            ? "it is not the record that the node left there"
            : null;

    private StorageException Damaged(JournalFile? file, long? line, string why)
    {
        var where = (file?.Name, line) switch
        {
            (null, _) => "it",
            (var name, null) => name,
            var (name, number) => FormattableString.Invariant($"{name} line {number}"),
        };
        return new StorageException(StorageFault.Failed, _what, $"{where}: {why}",
            "see what 'actorsock journal verify' says, then put a good copy of the file there, or move the folder "
            + $"'{_folder}' away to begin a new journal");
    }
}
