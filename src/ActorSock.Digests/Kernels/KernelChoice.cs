using System.Runtime.Intrinsics;

namespace ActorSock.Digests.Kernels;

/// <summary>Names a kernel of this processor and how many lanes it takes.</summary>
internal readonly unsafe struct KernelChoice
{
    public const int LanesMax = 32;

    private readonly delegate*<uint*, byte**, nint, void> _digest;

    private KernelChoice(int lanes, delegate*<uint*, byte**, nint, void> digest)
    {
        Lanes = lanes;
        _digest = digest;
    }

    public int Lanes { get; }

    /// <summary>The kernels that need no wider vectors than <paramref name="widest"/>, narrow ones first.</summary>
    public static KernelChoice[] UpTo(Md5Width widest)
    {
        var choices = new List<KernelChoice> { new(1, &OneLane.Digest) };
        if (widest >= Md5Width.Four) choices.Add(new(4, &Md5Kernel<FourLanes, Vector128<uint>>.Digest));
        if (widest >= Md5Width.Eight) choices.Add(new(8, &Md5Kernel<EightLanes, Vector256<uint>>.Digest));
        if (widest >= Md5Width.Sixteen) choices.Add(new(16, &Md5Kernel<SixteenLanes, Vector512<uint>>.Digest));
        return [.. choices];
    }

    /// <inheritdoc cref="Md5Kernel{TLanes, TVector}.Digest"/>
    public void Digest(uint* chain, byte** lanes, nint blocks) => _digest(chain, lanes, blocks);
}
