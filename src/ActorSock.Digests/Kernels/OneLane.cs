using System.Runtime.Intrinsics;

namespace ActorSock.Digests.Kernels;

/// <summary>Digests one lane in the way that is fastest on this processor.</summary>
internal static unsafe class OneLane
{
    /// <inheritdoc cref="Md5Kernel{TLanes, TVector, TGroups}.Digest"/>
    public static void Digest(uint* chain, byte** lanes, nint blocks)
    {
        if (TernaryLane.IsSupported)
            Md5Kernel<TernaryLane, Vector128<uint>, OneGroup>.Digest(chain, lanes, blocks);
        else
            Md5Kernel<ScalarLane, uint, OneGroup>.Digest(chain, lanes, blocks);
    }
}
