using System.Security.Cryptography;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>What lies under a root: files as anybody sees them, records of the journal, part files.</summary>
internal sealed class StoredRoot
{
    private StoredRoot(string root)
    {
        var own = Path.Combine(root, ".actorsock");
        Files = Directory.EnumerateFiles(root, "*", SearchOption.AllDirectories)
            .Where(path => !path.StartsWith(own, StringComparison.Ordinal))
            .ToDictionary(path => Path.GetRelativePath(root, path), StoredFile.Of);
        Records = [.. Directory.GetFiles(Path.Combine(own, "journal"), "journal-*.jsonl").Order(StringComparer.Ordinal)
            .SelectMany(File.ReadLines).Select(Record.Of)];
        Parts = [.. Directory.GetFiles(Path.Combine(own, "staging")).Select(path => Path.GetFileName(path))];
    }

    public IReadOnlyDictionary<string, StoredFile> Files { get; }

    public IReadOnlyList<Record> Records { get; }

    public IReadOnlyList<string> Parts { get; }

    public static StoredRoot Read(string root) => new(root);

    /// <summary>A line of the journal: JOURNAL.md.</summary>
    internal sealed record Record(long Sequence, string Name, StoredFile File)
    {
        public static Record Of(string line)
        {
            using var json = JsonDocument.Parse(line);
            var said = json.RootElement;
            return new Record(said.GetProperty("seq").GetInt64(), said.GetProperty("name").GetString()!,
                new StoredFile(said.GetProperty("size").GetInt64(), said.GetProperty("md5").GetString()!));
        }
    }
}

/// <summary>The content of a file.</summary>
internal sealed record StoredFile(long Bytes, string Digest)
{
    public static StoredFile Of(string path)
    {
        using var file = File.OpenRead(path);
        return new StoredFile(file.Length, Convert.ToHexStringLower(MD5.HashData(file)));
    }
}

internal static class Records
{
    public static bool IsOf(this Sent sent, StoredRoot.Record record) =>
        record.Name == sent.Name && record.File == new StoredFile(sent.Bytes, sent.Digest);
}
