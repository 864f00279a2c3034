namespace ActorSock.Digests.Kernels;

/// <summary>Truth tables of MD5's round functions, for AVX-512's instruction that takes three operands and a
/// table.</summary>
/// <remarks>A table is the function applied to these three: first operand 0xF0, second 0xCC, third
/// 0xAA.</remarks>
internal static class Ternary
{
    /// <summary>first ? second : third</summary>
    public const byte Choose = (0xF0 & 0xCC) | (0x0F & 0xAA);

    /// <summary>first ^ second ^ third</summary>
    public const byte Xor = 0xF0 ^ 0xCC ^ 0xAA;

    /// <summary>second ^ (first | ~third)</summary>
    public const byte XorOrNot = 0xCC ^ (0xF0 | 0x55);
}
