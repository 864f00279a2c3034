namespace ActorSock.Framing;

/// <summary>Where a block of a body may end.</summary>
internal enum BlockCut
{
    /// <summary>Wherever there is no more to read.</summary>
    Anywhere,

    /// <summary>The last one anywhere, the others on a page: they go to the disk directly.</summary>
    OnPages,

    /// <summary>Anywhere, but each has room for the rest of the body, so that the first can be made whole.</summary>
    WholeBody,
}
