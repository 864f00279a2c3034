namespace ActorSock.Hocon.Parsing;

/// <summary>What <c>include required(file("x.conf"))</c> says.</summary>
internal sealed record IncludeStatement(HoconOrigin Origin, string Name, bool IsRequired)
{
    /// <summary>Reads the statement; the cursor is at the word <c>include</c>.</summary>
    /// <exception cref="HoconException">It is none, or asks for a URL or the class path.</exception>
    public static IncludeStatement Read(TextCursor cursor)
    {
        var origin = cursor.Here;
        cursor.Advance("include".Length);
        cursor.SkipBlank();
        var closings = 0;
        var isRequired = TryOpen(cursor, "required", ref closings);
        if (cursor.At("url") || cursor.At("classpath"))
            throw new HoconException(cursor.Here,
                "expected a file to include but found a URL or a class path (only files can be included)");
        TryOpen(cursor, "file", ref closings);
        if (!cursor.At('"'))
            throw cursor.Expected("a quoted file name, file(\"...\") or required(...) after 'include'");
        var nameOrigin = cursor.Here;
        var name = StringSyntax.Quoted(cursor);
        for (; closings > 0; closings--)
        {
            cursor.SkipBlank();
            if (!cursor.TryTake(')'))
                throw cursor.Expected("')' after the file name");
        }
        if (name.Length == 0 || name.Contains('\0', StringComparison.Ordinal))
            throw new HoconException(nameOrigin, "expected the name of a file but found an impossible one");
        if (name.Contains("://", StringComparison.Ordinal))
            throw new HoconException(nameOrigin,
                "expected a file to include but found a URL (only files can be included)");
        return new IncludeStatement(origin, name, isRequired);
    }

    private static bool TryOpen(TextCursor cursor, string function, ref int closings)
    {
        if (!cursor.At(function))
            return false;
        cursor.Advance(function.Length);
        cursor.SkipBlank();
        if (!cursor.TryTake('('))
            throw cursor.Expected($"'(' after '{function}'");
        cursor.SkipBlank();
        closings++;
        return true;
    }
}
