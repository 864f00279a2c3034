namespace ActorSock.Wire;

/// <summary>Finds the end of a JSON object in bytes that arrive piecemeal, looking at each once.</summary>
/// <remarks>It knows of JSON what the end depends on (strings, escapes, brackets) and refuses early what can
/// never become an object; <see cref="HeaderFields"/> judges the rest when the end is there.</remarks>
internal struct ObjectScanner
{
    /// <summary>The deepest nesting that is accepted, in brackets.</summary>
    public const int DepthMax = 64;

    private int _scanned;
    private int _depth;
    private ulong _braces;      // bit n: the bracket at depth n is a brace
    private bool _inString;
    private bool _escaped;

    /// <summary>Bytes from the first to the closing brace; 0 until that was seen.</summary>
    public int End { get; private set; }

    /// <summary>What makes the bytes no object; null while they can be one.</summary>
    public string? Broken { get; private set; }

    /// <summary>Looks at the bytes that it has not seen, up to <paramref name="bytesMax"/> in all.</summary>
    /// <returns>True when it knows: <see cref="End"/> or <see cref="Broken"/> is set.</returns>
    public bool Scan(ReadOnlySpan<byte> unread, int bytesMax)
    {
        var stop = Math.Min(unread.Length, bytesMax);
        while (_scanned < stop && !IsKnown) Take(unread[_scanned++]);
        return IsKnown;
    }

    private readonly bool IsKnown => End > 0 || Broken is not null;

    private void Take(byte value)
    {
        if (_inString) TakeInString(value);
        else
            switch (value)
            {
                case (byte)'"': _inString = true; break;
                case (byte)'{' or (byte)'[': Open(value == '{'); break;
                case (byte)'}' or (byte)']': Close(value == '}'); break;
                default:
                    if (!CanStandOutsideStrings(value)) Break(value);
                    break;
            }
    }

    private void TakeInString(byte value)
    {
        if (value < 0x20) Break(value);
        else if (_escaped) _escaped = false;
        else if (value == '\\') _escaped = true;
        else if (value == '"') _inString = false;
    }

    private void Open(bool isBrace)
    {
        if (_depth == DepthMax)
        {
            Broken = $"it is nested deeper than {DepthMax}";
            return;
        }
        var bit = 1UL << _depth++;
        _braces = isBrace ? _braces | bit : _braces & ~bit;
    }

    private void Close(bool isBrace)
    {
        var opened = 1UL << --_depth;
        if ((_braces & opened) != 0 != isBrace) Break(isBrace ? (byte)'}' : (byte)']');
        else if (_depth == 0) End = _scanned;
    }

    private void Break(byte value) => Broken = $"byte {value:X2} at {_scanned - 1} cannot stand there";

    private static bool CanStandOutsideStrings(byte value) => value is
        (byte)' ' or (byte)'\t' or (byte)'\n' or (byte)'\r'
        or (byte)':' or (byte)',' or (byte)'-' or (byte)'+' or (byte)'.' or (>= (byte)'0' and <= (byte)'9')
        or (>= (byte)'a' and <= (byte)'z') or (byte)'E';
}
