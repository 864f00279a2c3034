using System.Globalization;
using ActorSock.Wire;

namespace ActorSock.Cli.Terminal;

/// <summary>Chooses what of a line is seen in one row: all of it, or a window that goes with the cursor.</summary>
/// <remarks>One row whatever the line's length, because only then can it be wiped without knowing how the terminal
/// broke it. The last column stays empty: terminals differ over where the cursor is behind it.</remarks>
internal sealed class LineView
{
    private const int TextColumnsMin = 12;

    private int _first; // the first cluster that is seen

    /// <summary>A row in two parts: the cursor stands between them.</summary>
    internal readonly record struct Row(string Left, string Right);

    public Row Show(string prompt, string text, int cursor, int columns)
    {
        var row = Math.Max(columns - 1, 4);
        var shown = EndOf(prompt, Math.Max(row - TextColumnsMin, row / 2));
        var room = row - CharacterWidth.Of(shown);
        var clusters = Clusters.Of(text);
        var at = clusters.IndexOf(cursor);
        if (clusters.Columns(0, clusters.Count) <= room)
        {
            _first = 0;
            return new Row(shown + clusters.Text(0, at), clusters.Text(at, clusters.Count));
        }

        // A column on either side tells that there is more.
        room -= 2;
        var end = Scroll(clusters, at, room);
        return new Row(
            shown + (_first > 0 ? "<" : "") + clusters.Text(_first, at),
            clusters.Text(at, end) + (end < clusters.Count ? ">" : ""));
    }

    private int Scroll(Clusters clusters, int at, int room)
    {
        _first = Math.Min(_first, at);
        while (_first < at && clusters.Columns(_first, at) > room) _first++;
        while (_first > 0 && clusters.Columns(_first - 1, clusters.Count) <= room) _first--;
        var end = at;
        while (end < clusters.Count && clusters.Columns(_first, end + 1) <= room) end++;
        return end;
    }

    private static string EndOf(string prompt, int columnsMax)
    {
        var clusters = Clusters.Of(prompt);
        var first = 0;
        while (clusters.Columns(first, clusters.Count) > columnsMax) first++;
        return clusters.Text(first, clusters.Count);
    }

    /// <summary>A text by what a person takes for its characters.</summary>
    private sealed class Clusters(string text, List<int> starts, List<int> columns)
    {
        public int Count => starts.Count - 1;

        public static Clusters Of(string text)
        {
            List<int> starts = [0], columns = [0];
            for (var at = 0; at < text.Length;)
            {
                var length = StringInfo.GetNextTextElementLength(text.AsSpan(at));
                columns.Add(columns[^1] + CharacterWidth.Of(Drawn(text.Substring(at, length))));
                at += length;
                starts.Add(at);
            }
            return new Clusters(text, starts, columns);
        }

        public int IndexOf(int place)
        {
            var found = starts.BinarySearch(place);
            return found >= 0 ? found : ~found;
        }

        public int Columns(int first, int end) => columns[end] - columns[first];

        public string Text(int first, int end) => Drawn(text[starts[first]..starts[end]]);

        // A tab, and what a paste may bring: drawn so that the terminal does not obey it and its width is certain.
        private static string Drawn(string part) =>
            part.Any(char.IsControl) ? string.Concat(part.Select(Caret)) : part;

        private static string Caret(char c) =>
            !char.IsControl(c) ? $"{c}" : c < ' ' ? $"^{(char)(c + '@')}" : Escaping.Printable($"{c}");
    }
}
