using System.Diagnostics.CodeAnalysis;
using System.Globalization;

namespace ActorSock.Settings;

/// <summary>A whole number.</summary>
/// <param name="min">The smallest that is allowed.</param>
/// <param name="max">The largest that is allowed.</param>
public sealed class CountAttribute(int min, int max) : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => $"a whole number from {min} to {max}";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is int count && count >= min && count <= max;

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        const NumberStyles digits = NumberStyles.AllowLeadingSign;
        var valid = int.TryParse(text, digits, CultureInfo.InvariantCulture, out var count) && IsValid(count);
        bindable = valid ? text : null;
        why = valid ? null : $"must be {Allowed}";
        return valid;
    }
}
