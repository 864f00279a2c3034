using System.Globalization;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>Keeps the books of one client that alone uses a folder: what was acknowledged, and what may have happened besides.</summary>
internal sealed class ChangedFiles(string folder)
{
    private readonly List<(long Sequence, string Hash)> _receipts = [];
    private Dictionary<string, StoredFile>? _possible; // when the request that is under way is done

    /// <summary>With <c>/</c> at its end.</summary>
    public string Folder => folder;

    /// <summary>What is there by what was acknowledged.</summary>
    public Dictionary<string, StoredFile> Now { get; private set; } = [];

    public int AcknowledgedCount => _receipts.Count;

    /// <summary>The name that a new file gets; null when it is refused.</summary>
    public string? NameFor(string name, string exists)
    {
        if (exists == "replace" || !Now.ContainsKey(name))
            return name;
        if (exists == "refuse")
            return null;
        var dot = name.LastIndexOf('.');
        var (stem, ending) = dot > name.LastIndexOf('/') + 1 ? (name[..dot], name[dot..]) : (name, "");
        var number = 2;
        while (Now.ContainsKey(Numbered()))
            number++;
        return Numbered();

        string Numbered() => string.Create(CultureInfo.InvariantCulture, $"{stem} ({number}){ending}");
    }

    public void Begin(Action<Dictionary<string, StoredFile>> change)
    {
        _possible = new Dictionary<string, StoredFile>(Now);
        change(_possible);
    }

    public void End(long sequence, string hash)
    {
        _receipts.Add((sequence, hash));
        (Now, _possible) = (_possible!, null);
    }

    /// <summary>
    /// What is in the folder is what was acknowledged, or that and the last request; it is what the journal says, and that has every
    /// line that was acknowledged.
    /// </summary>
    public void ShouldBeKeptBy(StoredRoot root, IReadOnlyList<JsonElement> journal)
    {
        var found = root.Files.Where(IsOurs).ToDictionary();
        if (_possible is { } possible && Lines(found) == Lines(possible))
            Now = possible;
        _possible = null;
        Lines(found).ShouldBe(Lines(Now));
        Lines(Folded(journal)).ShouldBe(Lines(found), "the journal tells another story");
        foreach (var (sequence, hash) in _receipts)
            journal[(int)sequence - 1].GetProperty("hash").GetString().ShouldBe(hash);
    }

    private Dictionary<string, StoredFile> Folded(IReadOnlyList<JsonElement> journal)
    {
        var files = new Dictionary<string, StoredFile>();
        foreach (var line in journal)
        {
            var name = line.GetProperty("name").GetString()!;
            var file = new StoredFile(line.GetProperty("size").GetInt64(), line.GetProperty("md5").GetString()!);
            var did = line.TryGetProperty("did", out var deed) ? deed.GetString() : null;
            if (did is not null)
                files.Remove(name);
            if (did != "deleted")
                files[did == "renamed" ? line.GetProperty("to").GetString()! : name] = file;
        }
        return files.Where(IsOurs).ToDictionary();
    }

    private bool IsOurs(KeyValuePair<string, StoredFile> file) => file.Key.StartsWith(folder, StringComparison.Ordinal);

    private static string Lines(Dictionary<string, StoredFile> files) =>
        string.Join('\n', files.OrderBy(file => file.Key, StringComparer.Ordinal).Select(file => $"{file.Key} {file.Value}"));
}
