using System.Globalization;

namespace ActorSock.Hocon;

/// <summary>Writes a value in the notation that .NET's binder reads for a type.</summary>
internal static class Conversion
{
    /// <exception cref="HoconException">The value is none of that type.</exception>
    public static string ForBinder(HoconScalar value, Type? type)
    {
        if (type is null)
            return value.Text;
        if (type == typeof(TimeSpan))
            return Duration(value);
        if (type == typeof(bool))
            return Boolean(value);
        return RangeOf(type) is { } range ? Whole(value, range.Min, range.Max) : value.Text;
    }

    // "00:01:30" is .NET's own notation; nothing in HOCON's looks like it.
    private static string Duration(HoconScalar value) =>
        value.Text.Contains(':', StringComparison.Ordinal)
        && TimeSpan.TryParse(value.Text, CultureInfo.InvariantCulture, out var plain)
            ? plain.ToString("c", CultureInfo.InvariantCulture)
            : value.GetDuration().ToString("c", CultureInfo.InvariantCulture);

    // "True" is how .NET writes it, so it comes in from environment variables.
    private static string Boolean(HoconScalar value) =>
        (bool.TryParse(value.Text, out var plain) ? plain : value.GetBoolean()) ? "True" : "False";

    private static string Whole(HoconScalar value, decimal min, decimal max)
    {
        if (!HoconConversions.TrySize(value.Text, out var number))
            throw HoconConversions.Unexpected(value, "a whole number or " + HoconConversions.SizeExpected);
        return number >= min && number <= max
            ? number.ToString("F0", CultureInfo.InvariantCulture)
            : throw HoconConversions.Unexpected(value, $"a whole number from {min} to {max}");
    }

    private static (decimal Min, decimal Max)? RangeOf(Type type) => Type.GetTypeCode(type) switch
    {
        _ when type.IsEnum => null,
        TypeCode.SByte => (sbyte.MinValue, sbyte.MaxValue),
        TypeCode.Byte => (byte.MinValue, byte.MaxValue),
        TypeCode.Int16 => (short.MinValue, short.MaxValue),
        TypeCode.UInt16 => (ushort.MinValue, ushort.MaxValue),
        TypeCode.Int32 => (int.MinValue, int.MaxValue),
        TypeCode.UInt32 => (uint.MinValue, uint.MaxValue),
        TypeCode.Int64 => (long.MinValue, long.MaxValue),
        TypeCode.UInt64 => (ulong.MinValue, ulong.MaxValue),
        _ => null,
    };
}
