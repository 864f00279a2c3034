using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using ActorSock.Digests;

namespace ActorSock.Benchmarks.Digests;

/// <summary>Measures MD5 in one lane and in many, beside the framework's, by turns in one run.</summary>
internal static class DigestRuns
{
    private const int BlockBytes = 1 << 20;
    private const int PageBytes = 4096;
    private const int UncachedBytes = 512 << 20;
    private const int RoundsCount = 31;
    private const int RoundBytesMin = 16 << 20;

    public static int Run()
    {
        var contenders = Contenders().ToArray();
        // The runtime compiles the methods around the kernels again after some 30 calls.
        foreach (var contender in contenders)
            for (var i = 0; i < 5; i++) contender.Measure();
        for (var round = 0; round < RoundsCount; round++)
            foreach (var contender in contenders) contender.Rates.Add(contender.Measure());

        Console.WriteLine(
            $"blocks of {BlockBytes >> 20} MiB, {RoundsCount} rounds by turns, widest kernel {Md5Lanes.Widest}, "
            + $"AVX-512 {Avx512F.IsSupported}");
        Console.WriteLine($"{"",-26}{"GB/cpu s",12}{"best",8}{"x framework",13}{"of bests",10}");
        var framework = contenders[0].Rates;
        foreach (var (name, _, rates) in contenders)
            Console.WriteLine(
                $"{name,-26}{Median(rates),12:F2}{rates.Max(),8:F2}{Median(rates) / Median(framework),13:F2}"
                + $"{rates.Max() / framework.Max(),10:F2}");
        return 0;
    }

    private static IEnumerable<Contender> Contenders()
    {
        var blocks = Enumerable.Range(0, 32).Select(_ => AlignedBlock(BlockBytes)).ToArray();
        var framework = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        yield return new("framework, one lane", () => Measure(1, () => framework.AppendData(blocks[0].Span)), []);
        var stream = new Md5Stream();
        yield return new("one lane", () => Measure(1, () => stream.Append(blocks[0].Span)), []);

        foreach (var (width, counts) in Shapes())
        {
            if (width > Md5Lanes.Widest) continue;
            foreach (var count in counts)
            {
                var lanes = blocks.Take(count).Select(block => new Md5Lane(new Md5Stream(), block)).ToArray();
                var kernel = new Md5Lanes(width);
                yield return new(
                    $"{count} lanes, up to {width}", () => Measure(count, () => kernel.Append(lanes)), []);
            }
        }
        yield return FromMemory((int)Md5Lanes.Widest);
    }

    /// <summary>No byte is in a cache, nor is its page's address.</summary>
    private static Contender FromMemory(int count)
    {
        var lengths = Enumerable.Range(0, count).Select(_ => AlignedBlock(UncachedBytes / count)).ToArray();
        var kernel = new Md5Lanes();
        var streams = lengths.Select(_ => new Md5Stream()).ToArray();
        var at = 0;
        return new($"{count} lanes, from memory", () => Measure(count, DigestNext), []);

        void DigestNext()
        {
            kernel.Append([.. streams.Select((stream, lane) => new Md5Lane(stream, lengths[lane].Slice(at, BlockBytes)))]);
            at = (at + BlockBytes) % lengths[0].Length;
        }
    }

    /// <summary>Begins at a page, as the server's blocks do: lanes that begin at the same place of a page
    /// compete for the same lines of the first cache.</summary>
    private static unsafe Memory<byte> AlignedBlock(int bytes)
    {
        var room = GC.AllocateArray<byte>(bytes + PageBytes, pinned: true);
        RandomNumberGenerator.Fill(room);
        fixed (byte* start = room) return room.AsMemory((int)(PageBytes - (nint)start % PageBytes), bytes);
    }

    private static IEnumerable<(Md5Width, int[])> Shapes() =>
    [
        (Md5Width.Sixteen, [2, 4, 8, 9, 12, 16, 24, 32]), (Md5Width.Eight, [8, 16]), (Md5Width.Four, [4, 8]),
    ];

    /// <summary>GB (10^9 bytes) in a second of this process's CPU time: what else runs on the machine takes none
    /// of it.</summary>
    private static double Measure(int lanes, Action digest)
    {
        var times = Math.Max(1, RoundBytesMin / (lanes * BlockBytes));
        var start = Environment.CpuUsage.TotalTime;
        for (var i = 0; i < times; i++) digest();
        return (double)times * lanes * BlockBytes / (Environment.CpuUsage.TotalTime - start).TotalNanoseconds;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    private sealed record Contender(string Name, Func<double> Measure, List<double> Rates);
}
