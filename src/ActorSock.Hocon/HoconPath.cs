using System.Collections.Immutable;
using System.Text;
using ActorSock.Hocon.Parsing;

namespace ActorSock.Hocon;

/// <summary>Leads from the root of a configuration to a value: <c>a.b."c.d"</c> has three elements.</summary>
public sealed class HoconPath : IEquatable<HoconPath>
{
    /// <summary>Makes a path of elements as they are; nothing in them is special.</summary>
    public HoconPath(params IEnumerable<string> elements)
    {
        Elements = [.. elements];
        if (Elements.IsEmpty)
            throw new ArgumentException("a path has at least one element", nameof(elements));
    }

    /// <summary>The keys from the outermost to the innermost; at least one.</summary>
    public ImmutableArray<string> Elements { get; }

    /// <summary>Reads a path as it is written in a configuration.</summary>
    /// <exception cref="HoconException">It is no path.</exception>
    public static HoconPath Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var cursor = new TextCursor(text, $"path '{Escaped.Excerpt(text)}'");
        cursor.SkipSpaces();
        var elements = PathReader.Read(cursor, "a path");
        return cursor.AtEnd ? new HoconPath(elements) : throw cursor.Expected("'.' or the end of the path");
    }

    /// <summary>
    /// The path as it would be written in a configuration, with quotes where they are needed.
    /// </summary>
    public override string ToString()
    {
        var text = new StringBuilder();
        foreach (var element in Elements)
        {
            if (text.Length > 0)
                text.Append('.');
            text.Append(Escaped.Key(element));
        }
        return text.ToString();
    }

    /// <inheritdoc/>
    public bool Equals(HoconPath? other) =>
        other is not null && Elements.AsSpan().SequenceEqual(other.Elements.AsSpan());

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as HoconPath);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = new HashCode();
        foreach (var element in Elements)
            hash.Add(element, StringComparer.Ordinal);
        return hash.ToHashCode();
    }
}
