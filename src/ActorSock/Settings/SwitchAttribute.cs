using System.Diagnostics.CodeAnalysis;
using ActorSock.Hocon;

namespace ActorSock.Settings;

/// <summary>Something that is done or not.</summary>
public sealed class SwitchAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "on or off";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is bool;

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        var valid = HoconConversions.TryParseBoolean(text, out var on);
        bindable = valid ? on ? bool.TrueString : bool.FalseString : null;
        why = valid ? null : $"must be {Allowed}";
        return valid;
    }
}
