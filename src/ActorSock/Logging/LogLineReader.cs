using System.Buffers;
using System.Text;

namespace ActorSock.Logging;

/// <summary>Makes lines of the log of bytes, however these are cut: a line is given out when it is whole.</summary>
/// <remarks>Of a text log the lines of an exception belong to the line before, so that one is held until the next begins.</remarks>
/// <param name="fromMiddle">the bytes begin anywhere: what belongs to a line before them is left out</param>
internal sealed class LogLineReader(bool fromMiddle = false)
{
    /// <summary>What is longer comes in pieces of this: no log has such lines, and memory has an end.</summary>
    public const int LineBytesMax = 1 << 20;

    private readonly ArrayBufferWriter<byte> _unfinished = new();
    private readonly StringBuilder _exception = new();
    private LogLine? _held;
    private bool _isLost = fromMiddle, _isInRest = fromMiddle;

    public void Take(ReadOnlySpan<byte> bytes, List<LogLine> into)
    {
        while (!bytes.IsEmpty)
        {
            var end = bytes.IndexOf((byte)'\n');
            var room = LineBytesMax - _unfinished.WrittenCount;
            if (end < 0 && bytes.Length < room)
            {
                _unfinished.Write(bytes);
                return;
            }
            var isWhole = end >= 0 && end <= room;
            var piece = bytes[..(isWhole ? end : room)];
            if (_unfinished.WrittenCount == 0)
            {
                Line(piece, into);
            }
            else
            {
                _unfinished.Write(piece);
                Line(_unfinished.WrittenSpan, into);
                _unfinished.ResetWrittenCount();
            }
            bytes = bytes[(isWhole ? end + 1 : room)..];
        }
    }

    /// <summary>Gives out the line that was held, because no more of it came.</summary>
    public void Settle(List<LogLine> into)
    {
        if (_held is not { } line)
            return;
        into.Add(_exception.Length == 0 ? line : line with { Exception = _exception.ToString() });
        _held = null;
        _exception.Clear();
    }

    /// <summary>Gives out everything: nothing more will come.</summary>
    public void End(List<LogLine> into)
    {
        if (_unfinished.WrittenCount > 0)
            Line(_unfinished.WrittenSpan, into);
        _unfinished.ResetWrittenCount();
        Settle(into);
    }

    private void Line(ReadOnlySpan<byte> utf8, List<LogLine> into)
    {
        if (utf8 is [.. var inner, (byte)'\r'])
            utf8 = inner;
        var goesOn = TextLogLine.GoesOn(utf8);
        if (_isLost && (_isInRest || goesOn))
        {
            _isInRest = false;
            return;
        }
        _isLost = false;
        if (goesOn && _held is not null && _exception.Length + utf8.Length < LineBytesMax)
        {
            _exception.Append(_exception.Length == 0 ? "" : "\n").Append(Encoding.UTF8.GetString(utf8));
            return;
        }
        Settle(into);
        if (utf8.IsEmpty)
            return;
        if (JsonLogLine.Parse(utf8) is { } json)
            into.Add(json);
        else if (Encoding.UTF8.GetString(utf8) is var text && TextLogLine.Parse(text) is { } line)
            _held = line;
        else
            into.Add(new LogLine { Message = text });
    }
}
