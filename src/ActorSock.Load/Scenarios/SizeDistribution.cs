using System.Globalization;
using ActorSock.Hocon;

namespace ActorSock.Load.Scenarios;

/// <summary>Says how large each file is. The same seed gives the same sizes.</summary>
internal abstract record SizeDistribution
{
    private const string Allowed = "a size is written 4KiB, 1KiB..1MiB (each as likely), lognormal:MEDIAN:SIGMA:MAX such as "
        + "lognormal:64KiB:1.5:64MiB, or SIZE:WEIGHT,SIZE:WEIGHT such as 4KiB:90,1MiB:10";

    private const ulong FirstDraw = 0x5123, SecondDraw = 0x5124;

    private SizeDistribution() { }

    /// <summary>The largest size that comes up, in bytes.</summary>
    public abstract long MaxBytes { get; }

    /// <summary>The sizes, when they are few; null when they may be any.</summary>
    public virtual IReadOnlyList<long>? Sizes => null;

    /// <summary>Bytes of the file with this number.</summary>
    public abstract long SizeOf(ulong seed, long number);

    /// <summary>All files have this size.</summary>
    public sealed record Fixed(long Bytes) : SizeDistribution
    {
        public override long MaxBytes => Bytes;

        public override IReadOnlyList<long> Sizes => [Bytes];

        public override long SizeOf(ulong seed, long number) => Bytes;

        public override string ToString() => Written(Bytes);
    }

    /// <summary>Each size between two is as likely as any other.</summary>
    public sealed record Uniform(long MinBytes, long To) : SizeDistribution
    {
        public override long MaxBytes => To;

        public override long SizeOf(ulong seed, long number) =>
            MinBytes + (long)(Mix.FractionOf(seed ^ FirstDraw, (ulong)number) * (To - MinBytes + 1));

        public override string ToString() => $"{Written(MinBytes)}..{Written(To)}";
    }

    /// <summary>Many small ones, few that are very large, as on real disks. What is over the maximum gets it.</summary>
    /// <param name="MedianBytes">As many files are smaller as are larger.</param>
    /// <param name="Sigma">The standard deviation of the logarithm: 1 has 2 % over 8 times the median, 2 has 15 %.</param>
    /// <param name="Max">The largest.</param>
    public sealed record LogNormal(long MedianBytes, double Sigma, long Max) : SizeDistribution
    {
        public override long MaxBytes => Max;

        public override long SizeOf(ulong seed, long number)
        {
            // Box and Muller: two even fractions make a normal one.
            var first = 1 - Mix.FractionOf(seed ^ FirstDraw, (ulong)number);
            var second = Mix.FractionOf(seed ^ SecondDraw, (ulong)number);
            var normal = Math.Sqrt(-2 * Math.Log(first)) * Math.Cos(2 * Math.PI * second);
            return (long)Math.Min(MedianBytes * Math.Exp(Sigma * normal), Max);
        }

        public override string ToString() =>
            string.Create(CultureInfo.InvariantCulture, $"lognormal:{Written(MedianBytes)}:{Sigma}:{Written(Max)}");
    }

    /// <summary>Some sizes, each as often as its weight says.</summary>
    public sealed record Weighted(IReadOnlyList<(long Bytes, double Weight)> Choices) : SizeDistribution
    {
        private readonly double _sum = Choices.Sum(choice => choice.Weight);

        public override long MaxBytes => Choices.Max(choice => choice.Bytes);

        public override IReadOnlyList<long> Sizes => [.. Choices.Select(choice => choice.Bytes).Distinct()];

        public override long SizeOf(ulong seed, long number)
        {
            var at = Mix.FractionOf(seed ^ FirstDraw, (ulong)number) * _sum;
            foreach (var (bytes, weight) in Choices)
                if ((at -= weight) < 0) return bytes;
            return Choices[^1].Bytes; // a fraction so near to 1 that the sums are rounded past it
        }

        public override string ToString() => string.Join(',', Choices.Select(choice =>
            string.Create(CultureInfo.InvariantCulture, $"{Written(choice.Bytes)}:{choice.Weight}")));
    }

    /// <summary>Reads one as it is written in options and scenarios.</summary>
    /// <param name="text">What was written.</param>
    /// <param name="sizes">What it says, when true.</param>
    /// <param name="why">What is wrong and what is allowed, when false.</param>
    public static bool TryParse(string text, out SizeDistribution sizes, out string why)
    {
        SizeDistribution? read = null;
        if (text.StartsWith("lognormal:", StringComparison.Ordinal)) read = ReadLogNormal(text.Split(':'));
        else if (text.Contains("..", StringComparison.Ordinal)) read = ReadUniform(text.Split(".."));
        else if (text.Contains(':')) read = ReadWeighted(text.Split(','));
        else if (ReadSize(text) is { } bytes) read = new Fixed(bytes);
        sizes = read ?? new Fixed(0);
        why = read is null ? $"'{text}' is no size: {Allowed}" : "";
        return read is not null;
    }

    private static LogNormal? ReadLogNormal(string[] words) =>
        words.Length == 4 && ReadSize(words[1]) is > 0 and var median && ReadNumber(words[2]) is { } sigma
            && ReadSize(words[3]) is { } max && max >= median
            ? new LogNormal(median, sigma, max) : null;

    private static Uniform? ReadUniform(string[] words) =>
        words.Length == 2 && ReadSize(words[0]) is { } min && ReadSize(words[1]) is { } max && max >= min
            ? new Uniform(min, max) : null;

    private static Weighted? ReadWeighted(string[] words)
    {
        var choices = new List<(long, double)>();
        foreach (var word in words.Select(word => word.Split(':')))
        {
            if (word.Length != 2 || ReadSize(word[0]) is not { } bytes || ReadNumber(word[1]) is not { } weight) return null;
            choices.Add((bytes, weight));
        }
        return new Weighted(choices);
    }

    private static long? ReadSize(string text) =>
        HoconConversions.TryParseSize(text.Trim(), out var bytes) && bytes is >= 0 and <= 1L << 44 ? bytes : null;

    private static double? ReadNumber(string text) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && number is > 0 and < 1e9
            ? number : null;

    private static string Written(long bytes)
    {
        string[] units = ["", "KiB", "MiB", "GiB", "TiB"];
        var unit = 0;
        while (unit + 1 < units.Length && bytes > 0 && bytes % 1024 == 0) (bytes, unit) = (bytes / 1024, unit + 1);
        return $"{bytes}{units[unit]}";
    }
}
