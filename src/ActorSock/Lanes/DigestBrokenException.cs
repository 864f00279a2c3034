namespace ActorSock.Lanes;

/// <summary>A lane failed with this upload's bytes in it.</summary>
internal sealed class DigestBrokenException() : Exception("the digest of the upload is lost: a digest lane failed");
