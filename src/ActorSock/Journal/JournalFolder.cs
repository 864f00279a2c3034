using System.Buffers;
using ActorSock.Files;
using ActorSock.Settings;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Journal;

/// <summary>Appends to the journal of a root, <c>ROOT/.actorsock/journal</c>. JOURNAL.md defines its files.</summary>
/// <remarks>
/// One thread appends and flushes; <see cref="SyncFlushed"/> may run on another one meanwhile. What was appended
/// and not flushed is gone with the object: the commit log has it. After a <see cref="StorageException"/> nothing
/// more can be done with it, because what is in the file is not known: dispose it and open another one, which
/// cuts half lines off.
/// </remarks>
internal sealed class JournalFolder : IDisposable
{
    public const string Name = "journal";

    public const string What = "cannot write the journal";

    private readonly string _folder;
    private readonly JournalSettings _settings;
    private readonly Action<Action> _sync;
    private readonly ArrayBufferWriter<byte> _lines = new(64 << 10);
    private readonly List<(int Offset, long First)> _files = [];
    private readonly SyncedMark _mark;

    // Held while a file is made durable, and while it is closed.
    private readonly Lock _syncing = new();
    private readonly Lock _state = new();
    private SafeFileHandle? _file;
    private long _fileBytes;
    private (long Sequence, RecordHash Hash) _flushed;
    private volatile bool _isBroken;

    // What the file will have when everything is flushed; null when there is none yet.
    private long? _fileBytesSoon;

    private JournalFolder(string folder, JournalSettings settings, Action<Action> sync, JournalOpening found)
    {
        (_folder, _settings, _sync) = (folder, settings, sync);
        (LastSequence, LastHash) = (found.Chain.Sequence, found.Chain.Hash!.Value);
        _flushed = (LastSequence, LastHash);
        try
        {
            if (found.Last is { } last)
            {
                _file = OwnFile.Open(last.Path, FileMode.Open);
                RandomAccess.SetLength(_file, found.LastBytes);
                _sync(() => OwnFile.Sync(_file, What));
                _fileBytesSoon = _fileBytes = found.LastBytes;
            }
            _mark = SyncedMark.Open(folder, LastSequence, LastHash);
            _sync(() => OwnFile.SyncFolder(folder, What));
        }
        catch
        {
            _file?.Dispose();
            _mark?.Dispose();
            throw;
        }
    }

    /// <summary>The number of the last record that was appended; 0 before the first.</summary>
    public long LastSequence { get; private set; }

    /// <summary>Its hash.</summary>
    public RecordHash LastHash { get; private set; }

    /// <summary>Opens the journal of a node, or begins one; checks its newest file wholly, cuts off what a crash
    /// tore, and makes all that is there durable.</summary>
    /// <param name="nodeFolder"><c>ROOT/.actorsock</c>, which is there.</param>
    /// <param name="settings">The settings.</param>
    /// <param name="opened">What was found, and what was cut.</param>
    /// <param name="cacheIsUnsure">A sync had failed since the machine started, so that what reads well may not be on the
    /// disk, and never will be: what was not durable before is cut, to be written again from the commit log.</param>
    /// <param name="sync">Carries out what is to make something durable, and remembers when that fails: see
    /// <see cref="CommitLog.Sync"/>.</param>
    /// <exception cref="StorageException">It is damaged, and nothing was changed; or it cannot be opened.</exception>
    public static JournalFolder Open(
        string nodeFolder, JournalSettings settings, out JournalOpened opened, bool cacheIsUnsure, Action<Action> sync)
    {
        var folder = Path.Combine(nodeFolder, Name);
        var what = $"cannot open the journal '{folder}'";
        OwnFile.MakeFolder(nodeFolder, Name, what);
        (var journal, opened) = SystemWords.Try(what, () =>
        {
            var found = JournalOpening.Of(folder, what, cacheIsUnsure);
            found.Emptied.ForEach(file => File.Delete(file.Path));
            return (new JournalFolder(folder, settings, sync, found), new JournalOpened(found.Chain.Sequence, found.LastRecord, found.Cut));
        });
        return journal;
    }

    /// <summary>Adds a record to those that the next <see cref="Flush"/> writes.</summary>
    /// <exception cref="ArgumentException">Client or name has half a character; nothing was added.</exception>
    public JournalReceipt Append(in JournalNote note)
    {
        ThrowIfBroken();
        var sequence = LastSequence + 1;
        var before = _lines.WrittenCount;
        LastHash = JournalLine.Append(_lines, sequence, note, LastHash);
        LastSequence = sequence;
        var bytes = _lines.WrittenCount - before;
        if (_fileBytesSoon is not { } soon || (soon > 0 && soon + bytes > _settings.FileBytesMax))
        {
            _files.Add((before, sequence));
            _fileBytesSoon = 0;
        }
        _fileBytesSoon += bytes;
        return new JournalReceipt(sequence, LastHash);
    }

    /// <summary>Hands everything that was appended to the system, in one write for each file; then it outlives
    /// this process, but no power failure.</summary>
    /// <exception cref="StorageException">It could not, or only in part.</exception>
    public void Flush()
    {
        ThrowIfBroken();
        if (_lines.WrittenCount == 0)
            return;
        try
        {
            WriteLines();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw Broken(e);
        }
        _files.Clear();
        _lines.ResetWrittenCount();
        lock (_state)
            _flushed = (LastSequence, LastHash);
    }

    /// <summary>Makes everything that was appended durable.</summary>
    /// <exception cref="StorageException">It could not.</exception>
    public void Sync()
    {
        Flush();
        SyncFlushed();
    }

    /// <summary>Makes everything durable that had been flushed when this was called; on any thread.</summary>
    /// <exception cref="StorageException">It could not. Trying again would lie: the kernel forgets what it
    /// failed to write (fsync(2)).</exception>
    public void SyncFlushed()
    {
        ThrowIfBroken();
        lock (_syncing)
        {
            (long Sequence, RecordHash Hash) flushed;
            lock (_state)
                flushed = _flushed;
            try
            {
                MakeDurable(flushed.Sequence, flushed.Hash);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw Broken(e);
            }
        }
    }

    public void Dispose()
    {
        lock (_syncing)
        {
            _isBroken = true;
            _file?.Dispose();
            _mark.Dispose();
        }
    }

    private void WriteLines()
    {
        var written = 0;
        foreach (var (offset, first) in _files)
        {
            Write(_lines.WrittenSpan[written..offset]);
            written = offset;
            BeginFile(first);
        }
        Write(_lines.WrittenSpan[written..]);
    }

    private void Write(ReadOnlySpan<byte> lines)
    {
        if (lines.IsEmpty)
            return;
        RandomAccess.Write(_file!, lines, _fileBytes);
        _fileBytes += lines.Length;
    }

    /// <summary>Begins a file when the one before is durable, so that only the newest one can ever be torn.</summary>
    private void BeginFile(long first)
    {
        lock (_syncing)
        {
            if (_file is not null)
                _sync(() => OwnFile.Sync(_file, What));
            var next = OwnFile.Open(JournalFile.In(_folder, first).Path, FileMode.CreateNew);
            _file?.Dispose();
            (_file, _fileBytes) = (next, 0);
            _sync(() => OwnFile.SyncFolder(_folder, What));
        }
    }

    private void MakeDurable(long sequence, RecordHash hash)
    {
        if (_file is null || sequence <= _mark.Sequence)
            return;
        OwnFile.Sync(_file, What);
        _mark.Write(sequence, hash);
    }

    private StorageException Broken(Exception cause)
    {
        _isBroken = true;
        return cause as StorageException ?? SystemWords.Refuses(What, cause);
    }

    private void ThrowIfBroken()
    {
        if (_isBroken)
            throw new InvalidOperationException("the journal has failed or is closed: open it again");
    }
}
