using System.Runtime.InteropServices;
using ActorSock.Hocon.Parsing;

namespace ActorSock.Hocon.Resolving;

/// <summary>All that was given for one key, the lowest first, and what came of it.</summary>
/// <remarks>
/// A field that is being looked at while something in it refers back to it shows only what is below that
/// place (<see cref="Below"/>): so <c>path = ${path} [x]</c> finds the earlier <c>path</c>.
/// </remarks>
internal sealed class Field
{
    private readonly List<Node> _stack;
    private Dictionary<int, Field>? _below;

    public Field() : this([], 0)
    {
    }

    public Field(Node only) : this([only], 1)
    {
    }

    private Field(List<Node> stack, int count)
    {
        _stack = stack;
        Count = count;
    }

    public int Count { get; private set; }

    public Node this[int index] => _stack[index];

    /// <summary>Where its highest value was written.</summary>
    public HoconOrigin Origin => Count > 0 ? _stack[Count - 1].Origin : HoconOrigin.Program;

    /// <summary>Whether its highest value is a <c>${?path}</c>.</summary>
    public bool IsOptional => Count > 0 && _stack[Count - 1] is SubstitutionNode { IsOptional: true };

    /// <summary>The place in the stack that is being looked at; -1 when none is.</summary>
    public int Active { get; set; } = -1;

    public bool IsEvaluated { get; private set; }

    /// <summary>What the field is; null when it is not defined.</summary>
    public Head? Head
    {
        get;
        set
        {
            field = value;
            IsEvaluated = true;
        }
    }

    /// <summary>
    /// Lays a value over the others. What a simple value or an array covers can never be seen again.
    /// </summary>
    public void Put(Node node)
    {
        if (node is ScalarNode or ArrayNode)
            _stack.Clear();
        _stack.Add(node);
        Count = _stack.Count;
    }

    /// <summary>The field as it was before the value at this place was given.</summary>
    public Field Below(int place)
    {
        _below ??= [];
        ref var below = ref CollectionsMarshal.GetValueRefOrAddDefault(_below, place, out _);
        return below ??= new Field(_stack, place);
    }
}

/// <summary>Stands for a field of an object that a substitution found.</summary>
internal sealed class FoundNode(Field field) : Node(field.Origin)
{
    public Field Field { get; } = field;
}
