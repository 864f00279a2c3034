using System.Buffers.Binary;
using System.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests;

/// <summary>Makes headers: well-formed ones, and bytes that are nearly headers.</summary>
internal static class Headers
{
    public static readonly WireLimits Limits = new()
    {
        HeaderBytesMax = WireLimits.HeaderBytesCeiling,
        FileBytesMax = long.MaxValue,
    };

    public static readonly Md5Digest Digest = Md5Digest.FromBytes("0123456789abcdef"u8);

    private static readonly Gen<string> Text = Gen.Frequency(
            (6, Gen.Choose('a', 'z')), (3, Gen.Choose(0x4E00, 0x9FFF)), (1, Gen.Choose(0x1F300, 0x1F6FF)),
            (2, Gen.Choose(0x20, 0x7E)), (1, Gen.Choose(0, 0x1F)),
            (1, Gen.Elements('"', '\\', '/', 0x2028, 0xFEFF)))
        .ListOf()
        .Select(points => string.Concat(points.Select(point => new Rune(point).ToString())));

    private static readonly Gen<long> Size = Gen.OneOf(
        Gen.Elements(0L, 1L, int.MaxValue, long.MaxValue),
        Gen.Choose(0, int.MaxValue).Select(size => (long)size),
        Gen.Choose(0, int.MaxValue).Two().Select(halves => ((long)halves.Item1 << 31) | (long)halves.Item2));

    private static readonly Gen<Md5Digest> AnyDigest = Gen.Choose(0, 255).ArrayOf(16)
        .Select(bytes => Md5Digest.FromBytes([.. bytes.Select(value => (byte)value)]));

    /// <summary>Headers that can be said, in all four dialects.</summary>
    public static readonly Gen<PutHeader> Sayable =
        from dialect in Gen.Elements(Enum.GetValues<Dialect>())
        from name in Text
        from size in Size
        from digest in AnyDigest
        select new PutHeader(dialect, name, size, dialect == Dialect.DigestInHeader ? digest : null);

    private static readonly Gen<byte[]> Heap = Gen.Elements(Shards).NonEmptyListOf()
        .Select(shards => shards.SelectMany(shard => shard).ToArray());

    /// <summary>Bytes as a broken, careless or hostile client may send them.</summary>
    public static readonly Gen<byte[]> Strange = Gen.Frequency(
        (1, Gen.Choose(0, 255).ArrayOf().Select(ToBytes)),
        (3, Heap),
        (2, Heap.Select(heap => Prefixed([(byte)'{', .. heap]))),
        (2, from header in Sayable
            from at in Gen.Choose(0, 4096)
            from value in Gen.Choose(0, 255)
            select Spoil(HeaderEncoder.Encode(header), at, (byte)value)));

    public static byte[] Prefixed(ReadOnlySpan<byte> header)
    {
        var bytes = new byte[4 + header.Length];
        BinaryPrimitives.WriteInt32LittleEndian(bytes, header.Length);
        header.CopyTo(bytes.AsSpan(4));
        return bytes;
    }

    public static byte[] Prefixed(string header) => Prefixed(Encoding.UTF8.GetBytes(header));

    public static byte[] Bare(string header) => Encoding.UTF8.GetBytes(header);

    /// <summary>Gives the decoder <paramref name="bytes"/> in growing pieces, as a connection would, up to
    /// the first answer that is more than not yet.</summary>
    /// <param name="bytes">What the client sends.</param>
    /// <param name="limits">The decoder's limits.</param>
    /// <param name="nextCut">Bytes of the next piece, at least 1.</param>
    public static Decoded<PutHeader> DecodeInPieces(byte[] bytes, WireLimits limits, Func<int> nextCut)
    {
        var decoder = new HeaderDecoder(limits);
        var decoded = decoder.Decode([]);
        for (var arrived = 0; arrived < bytes.Length && decoded.Outcome == Outcome.NotYet;)
        {
            arrived = Math.Min(bytes.Length, arrived + nextCut());
            decoded = decoder.Decode(bytes.AsSpan(0, arrived));
        }
        return decoded;
    }

    /// <summary>All that an answer says, in one line that can be compared.</summary>
    public static string Describe(Decoded<PutHeader> decoded) => decoded.Outcome switch
    {
        Outcome.Frame => $"{decoded.Consumed} {decoded.Frame}",
        Outcome.Refused =>
            $"{decoded.Consumed} {decoded.Refusal.Rejection.Name}: {decoded.Refusal} {decoded.Announced}",
        _ => $"{decoded.Outcome}",
    };

    private static byte[][] Shards =>
    [
        [0x7B], [0x7B, 0, 0, 0], [0x16, 3, 1], [0, 0, 0, 0], [0xFF, 0xFE], [0xE6, 0x96], [0xEF, 0xBB, 0xBF],
        .. """
            { } [ ] : , " \ \u \ud800 "\ud800": "action" "put" "filename" "filesize" "md5" "file_name"
            "file_size" "\u0061ction":"put" "x":{"filesize":1}, null true 1 -1 1e9 0.5
            99999999999999999999 "a.txt" GET POST {"action":"put", "filename":"a", "filesize":3}
            {"filename":"\udc80","filesize":1}
            """.Split([' ', '\n'], StringSplitOptions.RemoveEmptyEntries).Select(Encoding.UTF8.GetBytes),
    ];

    private static byte[] Spoil(byte[] bytes, int at, byte value)
    {
        bytes[at % bytes.Length] = value;
        return bytes;
    }

    private static byte[] ToBytes(int[] values) => [.. values.Select(value => (byte)value)];
}
