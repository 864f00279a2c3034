namespace ActorSock.Cli.Terminal;

/// <summary>The keys of a console of Windows. Ctrl-C is the system's there.</summary>
internal sealed class PortableKeyboard : IKeyboard
{
    public event Action? Changed;

    public bool Read(List<KeyPress> keys)
    {
        keys.Add(Meaning(Console.ReadKey(intercept: true)));
        // There is no signal for it: the window may have been resized since the last key.
        Changed?.Invoke();
        return true;
    }

    public void Interrupt() { }

    public void Suspend() { }

    public void Dispose() { }

    private static KeyPress Meaning(ConsoleKeyInfo pressed)
    {
        var control = pressed.Modifiers == ConsoleModifiers.Control;
        var key = (pressed.Key, control) switch
        {
            (ConsoleKey.Enter, _) => Key.Enter,
            (ConsoleKey.LeftArrow, true) => Key.WordLeft,
            (ConsoleKey.RightArrow, true) => Key.WordRight,
            (ConsoleKey.LeftArrow, _) or (ConsoleKey.B, true) => Key.Left,
            (ConsoleKey.RightArrow, _) or (ConsoleKey.F, true) => Key.Right,
            (ConsoleKey.UpArrow, _) or (ConsoleKey.P, true) => Key.Up,
            (ConsoleKey.DownArrow, _) or (ConsoleKey.N, true) => Key.Down,
            (ConsoleKey.Home, _) or (ConsoleKey.A, true) => Key.Home,
            (ConsoleKey.End, _) or (ConsoleKey.E, true) => Key.End,
            (ConsoleKey.Backspace, true) or (ConsoleKey.W, true) => Key.CutWordLeft,
            (ConsoleKey.Backspace, _) => Key.Backspace,
            (ConsoleKey.Delete, true) => Key.CutWordRight,
            (ConsoleKey.Delete, _) => Key.Delete,
            (ConsoleKey.D or ConsoleKey.Z, true) => Key.EndOrDelete,
            (ConsoleKey.K, true) => Key.CutToEnd,
            (ConsoleKey.L, true) => Key.ClearScreen,
            (ConsoleKey.U, true) => Key.CutToStart,
            (ConsoleKey.Y, true) => Key.Yank,
            _ => Key.Text,
        };
        if (key != Key.Text) return new KeyPress(key);
        var isText = pressed.KeyChar == '\t' || !char.IsControl(pressed.KeyChar);
        return isText ? KeyPress.Characters($"{pressed.KeyChar}") : new KeyPress(Key.Other);
    }
}
