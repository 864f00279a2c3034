using System.Text.Json;

namespace ActorSock.Cli.Tests;

public sealed class JsonLineTests
{
    [Theory]
    [InlineData("\u202egpj.exe", "\\u202Egpj.exe")]
    [InlineData("a\u200bb", "a\\u200Bb")]
    [InlineData("\ufeffx", "\\uFEFFx")]
    [InlineData("\u2028", "\\u2028")]
    [InlineData("\e[2J", "\\u001B[2J")]
    [InlineData("你好 <é> & 'ü'", "你好 <é> & 'ü'")]
    public void What_changes_how_a_terminal_shows_text_is_escaped(string text, string shown)
    {
        var line = JsonLine.Of(json => json.WriteString("name", text));

        line.ShouldBe($$"""{"name":"{{shown}}"}""");
        JsonDocument.Parse(line).RootElement.GetProperty("name").GetString().ShouldBe(text);
    }
}
