using System.Globalization;
using System.Net;
using System.Text;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>One line of a chart.</summary>
/// <param name="Name">What the legend calls it.</param>
/// <param name="Values">One for each place on the x axis.</param>
internal sealed record Series(string Name, IReadOnlyList<double> Values);

/// <summary>Draws lines over time as SVG, which readers of screens can read, too: a title, a description, and the numbers as a table.</summary>
/// <param name="Title">What it shows.</param>
/// <param name="Unit">Of the values.</param>
/// <param name="XUnit">Of the places.</param>
/// <param name="Places">Where on the x axis the values are, ascending.</param>
/// <param name="Lines">What is drawn; at most six can be told apart.</param>
internal sealed record SvgChart(string Title, string Unit, string XUnit, IReadOnlyList<double> Places, IReadOnlyList<Series> Lines)
{
    private const int Width = 760, Height = 260, Left = 64, Right = 16, Top = 12, Bottom = 34;
    private const int TicksCount = 5;

    /// <summary>Whether the y axis goes by powers of ten: for values of very different sizes.</summary>
    public bool IsLogarithmic { get; init; }

    /// <summary>The figure: plot, legend and table.</summary>
    public string ToHtml(string id)
    {
        var html = new StringBuilder();
        html.Append(CultureInfo.InvariantCulture, $"<figure id=\"{id}\"><figcaption>{Text(Title)} <small>({Text(Unit)})</small></figcaption>\n");
        html.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\" aria-labelledby=\"{id}-t {id}-d\">");
        html.Append(CultureInfo.InvariantCulture, $"<title id=\"{id}-t\">{Text(Title)}</title><desc id=\"{id}-d\">{Text(Description())}</desc>\n");
        DrawAxes(html);
        for (var line = 0; line < Lines.Count; line++) Draw(html, Lines[line], line);
        html.Append("</svg>\n<p class=\"legend\" aria-hidden=\"true\">");
        for (var line = 0; line < Lines.Count; line++)
            html.Append(CultureInfo.InvariantCulture,
                $"<span><svg viewBox=\"0 0 24 8\"><path class=\"s{line}\" d=\"M0 4H24\"/></svg> {Text(Lines[line].Name)}</span> ");
        html.Append("</p>\n");
        WriteTable(html);
        return html.Append("</figure>\n").ToString();
    }

    private double Most => Math.Max(Lines.SelectMany(line => line.Values).DefaultIfEmpty().Max(), IsLogarithmic ? Least * 10 : 1e-9);

    private double Least => IsLogarithmic
        ? Math.Pow(10, Math.Floor(Math.Log10(Lines.SelectMany(line => line.Values).Where(value => value > 0).DefaultIfEmpty(0.1).Min())))
        : 0;

    private double Top10 => IsLogarithmic ? Math.Pow(10, Math.Ceiling(Math.Log10(Most))) : Most * 1.05;

    private (double Begin, double End) Span => Places.Count == 0 ? (0, 1) : (0, Math.Max(Places[^1], 1e-9));

    private double X(double place) => Left + (place - Span.Begin) / (Span.End - Span.Begin) * (Width - Left - Right);

    private double Y(double value)
    {
        var part = IsLogarithmic
            ? Math.Log10(Math.Max(value, Least) / Least) / Math.Log10(Top10 / Least)
            : value / Top10;
        return Height - Bottom - part * (Height - Top - Bottom);
    }

    private void DrawAxes(StringBuilder html)
    {
        foreach (var tick in IsLogarithmic ? Decades() : Ticks(Top10))
            html.Append(CultureInfo.InvariantCulture,
                $"<path class=\"grid\" d=\"M{Left} {Y(tick):0.#}H{Width - Right}\"/><text x=\"{Left - 6}\" y=\"{Y(tick) + 4:0.#}\" text-anchor=\"end\">{Number(tick)}</text>\n");
        foreach (var tick in Ticks(Span.End))
            html.Append(CultureInfo.InvariantCulture,
                $"<text x=\"{X(tick):0.#}\" y=\"{Height - Bottom + 16}\" text-anchor=\"middle\">{Number(tick)}</text>\n");
        html.Append(CultureInfo.InvariantCulture,
            $"<text x=\"{Width - Right}\" y=\"{Height - 4}\" text-anchor=\"end\">{Text(XUnit)}</text><path class=\"axis\" d=\"M{Left} {Top}V{Height - Bottom}H{Width - Right}\"/>\n");
    }

    private void Draw(StringBuilder html, Series series, int line)
    {
        html.Append(CultureInfo.InvariantCulture, $"<path class=\"s{line}\" d=\"");
        for (var at = 0; at < Places.Count; at++)
            html.Append(CultureInfo.InvariantCulture, $"{(at == 0 ? 'M' : 'L')}{X(Places[at]):0.#} {Y(series.Values[at]):0.#}");
        html.Append("\"/>\n");
        // A dot can be pointed at; of very many only the line remains.
        if (Places.Count > 120) return;
        for (var at = 0; at < Places.Count; at++)
            html.Append(CultureInfo.InvariantCulture,
                $"<circle class=\"s{line}\" cx=\"{X(Places[at]):0.#}\" cy=\"{Y(series.Values[at]):0.#}\" r=\"2.5\"><title>{Text(series.Name)} {Number(series.Values[at])} {Text(Unit)} at {Number(Places[at])} {Text(XUnit)}</title></circle>");
        html.Append('\n');
    }

    private void WriteTable(StringBuilder html)
    {
        html.Append(CultureInfo.InvariantCulture, $"<details><summary>The numbers</summary><div class=\"scroll\"><table><thead><tr><th scope=\"col\">{Text(XUnit)}</th>");
        foreach (var line in Lines) html.Append(CultureInfo.InvariantCulture, $"<th scope=\"col\">{Text(line.Name)}</th>");
        html.Append("</tr></thead><tbody>\n");
        for (var at = 0; at < Places.Count; at++)
        {
            html.Append(CultureInfo.InvariantCulture, $"<tr><th scope=\"row\">{Number(Places[at])}</th>");
            foreach (var line in Lines) html.Append(CultureInfo.InvariantCulture, $"<td>{Number(line.Values[at])}</td>");
            html.Append("</tr>\n");
        }
        html.Append("</tbody></table></div></details>\n");
    }

    private string Description() => string.Join("; ", Lines.Select(line => line.Values.Count == 0 ? $"{line.Name}: nothing"
        : $"{line.Name}: from {Number(line.Values.Min())} to {Number(line.Values.Max())} {Unit}"));

    private IEnumerable<double> Decades()
    {
        for (var decade = Least; decade <= Top10 * 1.001; decade *= 10) yield return decade;
    }

    /// <summary>Round numbers from 0 on, about five.</summary>
    private static IEnumerable<double> Ticks(double most)
    {
        var rough = most / TicksCount;
        var power = Math.Pow(10, Math.Floor(Math.Log10(rough)));
        var step = power * ((rough / power) switch { < 1.5 => 1, < 3.5 => 2, < 7.5 => 5, _ => 10 });
        for (var tick = 0.0; tick <= most; tick += step) yield return tick;
    }

    private static string Number(double value) => value.ToString(Math.Abs(value) switch
    {
        0 => "0",
        < 0.01 => "0.#####",
        < 1 => "0.###",
        < 100 => "0.##",
        _ => "#,0",
    }, CultureInfo.InvariantCulture);

    private static string Text(string text) => WebUtility.HtmlEncode(text);
}
