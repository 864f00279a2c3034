using System.Runtime.CompilerServices;
using ActorSock.Hocon.Parsing;

namespace ActorSock.Hocon.Resolving;

/// <summary>
/// Makes values of a written tree: merges, concatenates, and looks substitutions up. Used once.
/// </summary>
/// <remarks>
/// Evaluation is lazy and remembered per field: <see cref="Evaluate"/> finds what a field is,
/// <see cref="Force"/> makes the complete value. A substitution sees the final value of its path; where that
/// would go in a circle it looks back, at what the field was before (see <see cref="Field"/>).
/// </remarks>
internal sealed class HoconResolver
{
    // Each step may take a few hundred bytes of stack for several frames; a chain of references this long is
    // a mistake.
    private const int StepsMax = 600;

    private readonly Field _root = new();
    private readonly Budget _budget;
    private readonly Func<string, string?> _environment;
    private readonly Concatenation _concatenation;
    private int _steps;

    public HoconResolver(
        IEnumerable<Node> rootsFromLowest, HoconLimits limits, Func<string, string?> environment)
    {
        foreach (var root in rootsFromLowest)
            _root.Put(root);
        _budget = new Budget(limits);
        _environment = environment;
        _concatenation = new Concatenation(_budget);
    }

    /// <summary>The complete configuration; null when there is no layer.</summary>
    public HoconValue? Resolve() => Force(_root);

    private HoconValue? Force(Field field)
    {
        if (Evaluate(field) is not { } head)
            return null;
        if (head.Forced is { } done)
            return done;
        // The specification: for ${?x} a circle is the same as a path that is not defined.
        if (head.IsBeingForced && field.IsOptional)
            return null;
        if (head.IsBeingForced)
            throw new HoconException(
                head.Origin, $"expected no value inside itself but found {head.Kind} that contains itself");
        Enter(head.Origin);
        head.IsBeingForced = true;
        HoconValue value = head is ObjectHead fields
            ? new HoconObject(ForcedFields(fields), head.Origin)
            : new HoconArray(ForcedItems((ArrayHead)head), head.Origin);
        head.IsBeingForced = false;
        _steps--;
        _budget.Check(value);
        return head.Forced = value;
    }

    private List<KeyValuePair<string, HoconValue>> ForcedFields(ObjectHead head)
    {
        var fields = head.Fields(_budget);
        var forced = new List<KeyValuePair<string, HoconValue>>(fields.Count);
        foreach (var (key, field) in fields)
        {
            if (Force(field) is { } value)
                forced.Add(new(key, value));
        }
        return forced;
    }

    private List<HoconValue> ForcedItems(ArrayHead head)
    {
        _budget.SpendItems(head.Items.Count, head.Origin);
        var forced = new List<HoconValue>(head.Items.Count);
        foreach (var item in head.Items)
        {
            if (Force(item) is { } value)
                forced.Add(value);
        }
        return forced;
    }

    private Head? Evaluate(Field field)
    {
        while (field.Active >= 0)
            field = field.Below(field.Active);
        if (field.IsEvaluated)
            return field.Head;
        Enter(field.Origin);
        var head = Merged(field);
        field.Active = -1;
        _steps--;
        return field.Head = head;
    }

    // From the top down: a value that is no object ends it, objects are collected and merged.
    private Head? Merged(Field field)
    {
        var fromTop = new List<ObjectHead.Part>();
        for (var place = field.Count - 1; place >= 0; place--)
        {
            field.Active = place;
            var head = field[place] is AppendNode ? Appended(field, ref place) : Reduced(field[place]);
            if (head is ObjectHead fields)
                fromTop.AddRange(PartsFor(field[place], fields).Reverse());
            else if (head is not null && fromTop.Count == 0)
                return head;
            else if (head is not null)
                break;
        }
        fromTop.Reverse();
        return fromTop.Count == 0 ? null : ObjectHead.Of(fromTop);
    }

    // The fields of an object that is written here are merged one by one, so that in them looking back and +=
    // see the layers below; one that was found elsewhere keeps its own past.
    private static IEnumerable<ObjectHead.Part> PartsFor(Node node, ObjectHead head) =>
        node is ObjectNode or ConcatNode ? head.Parts : [new ObjectHead.Part(null, head)];

    // A run of += is one array: walking it in a loop keeps a long list from being a deep recursion.
    private ArrayHead Appended(Field field, ref int place)
    {
        var top = field[place];
        var fromTop = new List<Field>();
        for (; place >= 0 && field[place] is AppendNode append; place--)
            fromTop.Add(new Field(append.Item));
        place++;
        field.Active = place;
        var below = Evaluate(field);
        var array = below is null ? null : _concatenation.AsArray(below)
            ?? throw new HoconException(
                top.Origin, $"expected an array before '+=' but found {below.Kind} ({below.Origin})");
        fromTop.Reverse();
        _budget.SpendItems((array?.Items.Count ?? 0) + fromTop.Count, top.Origin);
        var items = new List<Field>(array?.Items ?? []);
        items.AddRange(fromTop);
        return new ArrayHead(top.Origin, items);
    }

    private Head? Reduced(Node node) => node switch
    {
        ScalarNode scalar => new ScalarHead(scalar.Value),
        ObjectNode written => new ObjectHead(written.Origin, [new ObjectHead.Part(written, null)]),
        ArrayNode array => new ArrayHead(array.Origin, [.. array.Items.Select(item => new Field(item))]),
        FoundNode found => Evaluate(found.Field),
        SubstitutionNode substitution => Found(substitution),
        ConcatNode concat => Joined(concat),
        _ => throw new InvalidOperationException($"a {node.GetType().Name} cannot stand here"),
    };

    private Head? Joined(ConcatNode concat)
    {
        var parts = new List<Concatenation.Part>(concat.Parts.Count);
        foreach (var part in concat.Parts)
            parts.Add(new(part, part is SpaceNode ? null : Reduced(part)));
        return _concatenation.Join(concat, parts);
    }

    private Head? Found(SubstitutionNode substitution)
    {
        var circle = false;
        foreach (var scope in substitution.Scopes)
        {
            if (LookUp(scope, substitution, ref circle) is { } head)
                return head;
        }
        if (_environment(string.Join('.', substitution.Path.Elements)) is { } variable)
            return new ScalarHead(new HoconString(variable, substitution.Origin));
        if (substitution.IsOptional)
            return null;
        throw new HoconException(substitution.Origin, circle
            ? $"expected an earlier value for {substitution}, which refers to itself, but found none"
            : $"expected a value for {substitution} but found none, neither as a key nor in the environment");
    }

    private Head? LookUp(string[] scope, SubstitutionNode substitution, ref bool circle)
    {
        var head = Evaluate(_root);
        foreach (var key in scope.Concat(substitution.Path.Elements))
        {
            if (head is not ObjectHead fields || !fields.Fields(_budget).TryGetValue(key, out var field))
                return null;
            circle |= field.Active >= 0;
            head = Evaluate(field);
        }
        return head;
    }

    private void Enter(HoconOrigin where)
    {
        if (++_steps > StepsMax || !RuntimeHelpers.TryEnsureSufficientExecutionStack())
            throw HoconLimits.Exceeded(where, StepsMax, "values that depend on one another");
    }
}
