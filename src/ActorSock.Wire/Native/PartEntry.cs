namespace ActorSock.Wire.Native;

/// <summary>Says which part of an upload the server has.</summary>
/// <param name="OffsetBytes">Where in the file it begins.</param>
/// <param name="SizeBytes">How long it is.</param>
/// <param name="Digest">Its digest, as it was verified.</param>
public readonly record struct PartEntry(long OffsetBytes, long SizeBytes, ContentDigest Digest);
