using System.Text;

namespace ActorSock.Hocon.Parsing;

/// <summary>Reads files for one document: the first and all that it includes.</summary>
internal sealed class Includer(HoconLimits limits)
{
    private static readonly UTF8Encoding StrictUtf8 = new(false, throwOnInvalidBytes: true);

    // The files that are being read, the outermost first: each one includes the next.
    private readonly List<(string Full, string Shown)> _open = [];
    private int _includes;
    private int _chars;

    public HoconLimits Limits { get; } = limits;

    /// <summary>Parses text that is in no file; what it includes must have an absolute path.</summary>
    public Node ParseText(string text, string source)
    {
        Count(text.Length, new HoconOrigin(source, 0, 0));
        return ParseCounted(text, source);
    }

    /// <summary>Parses UTF-8 that is in no file, such as an embedded resource.</summary>
    public Node ParseStream(Stream stream, string source) =>
        ParseCounted(ReadText(stream, source, new HoconOrigin(source, 0, 0)), source);

    /// <summary>Parses a file that must be there.</summary>
    public Node ParseFile(string path)
    {
        var asked = new HoconOrigin(path, 0, 0);
        return Parse(path, [[]], 0, asked)
            ?? throw new HoconException(asked, "expected a configuration file but there is none");
    }

    /// <summary>
    /// The root object of an included file; null when there is no such file and none is required.
    /// </summary>
    public ObjectNode? Include(IncludeStatement statement, IReadOnlyList<string[]> scopes, int depth)
    {
        if (++_includes > Limits.IncludesMax)
            throw HoconLimits.Exceeded(statement.Origin, Limits.IncludesMax, "includes");
        var path = Located(statement);
        var fields = new List<FieldNode>();
        var found = false;
        foreach (var candidate in Candidates(path))
        {
            var node = Parse(candidate, scopes, depth, statement.Origin);
            found |= node is not null;
            if (node is ArrayNode array)
                throw new HoconException(array.Origin, "expected an object to include but found an array");
            if (node is ObjectNode { Fields: var included })
                fields.AddRange(included);
        }
        if (found)
            return new ObjectNode(statement.Origin, fields);
        if (!statement.IsRequired)
            return null;
        throw new HoconException(
            statement.Origin, $"expected the file '{Escaped.Excerpt(path)}' but there is none");
    }

    // A name without extension stands for the JSON file and the HOCON file of that name, the latter over the
    // former.
    private static IEnumerable<string> Candidates(string path)
    {
        if (Path.HasExtension(path))
            return [path];
        string[] formats = [path + ".json", path + ".conf"];
        return Directory.Exists(path) ? formats : [path, .. formats];
    }

    // Relative to the including file, never to the directory that the process happens to run in.
    private string Located(IncludeStatement statement)
    {
        if (Path.IsPathFullyQualified(statement.Name))
            return statement.Name;
        return _open is [.., var including]
            ? Path.Combine(Path.GetDirectoryName(including.Shown) ?? "", statement.Name)
            : throw new HoconException(statement.Origin,
                "expected an absolute path to include but found a relative one, and this text is in no file");
    }

    private Node? Parse(string path, IReadOnlyList<string[]> scopes, int depth, HoconOrigin asked)
    {
        var full = Path.GetFullPath(path);
        if (_open.Any(file => file.Full == full))
            throw new HoconException(
                asked, $"expected no file inside itself but found '{Escaped.Excerpt(path)}' including itself");
        if (ReadText(path, asked) is not { } text)
            return null;
        _open.Add((full, path));
        var root = new HoconParser(new TextCursor(text, path), this, scopes, depth).ParseRoot();
        _open.RemoveAt(_open.Count - 1);
        return root;
    }

    private Node ParseCounted(string text, string source) =>
        new HoconParser(new TextCursor(text, source), this, [[]], 0).ParseRoot();

    // Null when there is no such file; every other trouble is the operator's to know.
    private string? ReadText(string path, HoconOrigin asked)
    {
        try
        {
            using var file = File.OpenRead(path);
            return ReadText(file, path, asked);
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new HoconException(asked, $"cannot read '{Escaped.Excerpt(path)}': {e.Message}", e);
        }
    }

    // In pieces, because a device or a pipe has no length; UTF-8 has at most three bytes for one UTF-16 unit.
    private string ReadText(Stream stream, string source, HoconOrigin asked)
    {
        var bytesMax = 3L * (Limits.DocumentCharsMax - _chars) + 3;
        using var content = new MemoryStream();
        var buffer = new byte[16 * 1024];
        for (int read; (read = stream.Read(buffer)) > 0;)
        {
            content.Write(buffer, 0, read);
            if (content.Length > bytesMax)
                throw TooLong(asked);
        }
        var text = Decoded(content.GetBuffer().AsSpan(0, (int)content.Length), source);
        Count(text.Length, asked);
        return text;
    }

    private static string Decoded(ReadOnlySpan<byte> bytes, string source)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            var before = bytes[..Math.Clamp(e.Index, 0, bytes.Length)];
            var line = before.Count((byte)'\n') + 1;
            var column = before.Length - before.LastIndexOf((byte)'\n');
            throw new HoconException(new(source, line, column), "expected UTF-8 but found other bytes", e);
        }
    }

    private void Count(int chars, HoconOrigin where)
    {
        _chars = (int)Math.Min((long)_chars + chars, int.MaxValue);
        if (_chars > Limits.DocumentCharsMax)
            throw TooLong(where);
    }

    private HoconException TooLong(HoconOrigin where) =>
        HoconLimits.Exceeded(where, Limits.DocumentCharsMax, "characters of configuration");
}
