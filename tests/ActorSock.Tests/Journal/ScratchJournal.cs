using System.Security.Cryptography;
using System.Text;
using ActorSock.Journal;
using ActorSock.Settings;
using ActorSock.Wire;

namespace ActorSock.Tests.Journal;

/// <summary>A journal in a node's folder of its own, and the words to fill and to harm it.</summary>
internal sealed class ScratchJournal : IDisposable
{
    public static readonly DateTimeOffset Noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly DirectoryInfo _root = Directory.CreateTempSubdirectory("actorsock-journal-");

    public ScratchJournal(long fileBytesMax = 1 << 20)
    {
        Directory.CreateDirectory(NodeFolder);
        Settings = new JournalSettings { FileBytesMax = fileBytesMax, LogBytes = 256 << 10, CheckpointInterval = TimeSpan.FromSeconds(5) };
    }

    public string Root => _root.FullName;

    public string NodeFolder => Path.Combine(Root, ".actorsock");

    public string Folder => Path.Combine(NodeFolder, "journal");

    public string Mark => Path.Combine(Folder, "synced");

    public JournalSettings Settings { get; set; }

    /// <summary>The journal's files, the oldest first.</summary>
    public string[] Files => [.. Directory.GetFiles(Folder, "journal-*").Order(StringComparer.Ordinal)];

    public string[] FileNames => [.. Files.Select(file => Path.GetFileName(file))];

    public string[] Lines => [.. Files.SelectMany(File.ReadAllLines)];

    public JournalRecord[] Records => [.. Lines.Select(Read)];

    public void Dispose() => _root.Delete(recursive: true);

    public JournalFolder Open() => Open(out _);

    public JournalFolder Open(out JournalOpened opened, bool cacheIsUnsure = false) =>
        JournalFolder.Open(NodeFolder, Settings, out opened, cacheIsUnsure, static sync => sync());

    /// <summary>Opens, appends so many, and closes; synced or only flushed.</summary>
    public ScratchJournal With(int records, bool synced = true)
    {
        using var journal = Open();
        Append(journal, records);
        if (synced)
            journal.Sync();
        else
            journal.Flush();
        return this;
    }

    /// <summary>Appends so many; what they say depends on their number alone.</summary>
    public static void Append(JournalFolder journal, int records)
    {
        for (; records > 0; records--)
            Append(journal);
    }

    public static JournalReceipt Append(JournalFolder journal)
    {
        var number = journal.LastSequence + 1;
        return journal.Append(
            new(Noon.AddSeconds(number), "tcp://127.0.0.1:5000", $"数据/{number}.bin", number, Md5Of(number)));
    }

    public static Md5Digest Md5Of(long number) =>
        Md5Digest.FromBytes(MD5.HashData(Encoding.UTF8.GetBytes(number.ToString())));

    public static JournalRecord Read(string line) => Read(Encoding.UTF8.GetBytes(line));

    public static JournalRecord Read(ReadOnlySpan<byte> line) =>
        JournalRecord.TryParse(line, out var record, out var why) ? record : throw new FormatException(why);
}
