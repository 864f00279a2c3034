using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Settings;

/// <summary>A text that is taken as it is written, or that somebody can say what is wrong with.</summary>
public abstract class TextAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override bool IsValid(object? value) =>
        value is null ? MayBeOff : value is string text && Wrong(text) is null;

    internal sealed override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        var wrong = Wrong(text);
        bindable = wrong is null ? text : null;
        why = wrong is null ? null : $"must be {Allowed}: {wrong}";
        return wrong is null;
    }

    /// <summary>What is wrong with it, to be read after a colon; null when nothing is.</summary>
    private protected abstract string? Wrong(string text);
}
