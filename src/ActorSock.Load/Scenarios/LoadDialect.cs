namespace ActorSock.Load.Scenarios;

/// <summary>How polite clients say what they want: WIRE.md has the bytes.</summary>
internal enum LoadDialect
{
    /// <summary>Two round trips a file, as the clients of the course have them.</summary>
    DigestAfter,

    /// <summary>One round trip a file.</summary>
    DigestInHeader,

    /// <summary>The native protocol, with requests sent ahead.</summary>
    Native,
}
