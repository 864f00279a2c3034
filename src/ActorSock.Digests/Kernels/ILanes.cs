using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Digests.Kernels;

/// <summary>Says how one processor does MD5's arithmetic on all lanes of a vector at once.</summary>
/// <typeparam name="TVector">32 bits for each lane.</typeparam>
/// <remarks>
/// The round functions come added to a sum, not alone: RFC 1321's F and G choose bit by bit, so where there
/// is no instruction for that, their two halves can be added one after the other, and the half that does not
/// wait for the step before is added early. MD5 is bound by that wait.
/// </remarks>
internal unsafe interface ILanes<TVector> where TVector : unmanaged
{
    /// <summary>Lanes in a <typeparamref name="TVector"/>.</summary>
    static abstract int Count { get; }

    /// <summary>Bytes from one word to the next in what <see cref="Gather"/> returns.</summary>
    static abstract int WordBytes { get; }

    /// <summary>Makes the 16 words of each lane's block readable for the steps.</summary>
    /// <param name="lanes">Where each lane's bytes begin.</param>
    /// <param name="offset">Where in each lane the block begins, in bytes.</param>
    /// <param name="scratch">Room for 16 vectors, aligned to 64 bytes; need not be used.</param>
    /// <returns>What the steps want as words.</returns>
    static abstract byte* Gather(byte** lanes, nint offset, byte* scratch);

    /// <summary>Reads one of the four parts of the chaining values, the lanes' side by side.</summary>
    static abstract TVector Load(uint* from);

    /// <summary>Writes what <see cref="Load"/> reads.</summary>
    static abstract void Store(TVector value, uint* to);

    static abstract TVector Add(TVector x, TVector y);

    /// <summary>a + words[word] + sines[sine]</summary>
    static abstract TVector Sum(TVector a, byte* words, int word, uint* sines, int sine);

    /// <summary>b + (sum + (b &amp; c | ~b &amp; d), rotated to the left)</summary>
    static abstract TVector F(
        TVector sum, TVector b, TVector c, TVector d, [ConstantExpected] byte bits);

    /// <summary>b + (sum + (d &amp; b | ~d &amp; c), rotated to the left)</summary>
    static abstract TVector G(
        TVector sum, TVector b, TVector c, TVector d, [ConstantExpected] byte bits);

    /// <summary>b + (sum + (b ^ c ^ d), rotated to the left)</summary>
    static abstract TVector H(
        TVector sum, TVector b, TVector c, TVector d, [ConstantExpected] byte bits);

    /// <summary>b + (sum + (c ^ (b | ~d)), rotated to the left)</summary>
    static abstract TVector I(
        TVector sum, TVector b, TVector c, TVector d, [ConstantExpected] byte bits);
}
