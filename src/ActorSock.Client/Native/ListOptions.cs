namespace ActorSock.Client.Native;

/// <summary>Says what a list is to have.</summary>
public sealed record ListOptions
{
    /// <summary>The name behind which it begins; null for the first.</summary>
    public string? After { get; init; }

    /// <summary>Whether the files in folders are listed; else one entry stands for all of a folder.</summary>
    public bool Recursive { get; init; } = true;

    /// <summary>How many entries are asked for at a time; the node may give less.</summary>
    public int PageEntries { get; init; } = 1000;
}
