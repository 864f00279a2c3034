using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorSock.Hocon;

namespace ActorSock.Settings;

/// <summary>A number of bytes.</summary>
/// <param name="min">The fewest that are allowed, with the unit.</param>
/// <param name="max">The most that are allowed, with the unit.</param>
public sealed class SizeAttribute(string min, string max) : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => $"a size from {min} to {max}";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is long or int && Convert.ToInt64(value, CultureInfo.InvariantCulture) is var bytes
        && bytes >= Bytes(min) && bytes <= Bytes(max);

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        var valid = HoconConversions.TryParseSize(text, out var bytes) && IsValid(bytes);
        bindable = valid ? bytes.ToString(CultureInfo.InvariantCulture) : null;
        why = valid ? null : $"must be {Allowed}";
        return valid;
    }

    private static long Bytes(string text) => HoconConversions.TryParseSize(text, out var bytes)
        ? bytes
        : throw new FormatException($"{text} is no size");
}
