using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Settings;

/// <summary>Permissions of a file, in octal digits as of <c>chmod</c>.</summary>
public sealed class FileModeAttribute : AllowedAttribute
{
    private const int All = 0x1FF; // 0777

    /// <inheritdoc/>
    public override string Allowed => "permissions in octal digits, 0000 to 0777";

    /// <inheritdoc/>
    public override bool IsValid(object? value) => value is UnixFileMode mode && ((int)mode & ~All) == 0;

    internal override bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why)
    {
        var valid = text.Length is 3 or 4 && text.All(digit => digit is >= '0' and <= '7')
            && IsValid((UnixFileMode)Convert.ToInt32(text, 8));
        bindable = valid ? ((UnixFileMode)Convert.ToInt32(text, 8)).ToString() : null;
        why = valid ? null : $"must be {Allowed}";
        return valid;
    }
}
