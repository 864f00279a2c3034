namespace ActorSock.Client.Native;

/// <summary>Says which bytes of a file are to be fetched.</summary>
public sealed record GetOptions
{
    /// <summary>The first byte that is wanted.</summary>
    public long Offset { get; init; }

    /// <summary>How many bytes; null for all to the end.</summary>
    public long? Length { get; init; }
}
