using ActorSock.Hocon.Parsing;

namespace ActorSock.Hocon.Resolving;

/// <summary>What a value turned out to be, with the values inside it not yet looked at.</summary>
/// <remarks>
/// Looking no further than asked is what lets <c>bar { foo = 42, baz = ${bar.foo} }</c> refer into itself:
/// finding <c>bar.foo</c> needs to know that <c>bar</c> is an object, not what its other fields are.
/// </remarks>
internal abstract class Head(HoconOrigin origin)
{
    public HoconOrigin Origin { get; } = origin;

    public abstract string Kind { get; }

    /// <summary>Set while the values inside are being made: whoever meets it then is inside itself.</summary>
    public bool IsBeingForced { get; set; }

    /// <summary>The complete value, once it was made.</summary>
    public HoconValue? Forced { get; set; }
}

internal sealed class ScalarHead : Head
{
    public ScalarHead(HoconScalar value) : base(value.Origin) => Forced = value;

    public HoconScalar Value => (HoconScalar)Forced!;

    public override string Kind => Value.Kind;
}

internal sealed class ArrayHead(HoconOrigin origin, IReadOnlyList<Field> items) : Head(origin)
{
    public IReadOnlyList<Field> Items { get; } = items;

    public override string Kind => "an array";
}

/// <summary>An object as the parts that are merged into it, the lowest first.</summary>
internal sealed class ObjectHead(HoconOrigin origin, IReadOnlyList<ObjectHead.Part> parts) : Head(origin)
{
    private OrderedDictionary<string, Field>? _fields;

    /// <summary>An object as it was written, or one that a substitution found.</summary>
    public readonly record struct Part(ObjectNode? Written, ObjectHead? Found)
    {
        public HoconOrigin Origin => Written?.Origin ?? Found!.Origin;
    }

    public IReadOnlyList<Part> Parts { get; } = parts;

    public override string Kind => "an object";

    /// <summary>The merged fields in the order in which their keys first appeared.</summary>
    public OrderedDictionary<string, Field> Fields(Budget budget) => _fields ??= Merged(budget);

    /// <summary>The object of these parts; one that was found whole stays the same object.</summary>
    public static ObjectHead Of(IReadOnlyList<Part> parts) =>
        parts is [{ Found: { } only }] ? only : new ObjectHead(parts[^1].Origin, parts);

    private OrderedDictionary<string, Field> Merged(Budget budget)
    {
        var fields = new OrderedDictionary<string, Field>(StringComparer.Ordinal);
        foreach (var part in Parts)
        {
            foreach (var (key, node) in Nodes(part, budget))
            {
                budget.SpendField(node.Origin);
                if (!fields.TryGetValue(key, out var field))
                    fields.Add(key, field = new Field());
                field.Put(node);
            }
        }
        return fields;
    }

    private static IEnumerable<FieldNode> Nodes(Part part, Budget budget) => part.Written is { } written
        ? written.Fields
        : part.Found!.Fields(budget).Select(field => new FieldNode(field.Key, new FoundNode(field.Value)));
}
