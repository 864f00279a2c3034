namespace ActorSock.Hocon.Parsing;

/// <summary>One node of the tree as it was written: nothing merged, no substitution looked up.</summary>
internal abstract class Node(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;

    /// <summary>The node that would have given this value.</summary>
    public static Node Of(HoconValue value) => value switch
    {
        HoconObject fields => new ObjectNode(
            fields.Origin, [.. fields.Select(field => new FieldNode(field.Key, Of(field.Value)))]),
        HoconArray items => new ArrayNode(items.Origin, [.. items.Select(Of)]),
        _ => new ScalarNode((HoconScalar)value),
    };
}

/// <summary>A string, number, boolean or null.</summary>
internal sealed class ScalarNode(HoconScalar value) : Node(value.Origin)
{
    public HoconScalar Value { get; } = value;
}

/// <summary>
/// White space between two parts of a concatenation; it counts only when they turn out to be simple values.
/// </summary>
internal sealed class SpaceNode(HoconOrigin origin, string text) : Node(origin)
{
    public string Text { get; } = text;
}

/// <summary>A key and what was given for it.</summary>
internal readonly record struct FieldNode(string Key, Node Value);

/// <summary>Fields in the order in which they were written; a key may come more than once.</summary>
internal sealed class ObjectNode(HoconOrigin origin, List<FieldNode> fields) : Node(origin)
{
    public List<FieldNode> Fields { get; } = fields;
}

internal sealed class ArrayNode(HoconOrigin origin, List<Node> items) : Node(origin)
{
    public List<Node> Items { get; } = items;
}

/// <summary>Values that stand next to each other on one line: <c>${name}" of "${place}</c>.</summary>
internal sealed class ConcatNode(HoconOrigin origin, List<Node> parts) : Node(origin)
{
    public List<Node> Parts { get; } = parts;
}

/// <summary>
/// What <c>a += x</c> gives for <c>a</c>: the previous array, if any, and one more element.
/// </summary>
/// <remarks>
/// The specification writes it as <c>a = ${?a} [x]</c>. This is the same without a look-up by path, so it
/// also works inside arrays and included files, and never finds an environment variable called <c>a</c>.
/// </remarks>
internal sealed class AppendNode(HoconOrigin origin, Node item) : Node(origin)
{
    public Node Item { get; } = item;
}

/// <summary><c>${path}</c> or <c>${?path}</c>.</summary>
/// <param name="origin">Where its '$' is.</param>
/// <param name="path">The path as it was written.</param>
/// <param name="isOptional">
/// Whether nothing comes of it, instead of an error, when the path is not defined.
/// </param>
/// <param name="scopes">
/// Where to start: for an included file first at the object that includes it, then at the file around that,
/// and at last at the root.
/// </param>
internal sealed class SubstitutionNode(
    HoconOrigin origin, HoconPath path, bool isOptional, IReadOnlyList<string[]> scopes) : Node(origin)
{
    public HoconPath Path { get; } = path;

    public bool IsOptional { get; } = isOptional;

    public IReadOnlyList<string[]> Scopes { get; } = scopes;

    public override string ToString() => IsOptional ? $"${{?{Path}}}" : $"${{{Path}}}";
}
