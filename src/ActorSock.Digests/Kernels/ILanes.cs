using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Digests.Kernels;

/// <summary>Says how one processor does MD5's arithmetic on all lanes of a vector at once.</summary>
/// <typeparam name="TVector">32 bits for each lane.</typeparam>
/// <remarks>
/// The round functions come added to a sum, not alone: RFC 1321's F and G choose bit by bit, so where there is no
/// instruction for that, their two halves can be added one after the other, and the half that does not wait for the
/// step before is added early. MD5 is bound by that wait.
/// </remarks>
internal unsafe interface ILanes<TVector> where TVector : unmanaged
{
    /// <summary>Lanes in a <typeparamref name="TVector"/>.</summary>
    static abstract int Count { get; }

    /// <summary>Makes the 16 words of each lane's block readable by <see cref="Word"/>.</summary>
    /// <param name="lanes">Where each lane's bytes begin.</param>
    /// <param name="offset">Where in each lane the block begins, in bytes.</param>
    /// <param name="scratch">Room for 16 vectors, aligned to 64 bytes; need not be used.</param>
    /// <returns>What <see cref="Word"/> wants.</returns>
    static abstract byte* Gather(byte** lanes, nint offset, byte* scratch);

    /// <summary>Word <paramref name="index"/> of the block, of each lane.</summary>
    static abstract TVector Word(byte* words, int index);

    /// <summary>The same value in each lane.</summary>
    static abstract TVector Each(uint value);

    /// <summary>Reads one of the four parts of the chaining values, the lanes' side by side.</summary>
    static abstract TVector Load(uint* from);

    /// <summary>Writes what <see cref="Load"/> reads.</summary>
    static abstract void Store(TVector value, uint* to);

    static abstract TVector Add(TVector x, TVector y);

    static abstract TVector RotateLeft(TVector value, [ConstantExpected] byte bits);

    /// <summary>sum + (b &amp; c | ~b &amp; d)</summary>
    static abstract TVector AddF(TVector sum, TVector b, TVector c, TVector d);

    /// <summary>sum + (d &amp; b | ~d &amp; c)</summary>
    static abstract TVector AddG(TVector sum, TVector b, TVector c, TVector d);

    /// <summary>sum + (b ^ c ^ d)</summary>
    static abstract TVector AddH(TVector sum, TVector b, TVector c, TVector d);

    /// <summary>sum + (c ^ (b | ~d))</summary>
    static abstract TVector AddI(TVector sum, TVector b, TVector c, TVector d);
}
