using System.Text;

namespace ActorSock.Hocon.Parsing;

/// <summary>Reads a path as it stands in keys and substitutions: <c>a.b."c.d"</c>.</summary>
internal static class PathReader
{
    /// <summary>
    /// Reads up to the first character that cannot be in a path. White space inside an element belongs to it
    /// (<c>a b = 1</c> is the key "a b"), around the path it does not.
    /// </summary>
    public static List<string> Read(TextCursor cursor, string what)
    {
        var elements = new List<string>();
        var element = new StringBuilder();
        var isQuoted = false;
        var spaces = "";
        if (!AtPiece(cursor))
            throw cursor.Expected(what);
        while (AtPiece(cursor))
        {
            element.Append(spaces);
            if (cursor.At('"'))
            {
                element.Append(StringSyntax.Quoted(cursor));
                isQuoted = true;
            }
            else if (cursor.At('.'))
            {
                End();
                cursor.Advance();
            }
            else
                element.Append(WordUpToDot(cursor));
            spaces = cursor.SkipSpaces();
        }
        End();
        return elements;

        void End()
        {
            if (element.Length == 0 && !isQuoted)
                throw cursor.Expected("a name before or after each '.' (an empty one is written \"\")");
            elements.Add(element.ToString());
            element.Clear();
            isQuoted = false;
        }
    }

    private static bool AtPiece(TextCursor cursor) => cursor.At('"') || StringSyntax.AtWord(cursor);

    private static string WordUpToDot(TextCursor cursor)
    {
        var start = cursor.Position;
        while (StringSyntax.AtWord(cursor) && !cursor.At('.'))
            cursor.Advance();
        return cursor.From(start);
    }
}
