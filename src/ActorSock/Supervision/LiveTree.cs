using System.Text;

namespace ActorSock.Supervision;

/// <summary>One actor of the live tree, and what is below it.</summary>
/// <param name="Name">its name</param>
/// <param name="Type">its class; "busy" when it did not answer in time</param>
/// <param name="Strategy">its failure policy in one line; empty without children</param>
/// <param name="Note">what it is about now; may be empty</param>
/// <param name="Children">in the order of their starts</param>
public sealed record TreeNode(string Name, string Type, string Strategy, string Note, IReadOnlyList<TreeNode> Children)
{
    /// <summary>The tree as text, one actor a line: name, class, failure policy.</summary>
    /// <param name="notes">with what each actor is about now</param>
    public string ToText(bool notes = false)
    {
        var lines = new List<(string Head, TreeNode Node)>();
        Collect(this, "", "", lines);
        var width = lines.Max(l => l.Head.Length) + 2;
        var typeWidth = lines.Max(l => l.Node.Type.Length) + 2;
        var text = new StringBuilder();
        foreach (var (head, node) in lines)
        {
            var note = notes && node.Note.Length > 0 ? $"  ({node.Note})" : "";
            text.Append((head.PadRight(width) + node.Type.PadRight(typeWidth) + node.Strategy + note).TrimEnd()).Append('\n');
        }
        return text.ToString();
    }

    private static void Collect(TreeNode node, string head, string indent, List<(string, TreeNode)> lines)
    {
        lines.Add((head + node.Name, node));
        for (var i = 0; i < node.Children.Count; i++)
        {
            var last = i == node.Children.Count - 1;
            Collect(node.Children[i], indent + (last ? "└─ " : "├─ "), indent + (last ? "   " : "│  "), lines);
        }
    }
}

/// <summary>Walks the live actors: each is asked, so what is shown is what is there.</summary>
internal static class LiveTree
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(2);

    public static async Task<TreeNode> Walk(IActorRef root)
    {
        ServerActor.Description said;
        try
        {
            said = await root.Ask<ServerActor.Description>(ServerActor.Describe.Instance, s_patience).ConfigureAwait(false);
        }
        catch (AskTimeoutException)
        {
            // At work on something long, such as an fsync, or gone since its parent named it.
            return new TreeNode(root.Path.Name, "busy", "", "", []);
        }
        var children = new List<TreeNode>(said.Children.Count);
        foreach (var child in said.Children)
            children.Add(await Walk(child).ConfigureAwait(false));
        return new TreeNode(said.Name, said.Type, said.Strategy, said.Note, children);
    }
}
