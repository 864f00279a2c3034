using System.Runtime.Intrinsics;

namespace ActorSock.Digests.Kernels;

/// <summary>Names a kernel of this processor and how many lanes it takes.</summary>
internal readonly unsafe struct KernelChoice
{
    /// <summary>Lanes of the kernel that takes most.</summary>
    public const int LanesMax = 16;

    private readonly delegate*<uint*, byte**, nint, void> _digest;

    private KernelChoice(int lanes, delegate*<uint*, byte**, nint, void> digest)
    {
        Lanes = lanes;
        _digest = digest;
    }

    public int Lanes { get; }

    /// <summary>The kernels that need no wider vectors than <paramref name="widest"/>, narrow ones
    /// first.</summary>
    /// <remarks>
    /// Whatever the number of lanes, the narrowest kernel that takes them all is the fastest: a block of each
    /// takes a narrow kernel hardly less time than a wide one. Two groups by turns pay where the processor
    /// waits for its last step: measured 1.4 times with AVX2, 1.5 times with 128 bits, and nothing with
    /// AVX-512, whose two ports are busy with one group already.
    /// </remarks>
    public static KernelChoice[] UpTo(Md5Width widest)
    {
        KernelChoice one = new(1, &OneLane.Digest);
        var four = Of<FourLanes, Vector128<uint>, OneGroup>();
        var eight = Of<EightLanes, Vector256<uint>, OneGroup>();
        return widest switch
        {
            Md5Width.Sixteen => [one, four, eight, Of<SixteenLanes, Vector512<uint>, OneGroup>()],
            Md5Width.Eight => [one, four, eight, Of<EightLanes, Vector256<uint>, TwoGroups>()],
            Md5Width.Four => [one, four, Of<FourLanes, Vector128<uint>, TwoGroups>()],
            _ => [one],
        };
    }

    /// <inheritdoc cref="Md5Kernel{TLanes, TVector, TGroups}.Digest"/>
    public void Digest(uint* chain, byte** lanes, nint blocks) => _digest(chain, lanes, blocks);

    private static KernelChoice Of<TLanes, TVector, TGroups>()
        where TLanes : struct, ILanes<TVector>
        where TVector : unmanaged
        where TGroups : unmanaged =>
        new(Md5Kernel<TLanes, TVector, TGroups>.Lanes, &Md5Kernel<TLanes, TVector, TGroups>.Digest);
}
