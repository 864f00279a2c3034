using System.Buffers.Binary;

namespace ActorSock.Load.Bodies;

/// <summary>Writes the last bytes of a body: they are of this file alone, so that no two files have the same digest.</summary>
internal static class Stamp
{
    public const int BytesMax = 32;

    private const ulong Draw = 0x57A4B;

    /// <summary>Fills the end of a body.</summary>
    /// <param name="seed">Of the run.</param>
    /// <param name="number">Of the file.</param>
    /// <param name="stamp">Its last bytes, at most <see cref="BytesMax"/>.</param>
    public static void Write(ulong seed, long number, Span<byte> stamp)
    {
        Span<byte> word = stackalloc byte[sizeof(ulong)];
        for (ulong place = 0; stamp.Length > 0; place++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(word, Mix.Of(seed ^ Draw, (ulong)number * 4 + place));
            var count = Math.Min(word.Length, stamp.Length);
            word[..count].CopyTo(stamp);
            stamp = stamp[count..];
        }
    }
}
