using System.Globalization;
using System.Text;

namespace ActorSock.Testing;

/// <summary>A terminal on paper: takes what a program writes and tells what a person would see.</summary>
/// <remarks>It knows what all terminals share; a sequence that it does not know is an error, and so is a line feed
/// that the program did not mean as one. Only Chinese is wide to it.</remarks>
internal sealed class PaperTerminal(int columns) : Stream
{
    private readonly Lock _turn = new();
    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly List<string[]> _rows = [];
    private readonly StringBuilder _sequence = new();
    private readonly StringBuilder _raw = new();
    private (int Row, int Column) _cursor;
    private (int Row, int Column) _saved;
    private int _columns = columns;
    private int _bells;

    /// <summary>Every row that has been written to, without what is blank at its end.</summary>
    public string[] Rows
    {
        get
        {
            lock (_turn) return [.. _rows.Select(row => string.Concat(row).TrimEnd())];
        }
    }

    /// <summary>The row that the cursor is in, with a bar where it stands.</summary>
    public string Edited
    {
        get
        {
            lock (_turn)
            {
                var row = Row(_cursor.Row);
                return string.Concat(row[.._cursor.Column]) + "|" + string.Concat(row[_cursor.Column..]).TrimEnd();
            }
        }
    }

    public int Bells
    {
        get
        {
            lock (_turn) return _bells;
        }
    }

    /// <summary>All that was written.</summary>
    public string Raw
    {
        get
        {
            lock (_turn) return _raw.ToString();
        }
    }

    /// <summary>Gives the window another width; what is in it is not broken anew.</summary>
    public void Resize(int width)
    {
        lock (_turn) _columns = width;
    }

    public override void Write(ReadOnlySpan<byte> buffer)
    {
        lock (_turn)
        {
            var chars = new char[Encoding.UTF8.GetMaxCharCount(buffer.Length)];
            var text = chars.AsSpan(0, _utf8.GetChars(buffer, chars, flush: false));
            _raw.Append(text);
            foreach (var rune in text.EnumerateRunes()) Take(rune);
        }
    }

    public override void Write(byte[] buffer, int offset, int count) => Write(buffer.AsSpan(offset, count));

    private void Take(Rune rune)
    {
        if (_sequence.Length > 0)
        {
            _sequence.Append(rune);
            if (IsComplete()) Obey();
        }
        else if (rune.Value == '\e') _sequence.Append(rune);
        else if (rune.Value == '\r') _cursor.Column = 0;
        else if (rune.Value == '\n') _cursor.Row++;
        else if (rune.Value == '\a') _bells++;
        else if (rune.Value == '\t') _cursor.Column = Math.Min(_columns - 1, (_cursor.Column / 8 + 1) * 8);
        else if (Rune.IsControl(rune)) throw new InvalidOperationException($"the program wrote U+{rune.Value:X4}");
        else Put(rune);
    }

    private bool IsComplete() =>
        _sequence.Length == 2 ? _sequence[1] != '[' : _sequence[^1] is >= '@' and <= '~';

    private void Obey()
    {
        var sequence = _sequence.ToString(1, _sequence.Length - 1);
        _sequence.Clear();
        if (sequence == "[K") Row(_cursor.Row).AsSpan(Math.Min(_cursor.Column, _columns)).Fill(" ");
        else if (sequence == "[2J") _rows.Clear();
        else if (sequence == "[H") _cursor = (0, 0);
        else if (sequence == "7") _saved = _cursor;
        else if (sequence == "8") _cursor = _saved;
        else if (sequence is not ("=" or ">" or "[?1h" or "[?1l") && sequence[^1] != 'm')
            throw new InvalidOperationException($"the program wrote ESC {sequence}");
    }

    private void Put(Rune rune)
    {
        var width = Rune.GetUnicodeCategory(rune) is UnicodeCategory.NonSpacingMark or UnicodeCategory.Format
            ? 0 : rune.Value is (>= 0x2E80 and <= 0xFFDC) or (>= 0x1F300 and <= 0x3FFFD) ? 2 : 1;
        if (_cursor.Column + width > _columns) _cursor = (_cursor.Row + 1, 0);
        var row = Row(_cursor.Row);
        if (width == 0)
        {
            var before = _cursor.Column - 1;
            while (before > 0 && row[before].Length == 0) before--;
            row[Math.Max(before, 0)] += rune.ToString();
            return;
        }
        row[_cursor.Column] = rune.ToString();
        if (width == 2) row[_cursor.Column + 1] = "";
        _cursor.Column += width;
    }

    private string[] Row(int index)
    {
        while (_rows.Count <= index)
        {
            var row = new string[200];
            Array.Fill(row, " ");
            _rows.Add(row);
        }
        return _rows[index];
    }

    public override bool CanRead => false;

    public override bool CanSeek => false;

    public override bool CanWrite => true;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override void Flush() { }

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();
}
