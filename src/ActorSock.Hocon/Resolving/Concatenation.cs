using System.Text;
using ActorSock.Hocon.Parsing;

namespace ActorSock.Hocon.Resolving;

/// <summary>
/// Joins values that stand next to each other: simple ones to a string, arrays to an array, objects to an
/// object.
/// </summary>
internal sealed class Concatenation(Budget budget)
{
    /// <summary>
    /// A part as it was written and what it is; null for white space and for what is not defined.
    /// </summary>
    public readonly record struct Part(Node Written, Head? Head);

    /// <summary>The joined value; null when all of it is optional and not defined.</summary>
    public Head? Join(ConcatNode concat, List<Part> parts)
    {
        var defined = parts.Where(part => part.Head is not null).ToList();
        return defined switch
        {
            [] => null,
            _ when defined.Any(part => part.Head is ArrayHead) => Arrays(concat, defined),
            _ when defined.Any(part => part.Head is ObjectHead) => Objects(defined),
            // ${?a}${b}: nothing is added to b, so it keeps its type.
            [{ Head: { } only }] when parts.TrueForAll(part => part.Written is SubstitutionNode) => only,
            _ => Text(concat, parts),
        };
    }

    /// <summary>
    /// The array that a value is or, as a numerically indexed object, stands for; null when it is neither.
    /// </summary>
    public ArrayHead? AsArray(Head head)
    {
        if (head is not ObjectHead fields)
            return head as ArrayHead;
        var byKey = fields.Fields(budget);
        List<Field> items = [.. NumericKeys.InOrder(byKey.Keys).Select(key => byKey[key])];
        return items.Count == 0 ? null : new ArrayHead(head.Origin, items);
    }

    private ArrayHead Arrays(ConcatNode concat, List<Part> parts)
    {
        var items = new List<Field>();
        foreach (var (written, head) in parts)
        {
            var array = AsArray(head!)
                ?? throw Misfit(written, head!, "an array");
            budget.SpendItems(array.Items.Count, concat.Origin);
            items.AddRange(array.Items);
        }
        return new ArrayHead(concat.Origin, items);
    }

    private static ObjectHead Objects(List<Part> parts)
    {
        var merged = new List<ObjectHead.Part>();
        foreach (var (written, head) in parts)
        {
            if (head is not ObjectHead fields)
                throw Misfit(written, head!, "an object");
            if (written is ObjectNode)
                merged.AddRange(fields.Parts);
            else
                merged.Add(new ObjectHead.Part(null, fields));
        }
        return new ObjectHead(merged[^1].Origin, merged);
    }

    private static HoconException Misfit(Node written, Head head, string expected) =>
        new(written.Origin, $"expected {expected} to join to the others but found {head.Kind}");

    private ScalarHead Text(ConcatNode concat, List<Part> parts)
    {
        var text = new StringBuilder();
        foreach (var (written, head) in parts)
        {
            var piece = written is SpaceNode space ? space.Text : (head as ScalarHead)?.Value.Text ?? "";
            budget.SpendChars(piece.Length, concat.Origin);
            text.Append(piece);
        }
        return new ScalarHead(new HoconString(text.ToString(), concat.Origin));
    }
}
