namespace ActorSock.Tests.Logging;

public class PrintableEnricherTests
{
    [Fact]
    public void Texts_inside_of_lists_maps_and_objects_are_made_printable_too()
    {
        var lines = new LogLines();
        using var logger = LogLines.Logger(lines);

        logger.Information("{List} {Map} {@Object} {Character}", new[] { "a\nb", "c" },
            new Dictionary<string, string> { ["k\n"] = "v\n" }, new { Name = "x\n" }, '\n');

        lines.Text.ShouldBe(
            "INF [\"a\\u{0A}b\", \"c\"] [(\"k\\u{0A}\": \"v\\u{0A}\")] { Name: \"x\\u{0A}\" } \\u{0A}\n");
    }

    [Fact]
    public void What_is_printable_stays_the_same_object()
    {
        var lines = new LogLines();
        using var logger = LogLines.Logger(lines);
        var text = "数据 – fine \U0001F600";

        logger.Information("{Text}", text);

        lines["Text"].ShouldBeSameAs(text);
    }
}
