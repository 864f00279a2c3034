using System.ComponentModel.DataAnnotations;
using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Settings;

/// <summary>What a setting may be, and how the text of a configuration becomes it.</summary>
[AttributeUsage(AttributeTargets.Property)]
public abstract class AllowedAttribute : ValidationAttribute
{
    /// <summary>What is allowed, as a noun: <c>a duration from 10ms to 1h</c>.</summary>
    public abstract string Allowed { get; }

    /// <summary>What a setting says to have nothing there.</summary>
    internal const string Off = "off";

    /// <summary>Whether off, or null, is a value too.</summary>
    internal virtual bool MayBeOff => false;

    /// <summary>Whether several values in a list are allowed too.</summary>
    internal virtual bool MayBeList => false;

    /// <summary>Whether such a list may be empty.</summary>
    internal virtual bool MayBeEmpty => false;

    /// <summary>Whether an entry of a section with free names may leave it out although nothing else has it.</summary>
    public bool Optional { get; set; }

    /// <summary>
    /// Checks what an operator wrote, and turns it into what the configuration binder reads.
    /// </summary>
    /// <param name="text">What was written.</param>
    /// <param name="bindable">The same for the binder.</param>
    /// <param name="why">What is wrong with it, as a sentence without subject: <c>must be ...</c>.</param>
    internal abstract bool TryRead(
        string text, [NotNullWhen(true)] out string? bindable, [NotNullWhen(false)] out string? why);

    /// <inheritdoc/>
    public override string FormatErrorMessage(string name) => $"{name} must be {Allowed}";
}
