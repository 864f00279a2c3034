using System.Text.RegularExpressions;

namespace ActorSock.Settings;

/// <summary>A list of such texts, which may be empty; a single one needs no brackets.</summary>
public abstract class TextsAttribute : TextAttribute
{
    internal sealed override bool MayBeList => true;

    internal sealed override bool MayBeEmpty => true;

    /// <inheritdoc/>
    public sealed override bool IsValid(object? value) =>
        value is IEnumerable<string> texts && texts.All(text => Wrong(text) is null);
}

/// <summary>Arguments of a program.</summary>
public sealed class ArgumentsAttribute : TextsAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "a list of arguments";

    private protected override string? Wrong(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? "an argument has no zero character" : null;
}

/// <summary>Regular expressions that arguments must match.</summary>
public sealed class PatternsAttribute : TextsAttribute
{
    // No input makes this engine slow; for that, it knows no look-arounds and no back-references.
    private const RegexOptions Options = RegexOptions.NonBacktracking | RegexOptions.CultureInvariant;

    /// <inheritdoc/>
    public override string Allowed => "a list of regular expressions";

    /// <summary>Makes one match a whole argument or nothing.</summary>
    /// <exception cref="ArgumentException">It is no regular expression.</exception>
    /// <exception cref="NotSupportedException">It has a look-around or a back-reference, or is too large.</exception>
    internal static Regex Whole(string pattern)
    {
        _ = new Regex(pattern, Options); // by itself: a)|(b would be something else between brackets
        return new Regex($@"\A(?:{pattern})\z", Options);
    }

    private protected override string? Wrong(string text)
    {
        try
        {
            Whole(text);
            return null;
        }
        catch (Exception wrong) when (wrong is ArgumentException or NotSupportedException)
        {
            return $"'{text}' is none: {wrong.Message}";
        }
    }
}

/// <summary>The environment of a program.</summary>
public sealed class EnvironmentAttribute : TextsAttribute
{
    /// <inheritdoc/>
    public override string Allowed => "a list of NAME=VALUE";

    private protected override string? Wrong(string text) =>
        text.Contains('\0', StringComparison.Ordinal) ? "there is no zero character in it"
        : text.IndexOf('=', StringComparison.Ordinal) < 1 ? $"'{text}' has no name, or no = behind it" : null;
}
