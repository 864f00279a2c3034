using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using ActorSock.Hocon;

namespace ActorSock.Settings;

/// <summary>A length of time.</summary>
/// <param name="min">The shortest that is allowed, with its unit.</param>
/// <param name="max">The longest that is allowed, with its unit.</param>
public sealed class DurationAttribute(string min, string max) : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => $"a duration from {min} to {max}";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is TimeSpan span && span >= Duration(min) && span <= Duration(max);

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        bindable = why = null;
        // HOCON takes a number without unit for milliseconds: who writes 300 here means something else.
        if (decimal.TryParse(text, CultureInfo.InvariantCulture, out var number) && number != 0)
            why = $"has no unit: write {text}ms or {text}s, {Allowed}";
        else if (!HoconConversions.TryParseDuration(text, out var span) || !IsValid(span))
            why = $"must be {Allowed}";
        else
            bindable = span.ToString("c", CultureInfo.InvariantCulture);
        return bindable is not null;
    }

    private static TimeSpan Duration(string text) => HoconConversions.TryParseDuration(text, out var span)
        ? span
        : throw new FormatException($"{text} is no duration");
}
