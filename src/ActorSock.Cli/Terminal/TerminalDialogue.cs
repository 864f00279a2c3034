using System.Threading.Channels;
using ActorSock.Wire;

namespace ActorSock.Cli.Terminal;

/// <summary>A person at a terminal, who edits a line while messages appear above it.</summary>
internal sealed class TerminalDialogue : Dialogue
{
    // As the course shows what somebody else said: bold on blue.
    private const string OfOthers = "\e[1;44m", Plain = "\e[0m";

    private readonly IKeyboard _keyboard;
    private readonly Screen _screen;
    private readonly LineEditor _editor;
    private readonly Channel<string> _lines = Channel.CreateUnbounded<string>(new() { SingleReader = true });
    private bool _isAsked;

    public TerminalDialogue(IKeyboard keyboard, Screen screen, History history)
    {
        (_keyboard, _screen, _editor) = (keyboard, screen, new LineEditor(history));
        _keyboard.Changed += _screen.Redraw;
        // Waiting for a key cannot be cancelled: the thread ends with the process.
        new Thread(ReadKeys) { IsBackground = true, Name = "keys" }.Start();
    }

    public bool HasColours { get; init; }

    /// <summary>Where remarks go, if they shall not be on the screen.</summary>
    public TextWriter? Log { get; init; }

    public override bool IsOnTerminal => true;

    public override bool IsClosed => false;

    public override string Prompt
    {
        get => _screen.Prompt;
        set => _screen.Prompt = value;
    }

    public override async ValueTask<string?> ReadLineAsync(CancellationToken cancel)
    {
        if (!_isAsked) _screen.Show();
        _isAsked = true;
        while (await _lines.Reader.WaitToReadAsync(cancel))
            if (_lines.Reader.TryRead(out var line))
                return line;
        return null;
    }

    public override void Print(string line) => _screen.Print(line);

    public override void PrintMessage(string from, string text)
    {
        var shown = Escaping.Printable(text);
        _screen.Print(HasColours ? $"[{from}] {OfOthers}{shown}{Plain}" : $"[{from}] {shown}");
    }

    public override void PrintAnswer(ReadOnlySpan<byte> utf8) => _screen.Print(Shown.Lines(utf8));

    public override void Remark(string sentence)
    {
        if (Log is null) _screen.Print(sentence);
        else Log.WriteLine(sentence);
    }

    public override void Dispose()
    {
        _keyboard.Changed -= _screen.Redraw;
        _screen.GiveBack();
        _keyboard.Dispose();
    }

    private void ReadKeys()
    {
        var keys = new List<KeyPress>();
        for (var isThere = true; isThere; keys.Clear())
        {
            isThere = _keyboard.Read(keys);
            foreach (var key in keys)
            {
                if (Press(key)) continue;
                isThere = false;
                break;
            }
            if (isThere) _screen.Edit(_editor.Text, _editor.Cursor);
        }
        _screen.Hide();
        _lines.Writer.Complete();
    }

    /// <returns>Whether input goes on.</returns>
    private bool Press(KeyPress key)
    {
        switch (_editor.Press(key))
        {
            case Edit.Entered:
                _screen.Leave(_editor.Entered);
                _lines.Writer.TryWrite(_editor.Entered);
                break;
            case Edit.Interrupted:
                _screen.Leave(_editor.Text + "^C");
                _keyboard.Interrupt();
                break;
            case Edit.Suspended:
                _screen.GiveBack();
                _keyboard.Suspend();
                _screen.Show();
                break;
            case Edit.ScreenCleared:
                _screen.Clear();
                break;
            case Edit.Refused:
                _screen.Beep();
                break;
            case Edit.EndOfInput:
                return false;
        }
        return true;
    }
}
