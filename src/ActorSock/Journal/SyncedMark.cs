using System.Globalization;
using Microsoft.Win32.SafeHandles;

namespace ActorSock.Journal;

/// <summary>Remembers up to which record the journal was made durable, so that a start can tell what a crash
/// tore, which is cut, from what somebody damaged, which is not.</summary>
/// <remarks>
/// One line of fixed length that is written over in place, after the journal's own sync and without one of its
/// own: an older mark only says less. JOURNAL.md, "What a crash leaves".
/// </remarks>
internal sealed class SyncedMark : IDisposable
{
    public const string Name = "synced";

    private const int SequenceDigits = 19;
    private const int Bytes = SequenceDigits + 1 + RecordHash.HexDigitsCount + 1;

    private readonly SafeFileHandle _file;

    private SyncedMark(SafeFileHandle file) => _file = file;

    /// <summary>The number of the last durable record.</summary>
    public long Sequence { get; private set; }

    /// <summary>What the mark says; null when there is none, or when a crash left it unreadable.</summary>
    public static JournalChain? Read(string folder)
    {
        var path = Path.Combine(folder, Name);
        if (!File.Exists(path))
            return null;
        using var file = OwnFile.OpenToRead(path);
        Span<byte> line = stackalloc byte[Bytes + 1];
        var isMark = RandomAccess.Read(file, line, 0) == Bytes;
        line = line[..Bytes];
        return isMark && line[SequenceDigits] == ' ' && line[^1] == '\n'
            && long.TryParse(line[..SequenceDigits], NumberStyles.None, CultureInfo.InvariantCulture, out var sequence)
            && RecordHash.TryParse(line[(SequenceDigits + 1)..^1], out var hash)
                ? new JournalChain(sequence, hash)
                : null;
    }

    /// <summary>Opens the mark for writing, with what is durable now.</summary>
    public static SyncedMark Open(string folder, long sequence, RecordHash hash)
    {
        var mark = new SyncedMark(OwnFile.Open(Path.Combine(folder, Name), FileMode.OpenOrCreate));
        try
        {
            mark.Write(sequence, hash);
            RandomAccess.SetLength(mark._file, Bytes);
            OwnFile.Sync(mark._file, JournalFolder.What);
            return mark;
        }
        catch
        {
            mark.Dispose();
            throw;
        }
    }

    public void Write(long sequence, RecordHash hash)
    {
        Span<byte> line = stackalloc byte[Bytes];
        sequence.TryFormat(line, out _, "D19", CultureInfo.InvariantCulture);
        line[SequenceDigits] = (byte)' ';
        hash.WriteHex(line[(SequenceDigits + 1)..]);
        line[^1] = (byte)'\n';
        RandomAccess.Write(_file, line, 0);
        Sequence = sequence;
    }

    public void Dispose() => _file.Dispose();
}
