using System.Numerics;

namespace ActorSock.Blocks;

/// <summary>Names the sizes that blocks have: 4, 16, 64 and 256 KiB, and 1 MiB.</summary>
internal static class SizeClasses
{
    public const int Count = 5;
    public const int BytesMin = 4 * 1024;
    public const int BytesMax = 1024 * 1024;

    /// <summary>The size of a class, 0 (smallest) to <see cref="Count"/> - 1.</summary>
    public static int Bytes(int sizeClass) => BytesMin << (2 * sizeClass);

    /// <summary>The smallest class that holds so many bytes; the largest for what none holds.</summary>
    public static int For(int bytes)
    {
        if (bytes <= BytesMin)
            return 0;
        var doublings = BitOperations.Log2((uint)(bytes - 1)) - BitOperations.Log2(BytesMin) + 1;
        return Math.Min((doublings + 1) / 2, Count - 1);
    }
}
