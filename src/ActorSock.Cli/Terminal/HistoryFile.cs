using System.Text;

namespace ActorSock.Cli.Terminal;

/// <summary>A history that outlives the program, in a file that only its user can read.</summary>
/// <remarks>A history is a convenience: where it cannot be read or written there is one in memory only.</remarks>
internal sealed class HistoryFile : History
{
    private const int LinesMax = 1000;

    private readonly string _path;
    private bool _isWritable = true;

    private HistoryFile(string path) : base(LinesMax) => _path = path;

    /// <summary>The history of that name in the user's state folder (XDG Base Directory Specification).</summary>
    public static HistoryFile Open(string name)
    {
        var state = OperatingSystem.IsWindows()
            ? Environment.GetFolderPath(Environment.SpecialFolder.LocalApplicationData)
            : Environment.GetEnvironmentVariable("XDG_STATE_HOME") is ['/', ..] told
                ? told
                : Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".local", "state");
        return At(Path.Combine(state, "actorsock", name + ".history"));
    }

    public static HistoryFile At(string path)
    {
        var history = new HistoryFile(path);
        history.Read();
        return history;
    }

    public override bool Add(string line)
    {
        if (!base.Add(line)) return false;
        if (_isWritable) Write(FileMode.Append, [line]);
        return true;
    }

    private void Read()
    {
        try
        {
            if (!File.Exists(_path)) return;
            var lines = File.ReadAllLines(_path);
            foreach (var line in lines) base.Add(line);
            if (lines.Length <= 2 * LinesMax) return;
            Write(FileMode.Create, Enumerable.Range(0, Count).Select(at => this[at]));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isWritable = false;
        }
    }

    private void Write(FileMode mode, IEnumerable<string> lines)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(_path)!);
            var options = new FileStreamOptions { Mode = mode, Access = FileAccess.Write, Share = FileShare.ReadWrite };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            using var file = new StreamWriter(_path, new UTF8Encoding(false), options);
            foreach (var line in lines) file.WriteLine(line);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            _isWritable = false;
        }
    }
}
