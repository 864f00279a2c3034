using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Settings;

/// <summary>The path of a file or folder.</summary>
public sealed class PathAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "a path that is not empty";

    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is null || (value is string text && !string.IsNullOrWhiteSpace(text) && !text.Contains('\0'));

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        bindable = IsValid(text) ? text : null;
        why = bindable is null ? $"must be {Allowed}" : null;
        return bindable is not null;
    }
}
