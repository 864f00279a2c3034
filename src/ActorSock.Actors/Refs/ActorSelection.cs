using System.IO.Enumeration;

namespace ActorSock.Actors;

/// <summary>Actors by path, looked up anew for each message.</summary>
public class ActorSelection : ICanTell
{
    internal ActorSelection(IActorRef anchor, string[] elements)
    {
        Anchor = anchor;
        Elements = elements;
    }

    /// <summary>Where the path starts.</summary>
    public IActorRef Anchor { get; }

    public string PathString => "/" + string.Join('/', Elements);

    internal string[] Elements { get; }

    public void Tell(object message, IActorRef? sender = null)
    {
        sender ??= ActorCell.Current;
        if (message is null)
            throw new InvalidMessageException();
        if (Anchor is ActorCell start)
            new ActorSelectionMessage(message, Elements, 0).Continue(start, sender);
        else
            Anchor.Tell(message, sender!);
    }

    public Task<IActorRef> ResolveOne(TimeSpan timeout) => ResolveOne(timeout, CancellationToken.None);

    /// <exception cref="ActorNotFoundException">nobody answered in time</exception>
    public async Task<IActorRef> ResolveOne(TimeSpan timeout, CancellationToken ct)
    {
        try
        {
            var identity = await this.Ask<ActorIdentity>(new Identify(this), timeout, ct).ConfigureAwait(false);
            return identity.Subject ?? throw new ActorNotFoundException($"there is no actor at {this}");
        }
        catch (AskTimeoutException e)
        {
            throw new ActorNotFoundException($"no actor at {this} within {timeout}", e);
        }
    }

    public override string ToString() => $"ActorSelection[{Anchor.Path}{PathString}]";

    /// <summary>A path of another system leads to the dead letters: this engine's systems are not connected.</summary>
    internal static ActorSelection Of(ActorPath path, LocalActorSystem system) =>
        new(path.Address.Equals(system.Address) ? system.Root : system.DeadLetters, [.. path.Elements]);

    internal static ActorSelection Of(string path, ActorCell context, LocalActorSystem system)
    {
        if (path.Contains("://", StringComparison.Ordinal))
            return Of(ActorPath.Parse(path), system);
        var elements = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return new ActorSelection(path.StartsWith('/') ? system.Root : context, elements);
    }
}

/// <summary>A message on its way down a path.</summary>
internal sealed class ActorSelectionMessage(object message, string[] elements, int position, bool fannedOut = false)
{
    /// <summary>Walks on from this cell; the children's table may be read by any thread.</summary>
    public void Continue(ActorCell cell, IActorRef? sender)
    {
        for (var at = position; at < elements.Length; at++)
        {
            var element = elements[at];
            if (element == ".")
                continue;
            if (element == "..")
            {
                cell = (ActorCell)cell.Parent;
                continue;
            }
            if (element.AsSpan().IndexOfAny('*', '?') >= 0)
            {
                var matching = Array.FindAll(cell.Children, c => FileSystemName.MatchesSimpleExpression(element, c.Name, ignoreCase: false));
                foreach (var child in matching)
                    new ActorSelectionMessage(message, elements, at + 1, fannedOut: true).Continue(child, sender);
                if (matching.Length == 0)
                    NotFound(cell, sender);
                return;
            }
            if (cell.FindChild(element) is not { } next)
            {
                NotFound(cell, sender);
                return;
            }
            cell = next;
        }
        cell.Tell(message, sender!);
    }

    private void NotFound(ActorCell last, IActorRef? sender)
    {
        if (!fannedOut) // behind a wildcard, that some branches end early is no failure
            last.System.Bury(message, sender, last.System.DeadLetters);
    }
}
