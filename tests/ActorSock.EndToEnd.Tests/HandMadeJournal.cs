using System.Security.Cryptography;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests;

/// <summary>A journal written by JOURNAL.md alone, in a root of its own.</summary>
internal sealed class HandMadeJournal : IDisposable
{
    private static readonly JsonSerializerOptions s_plain =
        new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorsock-journal-");
    private string _file = "";
    private string _previous = new('0', 64);
    private long _last;

    public HandMadeJournal()
    {
        Directory.CreateDirectory(Journal);
        BeginFile();
    }

    /// <summary>Where commands are run; the root is in it.</summary>
    public string Folder => _folder.FullName;

    public string Root => Path.Combine(Folder, "inbox");

    public string Journal => Path.Combine(Root, ".actorsock", "journal");

    public string LastHash => _previous;

    public List<string> Lines { get; } = [];

    public void Dispose() => _folder.Delete(recursive: true);

    public void BeginFile() => _file = Path.Combine(Journal, $"journal-{_last + 1:D16}.jsonl");

    /// <summary>Stores a file and writes it down.</summary>
    public void Store(string name, string content, string client = "tcp://192.0.2.7:5000")
    {
        var path = Path.Combine(Root, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, content);
        Add(name, client, content);
    }

    /// <summary>Writes it down only; each record is a minute after the one before.</summary>
    /// <param name="name">Of the file.</param>
    /// <param name="client">Who asked for it.</param>
    /// <param name="content">Of the file.</param>
    /// <param name="md5">What stands for its MD5, when that is another thing.</param>
    /// <param name="more">Fields behind it.</param>
    public void Add(
        string name, string client = "tcp://192.0.2.7:5000", string content = "", string? md5 = null, string? more = null)
    {
        var bytes = Encoding.UTF8.GetBytes(content);
        var time = $"2026-11-20T12:{++_last % 60:D2}:00.0000000Z";
        md5 ??= Quoted(Convert.ToHexStringLower(MD5.HashData(bytes)));
        more = more is null ? "" : $",{more}";
        var said = $$"""{"seq":{{_last}},"time":"{{time}}","client":{{Quoted(client)}},"name":{{Quoted(name)}}"""
            + $$""","size":{{bytes.Length}},"md5":{{md5}}{{more}},"prev":"{{_previous}}""" + "\"";
        _previous = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(said)));
        Lines.Add($"{said},\"hash\":\"{_previous}\"}}");
        File.AppendAllText(_file, Lines[^1] + "\n");
    }

    public void AppendRaw(string text) => File.AppendAllText(_file, text);

    public Task<Executable.Ended> Run(params string[] args) => Executable.Run(Folder, ["journal", .. args]);

    private static string Quoted(string text) => JsonSerializer.Serialize(text, s_plain);
}
