using ActorSock.Wire.Native;

namespace ActorSock.Files;

/// <summary>Asks for a page of the files of a client.</summary>
/// <param name="Folder">The client's own folder, which names begin behind; null for the root.</param>
/// <param name="Prefix">What names begin with; empty for all.</param>
/// <param name="After">Names come behind this one; null for the first page.</param>
/// <param name="Limit">Entries at most.</param>
/// <param name="IsRecursive">Whether files in folders are wanted; otherwise one entry stands for each folder.</param>
internal readonly record struct FileQuery(string? Folder, string Prefix, string? After, int Limit, bool IsRecursive);

/// <summary>Some of the files that were asked for, ordered by the bytes of their names in UTF-8.</summary>
/// <param name="Entries">Their names are without the client's folder.</param>
/// <param name="HasMore">Whether there are others behind the last.</param>
internal sealed record FilePage(IReadOnlyList<ListEntry> Entries, bool HasMore)
{
    /// <summary>
    /// Where the next page begins, of a page that took too long to fill: behind the last entry, or anywhere if there is none. Null
    /// when it begins behind the last entry.
    /// </summary>
    public string? After { get; init; }
}

/// <summary>Asks which folders of a client have files, and what they are together.</summary>
/// <param name="Folder">The client's own folder, which names begin behind; null for the root.</param>
/// <param name="Prefix">What the folders' names begin with; empty for all.</param>
/// <param name="After">They come behind this one; null for the first, which has an empty name.</param>
/// <param name="Limit">Entries at most.</param>
internal readonly record struct FolderQuery(string? Folder, string Prefix, string? After, int Limit);

/// <summary>Some of the folders that were asked for, ordered by the bytes of their names in UTF-8.</summary>
/// <param name="Entries">Their names are without the client's folder.</param>
/// <param name="HasMore">Whether there may be others.</param>
internal sealed record FolderPage(IReadOnlyList<FolderEntry> Entries, bool HasMore)
{
    /// <summary>Where the next page begins, which may be behind the last entry, or before any.</summary>
    public string? After { get; init; }

    /// <summary>What is known of a folder that is not looked at to its end: for the next page, or to be disposed of.</summary>
    public FolderSum? Begun { get; init; }
}
