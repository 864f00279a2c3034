using ActorSock.Digests;
using ActorSock.Load.Scenarios;
using ActorSock.Wire;

namespace ActorSock.Load.Bodies;

/// <summary>Knows size, name, content and digest of every file of a run, from its number alone.</summary>
/// <remarks>
/// A body is ink and a stamp. The digests of the ink up to where stamps can begin are kept, so that a file's digest costs a
/// few kilobytes' worth of MD5, whatever its size. Thread-safe.
/// </remarks>
internal sealed class FileBodies : IDisposable
{
    private const int MarksMax = 4096;
    private const int MarkBytesMin = 4096;
    private const string RudeWord = "rude-";
    private const long LargeBytes = 256 << 20;

    private readonly Scenario _scenario;
    private readonly Ink _ink;
    private readonly long[] _marks;             // bytes of ink up to which digests are kept, the least first
    private readonly Md5Stream[][] _digested;  // by mark, by variant

    /// <param name="scenario">Whose sizes and seed.</param>
    /// <param name="prefix">What all names begin with.</param>
    public FileBodies(Scenario scenario, string prefix)
    {
        (_scenario, Prefix) = (scenario, prefix);
        _ink = new Ink(scenario.Seed);
        _marks = Marks(scenario);
        _digested = Digest();
    }

    /// <summary>What all names begin with. No folder: what a node does to find one would be measured, too.</summary>
    public string Prefix { get; }

    /// <summary>What large bodies can be sent from without copying them; null where the system cannot.</summary>
    public Microsoft.Win32.SafeHandles.SafeFileHandle? InkFile => _ink.File;

    public TestFile FileOf(long number) => new(number, _scenario.Sizes.SizeOf(_scenario.Seed, number));

    /// <summary>The name of a file; names are in the order of their numbers, byte by byte.</summary>
    public string NameOf(long number) => $"{Prefix}{number:D10}";

    /// <summary>The name that a rude client announces. No file of that name may ever be seen.</summary>
    public string RudeNameOf(int connection) => $"{Prefix}{RudeWord}{connection}";

    /// <summary>Whether a rude client announces it.</summary>
    public bool IsRudeName(string name) => name.StartsWith(Prefix + RudeWord, StringComparison.Ordinal);

    public Md5Digest DigestOf(TestFile file)
    {
        var mark = Array.BinarySearch(_marks, file.InkBytes);
        if (mark < 0) mark = ~mark - 1;
        var digest = _digested[mark][VariantOf(file)].Clone();
        for (var at = _marks[mark]; at < file.InkBytes;)
        {
            var piece = InkOf(file, at).Span;
            digest.Append(piece);
            at += piece.Length;
        }
        Span<byte> end = stackalloc byte[Stamp.BytesMax];
        end = end[..(int)(file.Size - file.InkBytes)];
        Stamp.Write(_scenario.Seed, file.Number, end);
        digest.Append(end);
        Span<byte> bytes = stackalloc byte[Md5Digest.BytesCount];
        digest.GetDigest(bytes);
        return Md5Digest.FromBytes(bytes);
    }

    /// <summary>Copies what is so far into a body, as much as there is room for.</summary>
    /// <returns>How many bytes.</returns>
    public int Copy(TestFile file, long offset, Span<byte> room)
    {
        var copied = 0;
        while (copied < room.Length && offset < file.InkBytes)
        {
            var piece = InkOf(file, offset).Span;
            if (piece.Length > room.Length - copied) piece = piece[..(room.Length - copied)];
            piece.CopyTo(room[copied..]);
            copied += piece.Length;
            offset += piece.Length;
        }
        if (copied == room.Length || offset >= file.Size) return copied;
        Span<byte> end = stackalloc byte[Stamp.BytesMax];
        end = end[..(int)(file.Size - file.InkBytes)];
        Stamp.Write(_scenario.Seed, file.Number, end);
        end = end[(int)(offset - file.InkBytes)..];
        var count = Math.Min(end.Length, room.Length - copied);
        end[..count].CopyTo(room[copied..]);
        return copied + count;
    }

    /// <summary>Whether these bytes are what is so far into a body.</summary>
    public bool IsThere(TestFile file, long offset, ReadOnlySpan<byte> bytes)
    {
        while (bytes.Length > 0 && offset < file.InkBytes)
        {
            var piece = InkOf(file, offset).Span;
            var count = Math.Min(piece.Length, bytes.Length);
            if (!bytes[..count].SequenceEqual(piece[..count])) return false;
            bytes = bytes[count..];
            offset += count;
        }
        if (bytes.IsEmpty) return true;
        Span<byte> end = stackalloc byte[Stamp.BytesMax];
        return bytes.Length <= file.Size - offset && bytes.SequenceEqual(end[..Copy(file, offset, end)][..bytes.Length]);
    }

    /// <summary>Where in <see cref="InkFile"/> the ink is that is so far into a body, and how much lies there in one piece.</summary>
    public (long At, long Count) InFile(TestFile file, long offset)
    {
        var at = Ink.At(VariantOf(file), offset);
        return (at, Math.Min(Ink.PeriodBytes - at, file.InkBytes - offset));
    }

    public void Dispose() => _ink.Dispose();

    // Of very large files only one way through the ink is taken: digesting it is time that nobody is tested in.
    private int VariantOf(TestFile file) => _scenario.Sizes.MaxBytes > LargeBytes ? 0 : file.Variant;

    private ReadOnlyMemory<byte> InkOf(TestFile file, long offset)
    {
        var piece = _ink.From(VariantOf(file), offset);
        return piece.Length <= file.InkBytes - offset ? piece : piece[..(int)(file.InkBytes - offset)];
    }

    private static long[] Marks(Scenario scenario)
    {
        if (scenario.Sizes.Sizes is { Count: <= MarksMax } few)
            return [.. few.Select(size => new TestFile(0, size).InkBytes).Append(0).Distinct().Order()];
        var step = (long)MarkBytesMin;
        while (scenario.Sizes.MaxBytes / step >= MarksMax) step *= 2;
        return [.. Enumerable.Range(0, (int)(scenario.Sizes.MaxBytes / step) + 1).Select(mark => mark * step)];
    }

    /// <summary>Goes once through the ink, all variants side by side.</summary>
    private Md5Stream[][] Digest()
    {
        var lanes = new Md5Lanes();
        var streams = Enumerable.Range(0, _scenario.Sizes.MaxBytes > LargeBytes ? 1 : Ink.VariantsCount).Select(_ => new Md5Stream()).ToArray();
        var work = new Md5Lane[streams.Length];
        var kept = new Md5Stream[_marks.Length][];
        var at = 0L;
        for (var mark = 0; mark < _marks.Length; mark++)
        {
            while (at < _marks[mark])
            {
                var count = (int)Math.Min(_marks[mark] - at, 1 << 20);
                for (var variant = 0; variant < streams.Length; variant++)
                    count = Math.Min(count, _ink.From(variant, at).Length);
                for (var variant = 0; variant < streams.Length; variant++)
                    work[variant] = new Md5Lane(streams[variant], _ink.From(variant, at)[..count]);
                lanes.Append(work);
                at += count;
            }
            kept[mark] = [.. streams.Select(stream => stream.Clone())];
        }
        return kept;
    }
}
