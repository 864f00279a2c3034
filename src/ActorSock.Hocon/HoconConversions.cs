using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorSock.Hocon.Parsing;

namespace ActorSock.Hocon;

/// <summary>Reads values as what a setting needs: durations, sizes, numbers, booleans, lists.</summary>
/// <remarks>
/// A value stays the text that was written until somebody asks: <c>10s</c> is ten seconds for a setting that
/// is a duration and three characters for one that is a string. The methods on values throw a
/// <see cref="HoconException"/> that names the place of the value; <c>null</c>, objects and arrays are never
/// converted.
/// </remarks>
public static class HoconConversions
{
    private static readonly Dictionary<string, decimal> TicksByUnit = Table(
        ("ns nano nanos nanosecond nanoseconds", 1m / TimeSpan.NanosecondsPerTick),
        ("us micro micros microsecond microseconds", TimeSpan.TicksPerMicrosecond),
        ("ms milli millis millisecond milliseconds", TimeSpan.TicksPerMillisecond),
        ("s second seconds", TimeSpan.TicksPerSecond),
        ("m minute minutes", TimeSpan.TicksPerMinute),
        ("h hour hours", TimeSpan.TicksPerHour),
        ("d day days", TimeSpan.TicksPerDay));

    // Zetta and yotta are in the specification, and more than a long can count; they are known so that the
    // complaint is about the size and not about the unit.
    private static readonly Dictionary<string, decimal> BytesByUnit = Table(
        [("B b byte bytes", 1m), .. Powers(1000, "kB kilobyte kilobytes", "MB megabyte megabytes",
            "GB gigabyte gigabytes", "TB terabyte terabytes", "PB petabyte petabytes", "EB exabyte exabytes",
            "ZB zettabyte zettabytes", "YB yottabyte yottabytes"),
        .. Powers(1024, "K k Ki KiB kibibyte kibibytes", "M m Mi MiB mebibyte mebibytes",
            "G g Gi GiB gibibyte gibibytes", "T t Ti TiB tebibyte tebibytes",
            "P p Pi PiB pebibyte pebibytes", "E e Ei EiB exbibyte exbibytes",
            "Z z Zi ZiB zebibyte zebibytes", "Y y Yi YiB yobibyte yobibytes")]);

    internal const string DurationExpected = "a duration such as 500ms, 10s, 5 minutes, 1.5h or 7d";
    internal const string SizeExpected = "a size such as 512, 64KiB, 10 MB or 1GiB";

    /// <summary>
    /// Reads a duration: a number with an optional fraction and a unit (ns, us, ms, s, m, h, d or their long
    /// names, in lower case); without unit it is milliseconds. Parts of 100 ns are rounded.
    /// </summary>
    /// <returns>Whether the text is a duration that a <see cref="TimeSpan"/> can hold.</returns>
    public static bool TryParseDuration([NotNullWhen(true)] string? text, out TimeSpan duration)
    {
        duration = default;
        if (!TryUnits(text, TicksByUnit, "ms", out var ticks) || ticks is < long.MinValue or > long.MaxValue)
            return false;
        duration = TimeSpan.FromTicks((long)decimal.Round(ticks));
        return true;
    }

    /// <summary>
    /// Reads a number of bytes: a number with an optional fraction and a unit; kB, MB, GB, TB... are powers
    /// of 1000, K, KiB, M, MiB, G, GiB... powers of 1024; without unit it is bytes.
    /// </summary>
    /// <returns>Whether the text is a whole number of bytes that a <see cref="long"/> can hold.</returns>
    public static bool TryParseSize([NotNullWhen(true)] string? text, out long bytes)
    {
        bytes = 0;
        if (!TrySize(text, out var size) || size is < long.MinValue or > long.MaxValue)
            return false;
        bytes = (long)size;
        return true;
    }

    /// <summary>Reads <c>true</c>, <c>yes</c>, <c>on</c>, <c>false</c>, <c>no</c> or <c>off</c>.</summary>
    public static bool TryParseBoolean([NotNullWhen(true)] string? text, out bool value)
    {
        value = text is "true" or "yes" or "on";
        return value || text is "false" or "no" or "off";
    }

    /// <summary>The text of a simple value.</summary>
    public static string GetString(this HoconValue value) =>
        Text(value) ?? throw Unexpected(value, "a string");

    /// <summary><c>true</c>, <c>yes</c>, <c>on</c>, <c>false</c>, <c>no</c> or <c>off</c>.</summary>
    public static bool GetBoolean(this HoconValue value) =>
        TryParseBoolean(Text(value), out var parsed)
            ? parsed
            : throw Unexpected(value, "true or false (or yes, no, on, off)");

    /// <summary>A whole number; <c>1e3</c> and <c>2.0</c> are some.</summary>
    public static int GetInt32(this HoconValue value) => (int)Whole(value, int.MinValue, int.MaxValue);

    /// <summary>A whole number; <c>1e3</c> and <c>2.0</c> are some.</summary>
    public static long GetInt64(this HoconValue value) => (long)Whole(value, long.MinValue, long.MaxValue);

    /// <summary>A number to 28 digits.</summary>
    public static decimal GetDecimal(this HoconValue value) =>
        TryNumber(Text(value), out var number) ? number : throw Unexpected(value, "a number");

    /// <summary>A finite number.</summary>
    public static double GetDouble(this HoconValue value) =>
        double.TryParse(Text(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number)
        && double.IsFinite(number)
            ? number
            : throw Unexpected(value, "a number");

    /// <summary>A duration, see <see cref="TryParseDuration"/>.</summary>
    public static TimeSpan GetDuration(this HoconValue value) =>
        TryParseDuration(Text(value), out var span) ? span : throw Unexpected(value, DurationExpected);

    /// <summary>A number of bytes, see <see cref="TryParseSize"/>.</summary>
    public static long GetSize(this HoconValue value) =>
        TryParseSize(Text(value), out var bytes) ? bytes : throw Unexpected(value, SizeExpected);

    /// <summary>An array, or an object whose keys are indices (<c>a.0 = x, a.1 = y</c>).</summary>
    public static IReadOnlyList<HoconValue> GetList(this HoconValue value) =>
        value as HoconArray ?? (value as HoconObject)?.AsArray() ?? throw Unexpected(value, "an array");

    // Wider than a long: every integral type of .NET fits.
    internal static bool TrySize([NotNullWhen(true)] string? text, out decimal bytes) =>
        TryUnits(text, BytesByUnit, "B", out bytes) && bytes == decimal.Truncate(bytes);

    internal static HoconException Unexpected(HoconValue value, string expected)
    {
        var found = Text(value) is { } text ? $"'{Escaped.Excerpt(text)}'" : value.Kind;
        return new(value.Origin, $"expected {expected} but found {found}");
    }

    private static string? Text(HoconValue value) => value is HoconNull ? null : (value as HoconScalar)?.Text;

    private static decimal Whole(HoconValue value, long min, long max)
    {
        if (!TryNumber(Text(value), out var number) || number != decimal.Truncate(number))
            throw Unexpected(value, "a whole number");
        return number >= min && number <= max
            ? number
            : throw Unexpected(value, $"a whole number from {min} to {max}");
    }

    private static bool TryNumber(ReadOnlySpan<char> text, out decimal number) =>
        decimal.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out number);

    private static bool TryUnits(
        [NotNullWhen(true)] string? text,
        Dictionary<string, decimal> units,
        string defaultUnit,
        out decimal amount)
    {
        amount = 0;
        if (text is null)
            return false;
        var trimmed = text.AsSpan().Trim();
        var digits = trimmed.Length;
        while (digits > 0 && char.IsLetter(trimmed[digits - 1]))
            digits--;
        var unit = digits == trimmed.Length ? defaultUnit : trimmed[digits..].ToString();
        if (!units.TryGetValue(unit, out var factor) || !TryNumber(trimmed[..digits], out var number))
            return false;
        try
        {
            amount = number * factor;
            return true;
        }
        catch (OverflowException)
        {
            // decimal has no multiplication that reports instead of throwing; too much is simply no valid
            // amount.
            return false;
        }
    }

    private static Dictionary<string, decimal> Table(params (string Units, decimal Factor)[] rows) =>
        rows.SelectMany(row => row.Units.Split(' ').Select(unit => (unit, row.Factor)))
            .ToDictionary(entry => entry.unit, entry => entry.Factor, StringComparer.Ordinal);

    private static IEnumerable<(string Units, decimal Factor)> Powers(int radix, params string[] units)
    {
        var factor = 1m;
        foreach (var unit in units)
            yield return (unit, factor *= radix);
    }
}
