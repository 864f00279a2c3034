using System.Text;

namespace ActorSock.Cli.Terminal;

/// <summary>Reads keys from what a terminal in raw mode sends; how the bytes are cut does not matter.</summary>
/// <remarks>Sequences are those of xterm, which all others speak too (XTerm Control Sequences, "PC-Style Function
/// Keys"). There is no clock: an Escape alone means nothing until the next key, and then it is Alt.</remarks>
internal sealed class KeyDecoder
{
    private const int ParametersMax = 16;
    private const byte Escape = 0x1B, DeleteByte = 0x7F, NewLine = 0x0A, Return = 0x0D;

    private readonly Decoder _utf8 = Encoding.UTF8.GetDecoder();
    private readonly StringBuilder _parameters = new();
    private State _state = State.Plain;
    private bool _wasReturn;

    private enum State
    {
        Plain,
        /// <summary>After Escape.</summary>
        Escaped,
        /// <summary>After Escape [.</summary>
        Sequence,
        /// <summary>One more byte tells which key.</summary>
        LastByte,
        /// <summary>After Escape [ [: the Linux console's F1 to F5.</summary>
        LetterOfFunction,
    }

    /// <summary>Adds the keys that are complete with these bytes.</summary>
    public void Decode(ReadOnlySpan<byte> bytes, List<KeyPress> keys)
    {
        while (bytes.Length > 0)
        {
            var run = _state == State.Plain ? LengthOfText(bytes) : 0;
            if (run > 0)
            {
                AddText(bytes[..run], flush: false, keys);
                _wasReturn = false;
                bytes = bytes[run..];
                continue;
            }
            AddText([], flush: true, keys);
            Take(bytes[0], keys);
            bytes = bytes[1..];
        }
    }

    private void Take(byte next, List<KeyPress> keys)
    {
        switch (_state)
        {
            case State.Plain:
                Control(next, keys);
                break;
            case State.Escaped:
                AfterEscape(next, keys);
                break;
            case State.Sequence when next == '[':
                _state = State.LetterOfFunction;
                break;
            case State.Sequence when next is >= 0x40 and <= 0x7E:
                _state = State.Plain;
                keys.Add(new KeyPress(OfSequence((char)next)));
                break;
            case State.Sequence:
                if (_parameters.Length < ParametersMax) _parameters.Append((char)next);
                break;
            case State.LastByte:
                _state = State.Plain;
                keys.Add(new KeyPress(OfSequence((char)next)));
                break;
            case State.LetterOfFunction:
                _state = State.Plain;
                keys.Add(new KeyPress(Key.Other));
                break;
        }
    }

    private void Control(byte next, List<KeyPress> keys)
    {
        var follows = _wasReturn && next == NewLine; // a pasted line break of two characters is one
        _wasReturn = next == Return;
        if (next == Escape) _state = State.Escaped;
        else if (next == '\t') keys.Add(KeyPress.Characters("\t"));
        else if (!follows) keys.Add(new KeyPress(OfControl(next)));
    }

    private void AfterEscape(byte next, List<KeyPress> keys)
    {
        _parameters.Clear();
        _state = next switch
        {
            Escape => State.Escaped,
            (byte)'[' => State.Sequence,
            (byte)'O' => State.LastByte,
            _ => State.Plain,
        };
        if (_state != State.Plain) return;
        keys.Add(new KeyPress(next switch
        {
            (byte)'b' => Key.WordLeft,
            (byte)'f' => Key.WordRight,
            (byte)'d' => Key.CutWordRight,
            DeleteByte or 0x08 => Key.CutWordLeft,
            _ => Key.Other,
        }));
    }

    private void AddText(ReadOnlySpan<byte> run, bool flush, List<KeyPress> keys)
    {
        Span<char> stack = stackalloc char[256];
        var most = Encoding.UTF8.GetMaxCharCount(run.Length);
        var chars = most <= stack.Length ? stack : new char[most];
        var count = _utf8.GetChars(run, chars, flush);
        if (count > 0) keys.Add(KeyPress.Characters(chars[..count].ToString()));
    }

    private static int LengthOfText(ReadOnlySpan<byte> bytes)
    {
        var end = bytes.IndexOfAnyInRange((byte)0, (byte)0x1F);
        var run = end < 0 ? bytes : bytes[..end];
        end = run.IndexOf(DeleteByte);
        return end < 0 ? run.Length : end;
    }

    private static Key OfControl(byte control) => control switch
    {
        0x01 => Key.Home,
        0x02 => Key.Left,
        0x03 => Key.Interrupt,
        0x04 => Key.EndOrDelete,
        0x05 => Key.End,
        0x06 => Key.Right,
        0x08 or DeleteByte => Key.Backspace,
        NewLine or Return => Key.Enter,
        0x0B => Key.CutToEnd,
        0x0C => Key.ClearScreen,
        0x0E => Key.Down,
        0x10 => Key.Up,
        0x15 => Key.CutToStart,
        0x17 => Key.CutWordLeft,
        0x19 => Key.Yank,
        0x1A => Key.Suspend,
        _ => Key.Other,
    };

    private Key OfSequence(char last)
    {
        var parameters = _parameters.ToString();
        // Modifiers are the second number, less one: 4 is Ctrl, 2 is Alt.
        var byWord = parameters is [.., ';', '3' or '5' or '7'];
        return last switch
        {
            'A' => Key.Up,
            'B' => Key.Down,
            'C' => byWord ? Key.WordRight : Key.Right,
            'D' => byWord ? Key.WordLeft : Key.Left,
            'c' => Key.WordRight, // rxvt
            'd' => Key.WordLeft,
            'H' => Key.Home,
            'F' => Key.End,
            'M' => Key.Enter, // of the keypad
            '~' => parameters.Split(';')[0] switch
            {
                "1" or "7" => Key.Home,
                "4" or "8" => Key.End,
                "3" => byWord ? Key.CutWordRight : Key.Delete,
                _ => Key.Other,
            },
            _ => Key.Other,
        };
    }
}
