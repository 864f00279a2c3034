namespace ActorSock.Cli.Terminal;

/// <summary>What keys mean to someone who edits a line: Home and Ctrl-A are one.</summary>
internal enum Key
{
    /// <summary>Characters, one or a whole paste.</summary>
    Text,
    Enter,
    Left, Right, WordLeft, WordRight, Home, End,
    Backspace, Delete,
    CutWordLeft, CutWordRight, CutToStart, CutToEnd,
    /// <summary>Puts back what was cut last.</summary>
    Yank,
    Up, Down,
    ClearScreen,
    /// <summary>Ctrl-D: the end of the input where the line is empty, else as <see cref="Delete"/>.</summary>
    EndOrDelete,
    Interrupt,
    Suspend,
    /// <summary>A key that means nothing here.</summary>
    Other,
}

/// <summary>One key, or characters that came together.</summary>
internal readonly record struct KeyPress(Key Key, string Text = "")
{
    public static KeyPress Characters(string text) => new(Key.Text, text);
}
