using ActorSock.Wire;

namespace ActorSock.Client.Native;

/// <summary>What arrived is not what the node has.</summary>
/// <param name="actual">The digest of what arrived.</param>
/// <param name="promised">The digest that the node named.</param>
public sealed class DigestDiffersException(Md5Digest actual, Md5Digest promised)
    : IOException($"the bytes that arrived have the md5 {actual}, those of the node {promised}");
