using System.Buffers.Binary;
using ActorSock.Digests.Kernels;

namespace ActorSock.Digests;

/// <summary>Lays out the state of a stream in bytes; the layout is described at
/// <see cref="Md5Stream.Export"/>.</summary>
internal static class ExportedState
{
    public const int Bytes = UnfinishedAt + Md5Stream.BlockBytes - 1;

    private const int VersionAt = 3;
    private const int ChainAt = 4;
    private const int CountAt = 20;
    private const int UnfinishedAt = 28;
    private const byte Version = 1;

    private static ReadOnlySpan<byte> Name => "MD5"u8;

    public static void Write(Span<byte> state, in Chain chain, long bytesCount, ReadOnlySpan<byte> unfinished)
    {
        state.Clear();
        Name.CopyTo(state);
        state[VersionAt] = Version;
        chain.Write(state[ChainAt..]);
        BinaryPrimitives.WriteInt64LittleEndian(state[CountAt..], bytesCount);
        unfinished.CopyTo(state[UnfinishedAt..]);
    }

    public static (Chain Chain, long BytesCount) Read(
        ReadOnlySpan<byte> state, out ReadOnlySpan<byte> unfinished)
    {
        if (state.Length != Bytes)
            throw new FormatException($"the state of an MD5 has {Bytes} bytes, not {state.Length}");
        if (!state.StartsWith(Name))
            throw new FormatException($"not the state of an MD5: it begins with {Convert.ToHexString(state[..3])}");
        if (state[VersionAt] != Version)
            throw new FormatException(
                $"the state of an MD5 has version {state[VersionAt]}, and only {Version} is known");

        var chain = Chain.Read(state[ChainAt..]);
        var bytesCount = BinaryPrimitives.ReadInt64LittleEndian(state[CountAt..]);
        if (bytesCount < 0)
            throw new FormatException($"the state of an MD5 counts {bytesCount} bytes");
        if (bytesCount < Md5Stream.BlockBytes && chain != Chain.Initial)
            throw new FormatException(
                $"the state of an MD5 counts {bytesCount} bytes: its chaining value must be the initial one");

        unfinished = state.Slice(UnfinishedAt, (int)(bytesCount % Md5Stream.BlockBytes));
        if (state[(UnfinishedAt + unfinished.Length)..].ContainsAnyExcept((byte)0))
            throw new FormatException(
                $"the state of an MD5 counts {bytesCount} bytes, but has more than {unfinished.Length} unfinished");
        return (chain, bytesCount);
    }
}
