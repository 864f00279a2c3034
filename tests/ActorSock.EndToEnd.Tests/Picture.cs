using System.Buffers.Binary;
using System.IO.Compression;

namespace ActorSock.EndToEnd.Tests;

/// <summary>The pixels of a PNG with 8 bits a sample, in RGB or RGBA and without interlacing, as browsers write their screenshots.</summary>
internal sealed class Picture
{
    private const int SignatureBytes = 8, ChunkFrameBytes = 12;

    private readonly byte[] _samples;
    private readonly int _samplesPerPixel;

    private Picture(int width, int height, int samplesPerPixel, byte[] samples) =>
        (Width, Height, _samplesPerPixel, _samples) = (width, height, samplesPerPixel, samples);

    public int Width { get; }

    public int Height { get; }

    public static Picture Read(string path)
    {
        ReadOnlySpan<byte> png = File.ReadAllBytes(path);
        var head = png.Slice(SignatureBytes + 8, 13);
        var (width, height) = (BinaryPrimitives.ReadInt32BigEndian(head), BinaryPrimitives.ReadInt32BigEndian(head[4..]));
        var samplesPerPixel = (head[8], head[9], head[12]) switch
        {
            (8, 2, 0) => 3,
            (8, 6, 0) => 4,
            var other => throw new NotSupportedException($"depth, color type and interlacing are {other}"),
        };
        using var packed = new MemoryStream();
        for (var at = SignatureBytes; at < png.Length;)
        {
            var length = BinaryPrimitives.ReadInt32BigEndian(png[at..]);
            if (png.Slice(at + 4, 4).SequenceEqual("IDAT"u8)) packed.Write(png.Slice(at + 8, length));
            at += length + ChunkFrameBytes;
        }
        packed.Position = 0;
        using var lines = new ZLibStream(packed, CompressionMode.Decompress);
        return new Picture(width, height, samplesPerPixel, Unfiltered(lines, width * samplesPerPixel, height, samplesPerPixel));
    }

    /// <summary>How many pixels have exactly this color.</summary>
    /// <param name="color">0xRRGGBB</param>
    public int Count(int color)
    {
        var count = 0;
        for (var at = 0; at < _samples.Length; at += _samplesPerPixel)
            if ((_samples[at] << 16 | _samples[at + 1] << 8 | _samples[at + 2]) == color) count++;
        return count;
    }

    // PNG, section 9: each line says how it was predicted from its left and upper neighbours.
    private static byte[] Unfiltered(Stream lines, int lineBytes, int height, int samplesPerPixel)
    {
        var all = new byte[lineBytes * height];
        Span<byte> above = new byte[lineBytes];
        for (var y = 0; y < height; y++)
        {
            var filter = lines.ReadByte();
            var line = all.AsSpan(y * lineBytes, lineBytes);
            lines.ReadExactly(line);
            for (var x = 0; x < lineBytes; x++)
            {
                int left = x < samplesPerPixel ? 0 : line[x - samplesPerPixel], up = above[x];
                var corner = x < samplesPerPixel ? 0 : above[x - samplesPerPixel];
                line[x] += (byte)(filter switch
                {
                    0 => 0,
                    1 => left,
                    2 => up,
                    3 => (left + up) / 2,
                    4 => Paeth(left, up, corner),
                    _ => throw new InvalidDataException($"there is no filter {filter}"),
                });
            }
            above = line;
        }
        return all;
    }

    private static int Paeth(int left, int up, int corner)
    {
        var guess = left + up - corner;
        var (toLeft, toUp, toCorner) = (Math.Abs(guess - left), Math.Abs(guess - up), Math.Abs(guess - corner));
        return toLeft <= toUp && toLeft <= toCorner ? left : toUp <= toCorner ? up : corner;
    }
}
