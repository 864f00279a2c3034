namespace ActorSock.Client.Native;

/// <summary>What a node says of itself.</summary>
/// <param name="Agent">What it calls itself; null when it does not say.</param>
/// <param name="Client">The name of this client, when it has a key; else null.</param>
/// <param name="Capabilities">What it can do beyond the least, such as <c>resume</c>.</param>
public sealed record NodeGreeting(string? Agent, string? Client, IReadOnlyList<string> Capabilities)
{
    /// <summary>What tells its root from all others: it stands in the file <c>.actorsock/id</c> there, too. Null for older nodes.</summary>
    public string? Node { get; init; }
}
