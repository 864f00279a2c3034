using System.ComponentModel.DataAnnotations;

namespace ActorSock.Settings;

/// <summary>What a setting may be.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class AllowedAttribute : ValidationAttribute
{
    /// <summary>What is allowed, as a noun: <c>a duration from 10ms to 1h</c>.</summary>
    public abstract string Allowed { get; }
}

/// <summary>A length of time.</summary>
/// <param name="min">The shortest that is allowed, with its unit.</param>
/// <param name="max">The longest that is allowed, with its unit.</param>
public sealed class DurationAttribute(string min, string max) : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => $"a duration from {min} to {max}";
}

/// <summary>A number of bytes.</summary>
/// <param name="min">The fewest that are allowed, with the unit.</param>
/// <param name="max">The most that are allowed, with the unit.</param>
public sealed class SizeAttribute(string min, string max) : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => $"a size from {min} to {max}";
}

/// <summary>A whole number.</summary>
/// <param name="min">The smallest that is allowed.</param>
/// <param name="max">The largest that is allowed.</param>
public sealed class CountAttribute(int min, int max) : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => $"a whole number from {min} to {max}";
}

/// <summary>A text that is not empty.</summary>
public sealed class TextAttribute : AllowedAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "a text that is not empty";
}
