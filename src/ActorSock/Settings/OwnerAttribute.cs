using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Settings;

/// <summary>Whose a file becomes, as of <c>chown</c>, or off.</summary>
public sealed class OwnerAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "USER, USER:GROUP, :GROUP or off";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is null || (value is string text && IsOwner(text));

    internal override bool MayBeOff => true;

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        bindable = IsOwner(text) ? text : null;
        why = bindable is null ? $"must be {Allowed}" : null;
        return bindable is not null;
    }

    private static bool IsOwner(string text) => text.Split(':') switch
    {
        [var user] => IsName(user),
        [var user, var group] => (user.Length == 0 || IsName(user)) && IsName(group),
        _ => false,
    };

    private static bool IsName(string text) =>
        text.Length > 0 && !text.Any(letter => char.IsWhiteSpace(letter) || char.IsControl(letter));
}
