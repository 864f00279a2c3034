using System.Text;

namespace ActorSock.Cli.Terminal;

/// <summary>A terminal with a line that is being edited at its bottom, and lines that any thread prints above
/// it.</summary>
/// <remarks>
/// Whatever is printed first wipes the line and then draws it again, in one write. Nothing else may write to the
/// terminal meanwhile: in raw mode a line feed does not return to the first column, so every line ends in both here.
/// </remarks>
/// <param name="terminal">Takes UTF-8 and the control sequences that all terminals share (ECMA-48).</param>
/// <param name="columns">How wide the terminal is at the moment.</param>
internal sealed class Screen(Stream terminal, Func<int> columns)
{
    private const string Wipe = "\r\e[K", Save = "\e7", Restore = "\e8", ToTop = "\e[H\e[2J";
    // .NET asks for the keypad's application mode as soon as it is asked how wide the terminal is.
    private const string PlainKeypad = "\e[?1l\e>";
    private const char Bell = '\a';

    private readonly Lock _turn = new();
    private readonly LineView _view = new();
    private readonly StringBuilder _frame = new();
    private string _prompt = "";
    private string _text = "";
    private int _cursor;
    private bool _isShown;
    private bool _isGone;

    /// <summary>What stands before the line that is being edited.</summary>
    public string Prompt
    {
        get
        {
            lock (_turn) return _prompt;
        }
        set => Draw(() => _prompt = value);
    }

    /// <summary>Begins to show the line.</summary>
    public void Show() => Draw(() => _isShown = true);

    /// <summary>Wipes the line, until <see cref="Show"/>.</summary>
    public void Hide() => Draw(() => _isShown = false);

    /// <summary>Wipes the line, and leaves the terminal as a shell wants it.</summary>
    public void GiveBack() => Draw(() =>
    {
        _isShown = false;
        _frame.Append(PlainKeypad);
    });

    /// <summary>Shows the line as it is now.</summary>
    public void Edit(string text, int cursor) => Draw(() => (_text, _cursor) = (text, cursor));

    /// <summary>Draws the line anew, where the terminal may have another width or show something else.</summary>
    public void Redraw() => Draw(() => { });

    /// <summary>Prints above the line; a line feed in the text begins a new line.</summary>
    public void Print(string text) => Draw(() => Append(text));

    /// <summary>Leaves a line that has been entered where it is, whole, and begins an empty one below it.</summary>
    public void Leave(string text) => Draw(() =>
    {
        Append(_prompt + Escaped(text));
        (_text, _cursor) = ("", 0);
    });

    /// <summary>Shows nothing but the line.</summary>
    public void Clear() => Draw(() => _frame.Append(ToTop));

    public void Beep() => Draw(() => _frame.Append(Bell));

    private void Append(string text) =>
        _frame.Append(text.ReplaceLineEndings("\r\n")).Append("\r\n");

    // Entered lines are the user's own, but what was pasted may be anybody's.
    private static string Escaped(string text) =>
        text.Any(char.IsControl) ? Wire.Escaping.Printable(text) : text;

    private void Draw(Action change)
    {
        lock (_turn)
        {
            _frame.Clear();
            if (_isShown) _frame.Append(Wipe);
            change();
            if (_isShown)
            {
                var (left, right) = _view.Show(_prompt, _text, _cursor, columns());
                // The terminal itself remembers where the cursor belongs: it knows best how wide it draws.
                _frame.Append(left);
                if (right.Length > 0) _frame.Append(Save).Append(right).Append(Restore);
            }
            Write();
        }
    }

    private void Write()
    {
        if (_isGone || _frame.Length == 0) return;
        try
        {
            terminal.Write(Encoding.UTF8.GetBytes(_frame.ToString()));
            terminal.Flush();
        }
        catch (IOException)
        {
            _isGone = true; // hung up: nobody sees it any more, and the keyboard will say so
        }
    }
}
