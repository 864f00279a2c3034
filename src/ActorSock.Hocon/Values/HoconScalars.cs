using System.Globalization;

namespace ActorSock.Hocon;

/// <summary>A value that is neither object nor array.</summary>
public abstract class HoconScalar : HoconValue
{
    private protected HoconScalar(string text, HoconOrigin? origin)
        : base(origin, depth: 0, size: 1 + text.Length) => Text = text;

    /// <summary>
    /// The value as text: a string as it is, a number as it was written, <c>true</c>, <c>null</c>.
    /// </summary>
    public string Text { get; }

    /// <inheritdoc/>
    public sealed override bool Equals(HoconValue? other) =>
        other is HoconScalar scalar && other.GetType() == GetType() && scalar.Text == Text;

    /// <inheritdoc/>
    public sealed override int GetHashCode() =>
        HashCode.Combine(GetType(), string.GetHashCode(Text, StringComparison.Ordinal));
}

/// <summary>Text, whether it was quoted or not.</summary>
public sealed class HoconString(string text, HoconOrigin? origin = null) : HoconScalar(text, origin)
{
    /// <inheritdoc/>
    public override string Kind => "a string";
}

/// <summary>A number in the notation of JSON, kept as it was written.</summary>
public sealed class HoconNumber : HoconScalar
{
    /// <summary>Makes a number of its notation.</summary>
    /// <exception cref="FormatException">The text is no number in the notation of JSON.</exception>
    public HoconNumber(string text, HoconOrigin? origin = null) : base(text, origin)
    {
        if (!IsNumber(text))
            throw new FormatException("this is no number in the notation of JSON");
    }

    /// <summary>Makes a whole number.</summary>
    public HoconNumber(long number, HoconOrigin? origin = null)
        : base(number.ToString(CultureInfo.InvariantCulture), origin)
    {
    }

    /// <inheritdoc/>
    public override string Kind => "a number";

    // RFC 8259 section 6: -? (0 | [1-9][0-9]*) (. [0-9]+)? ([eE] [+-]? [0-9]+)?
    internal static bool IsNumber(ReadOnlySpan<char> text)
    {
        if (text is ['-', ..])
            text = text[1..];
        var whole = Digits(text);
        if (whole == 0 || (whole > 1 && text[0] == '0'))
            return false;
        text = text[whole..];
        if (text is ['.', ..])
        {
            var fraction = Digits(text[1..]);
            if (fraction == 0)
                return false;
            text = text[(1 + fraction)..];
        }
        if (text is ['e' or 'E', ..])
        {
            text = text[1..];
            if (text is ['+' or '-', ..])
                text = text[1..];
            return Digits(text) is var exponent && exponent > 0 && exponent == text.Length;
        }
        return text.IsEmpty;
    }

    private static int Digits(ReadOnlySpan<char> text)
    {
        var other = text.IndexOfAnyExceptInRange('0', '9');
        return other < 0 ? text.Length : other;
    }
}

/// <summary><c>true</c> or <c>false</c>.</summary>
public sealed class HoconBoolean(bool value, HoconOrigin? origin = null)
    : HoconScalar(value ? "true" : "false", origin)
{
    /// <summary>Which of the two.</summary>
    public bool Value { get; } = value;

    /// <inheritdoc/>
    public override string Kind => "a boolean";
}

/// <summary><c>null</c>: the key is there, and says that there is nothing.</summary>
public sealed class HoconNull(HoconOrigin? origin = null) : HoconScalar("null", origin)
{
    /// <inheritdoc/>
    public override string Kind => "null";
}
