namespace ActorSock.Journal;

/// <summary>Says what was done with a file.</summary>
public enum JournalDeed
{
    /// <summary>It was stored under its name, in place of what file had that.</summary>
    Stored,

    /// <summary>It was deleted.</summary>
    Deleted,

    /// <summary>It was given another name, in place of what file had that.</summary>
    Renamed,
}
