namespace ActorSock.Hocon.Parsing;

/// <summary>Turns the text of one file into a tree of <see cref="Node"/>s.</summary>
/// <remarks>
/// Recursive descent; the depth is limited, so the stack is safe. <c>scopes</c> are the places at which this
/// file is included, the innermost first (see <see cref="SubstitutionNode"/>); its own root is the last of
/// them.
/// </remarks>
internal sealed class HoconParser(
    TextCursor cursor, Includer includer, IReadOnlyList<string[]> scopes, int depth)
{
    // Reserved, and more likely to be meant as a part of a value than as a mark between two.
    private const string NeedsQuotes = ":=+?!@*&^`\\";

    private readonly HoconLimits _limits = includer.Limits;
    private readonly List<string> _path = [];
    private int _depth = depth;
    private int _arrays;

    /// <summary>Reads the whole text: an object with or without braces, or an array.</summary>
    public Node ParseRoot()
    {
        cursor.SkipBlank();
        Node root = cursor.Current switch
        {
            '{' => ParseObject(),
            '[' => ParseArray(),
            _ => ParseBareFields(),
        };
        cursor.SkipBlank();
        return cursor.AtEnd ? root : throw cursor.Expected("nothing more after the root value");
    }

    private ObjectNode ParseBareFields()
    {
        Descend();
        return ParseFields(cursor.Here, closing: null);
    }

    private ObjectNode ParseObject()
    {
        var origin = cursor.Here;
        Descend();
        cursor.Advance();
        var node = ParseFields(origin, closing: '}');
        cursor.Advance();
        _depth--;
        return node;
    }

    private ObjectNode ParseFields(HoconOrigin origin, char? closing)
    {
        var fields = new List<FieldNode>();
        cursor.SkipBlank();
        while (!AtClosing(closing, origin))
        {
            ParseField(fields);
            ParseSeparator(closing, "'}'");
        }
        return new ObjectNode(origin, fields);
    }

    private ArrayNode ParseArray()
    {
        var origin = cursor.Here;
        Descend();
        _arrays++;
        cursor.Advance();
        cursor.SkipBlank();
        var items = new List<Node>();
        while (!AtClosing(']', origin))
        {
            items.Add(ParseValue("a value or ']'"));
            ParseSeparator(']', "']'");
        }
        cursor.Advance();
        _arrays--;
        _depth--;
        return new ArrayNode(origin, items);
    }

    private bool AtClosing(char? closing, HoconOrigin opening)
    {
        if (!cursor.AtEnd)
            return closing is { } c && cursor.At(c);
        return closing is null
            ? true
            : throw new HoconException(cursor.Here,
                $"expected '{closing}' for the '{(closing == '}' ? '{' : '[')}' of line {opening.Line}"
                + " but found the end of the text");
    }

    // After an element: one comma, or a newline, or the end. A comma may come after the newline, but not a
    // second one.
    private void ParseSeparator(char? closing, string closingName)
    {
        var newline = cursor.SkipBlank();
        if (cursor.TryTake(','))
        {
            cursor.SkipBlank();
            if (cursor.At(','))
                throw cursor.Expected("one comma between two elements");
            return;
        }
        if (newline || cursor.AtEnd || (closing is { } c && cursor.At(c)))
            return;
        var quoteIt = NeedsQuotes.Contains(cursor.Current, StringComparison.Ordinal)
            ? " (a string with this character needs quotes)"
            : "";
        var expected = closing is null ? "a comma or a new line" : $"a comma, a new line or {closingName}";
        var error = cursor.Expected(expected);
        throw new HoconException(error.Origin, error.Problem + quoteIt);
    }

    private void ParseField(List<FieldNode> fields)
    {
        if (StringSyntax.AtWord(cursor, "include"))
        {
            ParseInclude(fields);
            return;
        }
        var origin = cursor.Here;
        var key = PathReader.Read(cursor, "a key");
        _depth += key.Count - 1;
        CheckDepth(origin);
        _path.AddRange(key);
        cursor.SkipBlank();
        var value = ParseFieldValue();
        _path.RemoveRange(_path.Count - key.Count, key.Count);
        _depth -= key.Count - 1;

        for (var i = key.Count - 1; i > 0; i--)
            value = new ObjectNode(origin, [new FieldNode(key[i], value)]);
        fields.Add(new FieldNode(key[0], value));
    }

    private Node ParseFieldValue()
    {
        if (cursor.At('{'))
            return ParseValue("a value");
        var origin = cursor.Here;
        if (cursor.At("+="))
        {
            cursor.Advance(2);
            cursor.SkipBlank();
            return new AppendNode(origin, ParseValue("a value after '+='"));
        }
        if (!cursor.At(':') && !cursor.At('='))
            throw cursor.Expected("'=', ':', '+=' or '{' after the key");
        var separator = cursor.Current;
        cursor.Advance();
        cursor.SkipBlank();
        return ParseValue($"a value after '{separator}'");
    }

    private Node ParseValue(string what)
    {
        var origin = cursor.Here;
        var parts = new List<Node>();
        Node? certain = null;
        while (true)
        {
            var spaceOrigin = cursor.Here;
            var spaces = cursor.SkipSpaces();
            if (!AtPart())
                break;
            if (spaces.Length > 0 && parts.Count > 0)
                parts.Add(new SpaceNode(spaceOrigin, spaces));
            var part = ParsePart(certain);
            parts.Add(part);
            certain = part is SubstitutionNode ? certain : part;
        }
        return parts switch
        {
            [] => throw cursor.Expected(what),
            [var only] => only,
            _ => Concatenated(origin, parts),
        };
    }

    private bool AtPart() =>
        cursor.At('{') || cursor.At('[') || cursor.At('"') || cursor.At('$') || StringSyntax.AtWord(cursor);

    // Next to a string stands no object and no array, nor the other way round: a comma was forgotten. Saying
    // so here is clearer than the resolver's complaint about types.
    private Node ParsePart(Node? before)
    {
        var origin = cursor.Here;
        switch (cursor.Current)
        {
            case '$':
                return ParseSubstitution();
            case '{' or '[' when before is ScalarNode:
                throw cursor.Expected("a comma or a new line after the string");
            case '{':
                return ParseObject();
            case '[':
                return ParseArray();
            case var _ when before is ObjectNode or ArrayNode:
                throw cursor.Expected(before is ObjectNode
                    ? "a comma or a new line after the object"
                    : "a comma or a new line after the array");
            case '"':
                return new ScalarNode(new HoconString(StringSyntax.Quoted(cursor), origin));
            default:
                return new ScalarNode(Typed(StringSyntax.Word(cursor), origin));
        }
    }

    private SubstitutionNode ParseSubstitution()
    {
        var origin = cursor.Here;
        cursor.Advance();
        if (!cursor.TryTake('{'))
            throw cursor.Expected("'{' after '$'");
        var isOptional = cursor.TryTake('?');
        cursor.SkipSpaces();
        var path = PathReader.Read(cursor, isOptional ? "a path after '${?'" : "a path after '${'");
        if (!cursor.TryTake('}'))
            throw cursor.Expected("'}' after the path");
        return new SubstitutionNode(origin, new HoconPath(path), isOptional, scopes);
    }

    private static HoconScalar Typed(string word, HoconOrigin origin) => word switch
    {
        "true" => new HoconBoolean(true, origin),
        "false" => new HoconBoolean(false, origin),
        "null" => new HoconNull(origin),
        _ when HoconNumber.IsNumber(word) => new HoconNumber(word, origin),
        _ => new HoconString(word, origin),
    };

    private static Node Concatenated(HoconOrigin origin, List<Node> parts) =>
        parts.All(part => part is ScalarNode or SpaceNode)
            ? new ScalarNode(new HoconString(string.Concat(parts.Select(TextOf)), origin))
            : new ConcatNode(origin, parts);

    private static string TextOf(Node part) =>
        part is SpaceNode space ? space.Text : ((ScalarNode)part).Value.Text;

    private void ParseInclude(List<FieldNode> fields)
    {
        var statement = IncludeStatement.Read(cursor);
        // Inside an array no path leads here: substitutions of the included file start where ours do.
        var inner = _arrays > 0 || _path.Count == 0 ? scopes : [[.. scopes[0], .. _path], .. scopes];
        if (includer.Include(statement, inner, _depth - 1) is { } included)
            fields.AddRange(included.Fields);
    }

    private void Descend()
    {
        _depth++;
        CheckDepth(cursor.Here);
    }

    private void CheckDepth(HoconOrigin where)
    {
        if (_depth > _limits.DepthMax)
            throw HoconLimits.Exceeded(where, _limits.DepthMax, "levels of nesting");
    }
}
