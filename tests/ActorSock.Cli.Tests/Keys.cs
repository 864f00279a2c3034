using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Tests;

/// <summary>Presses keys on a line, written as a terminal would send them.</summary>
internal static class Keys
{
    public const string Up = "\e[A", Down = "\e[B", Right = "\e[C", Left = "\e[D", Home = "\e[H", End = "\e[F";
    public const string WordLeft = "\e[1;5D", WordRight = "\e[1;5C", Delete = "\e[3~", Backspace = "\x7f";

    public static string Control(char letter) => $"{(char)(letter - '@')}";

    public static List<KeyPress> Of(string sent)
    {
        List<KeyPress> keys = [];
        new KeyDecoder().Decode(System.Text.Encoding.UTF8.GetBytes(sent), keys);
        return keys;
    }

    /// <returns>What became of the last key.</returns>
    public static Edit Type(this LineEditor editor, params string[] keys)
    {
        var edit = Edit.Refused;
        foreach (var press in keys.SelectMany(Of)) edit = editor.Press(press);
        return edit;
    }

    /// <summary>The text with a bar where the cursor is.</summary>
    public static string Seen(this LineEditor editor) => editor.Text.Insert(editor.Cursor, "|");
}
