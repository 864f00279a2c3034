using ActorSock.Files;
using ActorSock.Listening;
using ActorSock.Settings;
using ActorSock.Wire;

namespace ActorSock.Access;

/// <summary>The clients' keys, from the file of <c>actorsock.access.keys</c>.</summary>
/// <remarks>Thread-safe. The file is read again when it has changed; one that has become wrong changes nothing, and is told.</remarks>
internal sealed class AccessKeys
{
    /// <summary>A key below so many bytes can be guessed.</summary>
    private const int StrongBytesMin = 16;

    /// <summary>The longest name of a client, which may be the folder of its files.</summary>
    public const int ClientBytesMax = 64;

    private const long FileBytesMax = 16 << 20;

    private readonly string _path;
    private readonly Lock _lock = new();
    private (DateTime Written, long Bytes) _version;
    private KeyLine[] _keys = [];

    private AccessKeys(string path) => _path = path;

    /// <summary>Reads the file; null where no listener asks for a key.</summary>
    /// <exception cref="IOException">it is not there, others may read it, or it is wrong</exception>
    public static AccessKeys? Of(NodeSettings settings)
    {
        if (!ListenerPlan.Of(settings).Any(plan => plan.Challenge))
            return null;
        var keys = new AccessKeys(settings.Access.Keys);
        keys.Load();
        return keys;
    }

    /// <summary>The names of those whose keys are short enough to be guessed.</summary>
    public IReadOnlyList<string> Weak => [.. _keys.Where(key => key.Key.Length < StrongBytesMin).Select(key => key.Name!)];

    /// <summary>Whose key gives this answer; null when nobody's does. It takes as long whoever it is.</summary>
    /// <param name="answer">the client's</param>
    /// <param name="challenge">what it was sent</param>
    /// <param name="refused">why the file, which has changed, is not used; null when it is good</param>
    public string? ClientOf(ReadOnlySpan<byte> answer, ReadOnlySpan<byte> challenge, out string? refused)
    {
        refused = Refresh();
        string? client = null;
        foreach (var key in _keys)
        {
            if (Challenge.IsAnswer(answer, challenge, key.Key))
                client = key.Name;
        }
        return client;
    }

    private string? Refresh()
    {
        lock (_lock)
        {
            try
            {
                if (VersionNow() != _version)
                    Load();
                return null;
            }
            catch (IOException e)
            {
                _version = default;
                return e.Message;
            }
        }
    }

    private (DateTime, long) VersionNow() =>
        new FileInfo(_path) is { Exists: true } file ? (file.LastWriteTimeUtc, file.Length) : default;

    private void Load()
    {
        var version = VersionNow();
        if (version == default)
            throw Wrong("it is not there", "make it, with a line NAME KEY for each client");
        if (!OperatingSystem.IsWindows() && (File.GetUnixFileMode(_path) & ~(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute)) != 0)
            throw Wrong("others than its owner have rights to it", $"chmod 600 {_path}");
        if (version.Item2 > FileBytesMax)
            throw Wrong($"it has more than {FileBytesMax} bytes", "name another file");
        var keys = new List<KeyLine>();
        var number = 0;
        foreach (var line in Lines())
        {
            number++;
            KeyLine.Read(line, out var read, out var why);
            why ??= read is null ? null : WhyNot(read, keys);
            if (why is not null)
                throw Wrong($"line {number}: {why}", "mend that line");
            if (read is not null)
                keys.Add(read);
        }
        if (keys.Count == 0)
            throw Wrong("it has no key", "add a line NAME KEY for each client");
        (_keys, _version) = ([.. keys], version);
    }

    private string[] Lines()
    {
        try
        {
            return File.ReadAllLines(_path);
        }
        catch (UnauthorizedAccessException)
        {
            throw Wrong("it may not be read", "give it to the user that the node runs as");
        }
    }

    private static string? WhyNot(KeyLine read, List<KeyLine> before) => read.Name switch
    {
        null => "it has only one word: NAME KEY",
        var name when !FileName.TryConfine(name, ClientBytesMax, out var folder, out _) || folder.Value != name || !folder.HasNoFolders =>
            "its name cannot be that of a folder: the client's files would lie there",
        var name when before.Exists(other => other.Name == name) => "that name has a key already",
        _ when before.Exists(other => other.Key.AsSpan().SequenceEqual(read.Key)) => "another client has the same key",
        _ => null,
    };

    private IOException Wrong(string why, string what) =>
        new($"cannot use the keys '{_path}': {why}: {what}, or set actorsock.access.keys");
}
