using System.Text;
using ActorSock.Hocon.Parsing;

namespace ActorSock.Hocon.Rendering;

/// <summary>
/// Writes values as text. One line for each simple value, so that two texts can be compared.
/// </summary>
internal sealed class HoconRenderer(HoconStyle style)
{
    private readonly StringBuilder _text = new();
    private int _indent;

    private bool IsJson => style is HoconStyle.Json or HoconStyle.JsonLine;

    public static string Render(HoconValue value, HoconStyle style)
    {
        var renderer = new HoconRenderer(style);
        if (value is HoconObject root && !renderer.IsJson)
            renderer.Fields(root);
        else
            renderer.Value(value, isLast: true);
        return renderer._text.ToString();
    }

    private void Value(HoconValue value, bool isLast)
    {
        if (value is HoconObject { Count: > 0 } fields)
            Block('{', '}', value, () => Fields(fields));
        else if (value is HoconArray { Count: > 0 } items)
            Block('[', ']', value, () => Items(items));
        else
        {
            _text.Append(value switch
            {
                HoconString text => Escaped.Quoted(text.Text),
                HoconScalar scalar => scalar.Text,
                HoconObject => "{}",
                _ => "[]",
            });
            Comma(isLast);
            Origin(value);
            return;
        }
        Comma(isLast);
    }

    private void Block(char open, char close, HoconValue value, Action inside)
    {
        _text.Append(open);
        if (value is HoconArray)
            Origin(value);
        _indent++;
        NewLine();
        inside();
        _indent--;
        NewLine();
        _text.Append(close);
    }

    private void Fields(HoconObject fields)
    {
        var left = fields.Count;
        foreach (var (key, value) in fields)
        {
            _text.Append(IsJson ? Escaped.Quoted(key) : Escaped.Key(key)).Append(style switch
            {
                HoconStyle.JsonLine => ":",
                HoconStyle.Json => ": ",
                _ => value is HoconObject ? " " : " = ",
            });
            Value(value, isLast: --left == 0);
            if (left > 0)
                NewLine();
        }
    }

    private void Items(HoconArray items)
    {
        for (var i = 0; i < items.Count; i++)
        {
            Value(items[i], isLast: i == items.Count - 1);
            if (i < items.Count - 1)
                NewLine();
        }
    }

    private void Comma(bool isLast)
    {
        if (IsJson && !isLast)
            _text.Append(',');
    }

    private void Origin(HoconValue value)
    {
        if (style == HoconStyle.HoconWithOrigins)
            _text.Append("  # ").Append(Escaped.Line(value.Origin.ToString()));
    }

    private void NewLine()
    {
        if (style != HoconStyle.JsonLine)
            _text.Append('\n').Append(' ', 2 * _indent);
    }
}
