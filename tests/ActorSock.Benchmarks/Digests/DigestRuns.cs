using System.Diagnostics;
using System.Runtime.Intrinsics.X86;
using System.Security.Cryptography;
using ActorSock.Digests;

namespace ActorSock.Benchmarks.Digests;

/// <summary>Measures MD5 in one lane and in many, beside the framework's, by turns in one run.</summary>
internal static class DigestRuns
{
    private const int BlockBytes = 1 << 20;
    private const int RoundsCount = 21;
    private const int RoundBytesMin = 32 << 20;

    public static int Run()
    {
        var contenders = Contenders().ToArray();
        foreach (var contender in contenders) contender.Measure();
        for (var round = 0; round < RoundsCount; round++)
            foreach (var contender in contenders) contender.Rates.Add(contender.Measure());

        Console.WriteLine($"blocks of {BlockBytes >> 20} MiB, {RoundsCount} rounds, widest kernel {Md5Lanes.Widest}, "
            + $"AVX-512 {Avx512F.IsSupported}");
        Console.WriteLine($"{"",-28}{"GB/s median",12}{"best",8}{"x framework",13}");
        var yardstick = Median(contenders[0].Rates);
        foreach (var (name, _, rates) in contenders)
            Console.WriteLine($"{name,-28}{Median(rates),12:F2}{rates.Max(),8:F2}{Median(rates) / yardstick,13:F2}");
        return 0;
    }

    private static IEnumerable<Contender> Contenders()
    {
        var blocks = Enumerable.Range(0, 32).Select(_ => RandomNumberGenerator.GetBytes(BlockBytes)).ToArray();
        var framework = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        yield return new("framework, one lane", () => Measure(1, () => framework.AppendData(blocks[0])), []);
        var stream = new Md5Stream();
        yield return new("one lane", () => Measure(1, () => stream.Append(blocks[0])), []);

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
    }

    private static IEnumerable<(Md5Width, int[])> Shapes() =>
    [
        (Md5Width.Sixteen, [2, 4, 8, 9, 12, 16, 24, 32]), (Md5Width.Eight, [8, 16]), (Md5Width.Four, [4, 8]),
    ];

    /// <summary>GB (10^9 bytes) in a second.</summary>
    private static double Measure(int lanes, Action digest)
    {
        var times = Math.Max(1, RoundBytesMin / (lanes * BlockBytes));
        var start = Stopwatch.GetTimestamp();
        for (var i = 0; i < times; i++) digest();
        return (double)times * lanes * BlockBytes / Stopwatch.GetElapsedTime(start).TotalNanoseconds;
    }

    private static double Median(List<double> rates) => rates.Order().ElementAt(rates.Count / 2);

    private sealed record Contender(string Name, Func<double> Measure, List<double> Rates);
}
