namespace ActorSock.Cli.Terminal;

/// <summary>The lines that were entered, oldest first; the last <c>linesMax</c> of them.</summary>
internal class History(int linesMax = 1000)
{
    private readonly List<string> _lines = [];

    public int Count => _lines.Count;

    public string this[int index] => _lines[index];

    /// <summary>Remembers a line, unless it is blank or the same as the one before.</summary>
    /// <returns>Whether it does.</returns>
    public virtual bool Add(string line)
    {
        if (string.IsNullOrWhiteSpace(line) || (_lines.Count > 0 && _lines[^1] == line)) return false;
        if (_lines.Count == linesMax) _lines.RemoveAt(0);
        _lines.Add(line);
        return true;
    }
}
