using System.Diagnostics.CodeAnalysis;
using ActorSock.Files;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Journal;

/// <summary>Reads a journal in order, across its files, also while a node appends to it.</summary>
/// <remarks>
/// Each line is checked by itself; whether they follow each other <see cref="JournalVerifier"/> checks. A last line
/// that is not complete is not there yet. One thread at a time.
/// </remarks>
public sealed class JournalReader : IDisposable
{
    private readonly string _folder;
    private readonly long _from;
    private JournalFile? _current, _next;
    private SafeFileHandle? _handle;
    private LineReader? _lines;
    private long _offset;
    private long _line;

    /// <param name="folder">The folder of the journal, see <see cref="FolderOf"/>.</param>
    /// <param name="from">The number of the first record wanted; those before it are skipped.</param>
    public JournalReader(string folder, long from = 1) => (_folder, _from) = (folder, from);

    /// <summary>Bytes of the line that was not complete when <see cref="TryRead"/> last said false.</summary>
    public int IncompleteBytes { get; private set; }

    /// <summary>The number in the name of the file that the last line was in; 0 before the first.</summary>
    internal long FileFirst { get; private set; }

    /// <summary>The folder of the journal of a root: <c>ROOT/.actorsock/journal</c>.</summary>
    public static string FolderOf(string root) =>
        Path.Combine(Path.GetFullPath(root), NodeFolder.Name, JournalFolder.Name);

    /// <summary>The number of the last record that can be read; 0 when there is none.</summary>
    /// <exception cref="IOException">The folder is not there, or cannot be read.</exception>
    public static long LastSequenceIn(string folder)
    {
        if (JournalFile.AllIn(folder) is not [.., var newest])
            return 0;
        using var file = OwnFile.OpenToRead(newest.Path);
        var line = LineReader.LastIn(file, out _);
        return JournalLine.TryParse(line, out var record, out _) ? record.Sequence : newest.First - 1;
    }

    /// <summary>Reads the next line, whether it is a record or not.</summary>
    /// <returns>False when there is no further line yet; ask again later.</returns>
    /// <exception cref="IOException">The folder is not there, or cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The folder or a file of it may not be read.</exception>
    public bool TryRead([NotNullWhen(true)] out JournalEntry? entry)
    {
        while (TryReadAny(out entry))
        {
            if (entry.Record is not { } record || record.Sequence >= _from)
                return true;
        }
        return false;
    }

    /// <summary>Closes the file that is being read.</summary>
    public void Dispose() => Close();

    private bool TryReadAny([NotNullWhen(true)] out JournalEntry? entry)
    {
        entry = null;
        while ((_current ??= FirstToRead()) is { } current)
        {
            if (TryReadLine(current, out var line))
            {
                entry = EntryOf(current, line);
                return true;
            }
            if (_next is null)
            {
                // Nobody appends to a file any more when there is a next one: then its end is looked for once more.
                _next = JournalFile.After(current, _folder);
                if (_next is not null)
                    continue;
                IncompleteBytes = line.Length;
                Close();
                return false;
            }
            if (!line.IsEmpty)
                entry = EntryOf(current, line); // torn, and not at the end of the journal
            Close();
            (_current, _next, _offset, _line) = (_next, null, 0, 0);
            if (entry is not null)
                return true;
        }
        return false;
    }

    private JournalFile? FirstToRead()
    {
        var files = JournalFile.AllIn(_folder);
        var holding = files.FindLastIndex(file => file.First <= _from);
        return files.Count == 0 ? null : files[Math.Max(0, holding)];
    }

    /// <returns>False when the file has no whole line more; then the line is what it has of the next one.</returns>
    private bool TryReadLine(JournalFile current, out ReadOnlySpan<byte> line)
    {
        line = default;
        if (!TryOpen(current))
            return false;
        var outcome = _lines!.Read(out line);
        if (outcome == LineOutcome.Line)
            _offset += line.Length + 1;
        if (outcome == LineOutcome.TooLong)
        {
            _offset = RandomAccess.GetLength(_handle!);
            _lines = new LineReader(_handle!, _offset);
        }
        return outcome != LineOutcome.End;
    }

    /// <summary>Opens by name after each rest: a node that starts may have begun the file anew.</summary>
    private bool TryOpen(JournalFile current)
    {
        if (_lines is not null)
            return true;
        try
        {
            _handle = OwnFile.OpenToRead(current.Path);
        }
        catch (FileNotFoundException)
        {
            return false; // moved away, or torn so that nothing of it was left
        }
        _lines = new LineReader(_handle, _offset);
        return true;
    }

    private JournalEntry EntryOf(JournalFile file, ReadOnlySpan<byte> line)
    {
        FileFirst = file.First;
        var isRecord = JournalLine.TryParse(line, out var record, out var why);
        return new JournalEntry(file.Name, ++_line, line.ToArray(), isRecord ? record : null, why);
    }

    private void Close()
    {
        _handle?.Dispose();
        (_handle, _lines) = (null, null);
    }
}
