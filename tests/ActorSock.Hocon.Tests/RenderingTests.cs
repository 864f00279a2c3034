using static ActorSock.Hocon.Tests.Reading;

namespace ActorSock.Hocon.Tests;

public class RenderingTests
{
    private const string Text = """
        a { b = [1, { c = x }], "d.e" = null, f {} }
        g = "two\nlines", h = [], i = on
        """;

    [Fact]
    public void As_HOCON_a_value_stands_on_its_own_line()
    {
        Root(Text).Render().ShouldBe("""
            a {
              b = [
                1
                {
                  c = "x"
                }
              ]
              "d.e" = null
              f {}
            }
            g = "two\nlines"
            h = []
            i = "on"
            """, StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public void With_origins_each_value_says_where_it_came_from()
    {
        var text = Root(Text).Render(HoconStyle.HoconWithOrigins);

        text.ShouldContain("    1  # test.conf:1:10\n");
        text.ShouldContain("g = \"two\\nlines\"  # test.conf:2:5\n");
        text.ShouldContain("  b = [  # test.conf:1:9\n");
        Root(text).ShouldBe(Root(Text));
    }

    [Fact]
    public void As_JSON_it_has_braces_quotes_and_commas()
    {
        Root("a { b = [1, x], c {} }, d = true").Render(HoconStyle.Json).ShouldBe("""
            {
              "a": {
                "b": [
                  1,
                  "x"
                ],
                "c": {}
              },
              "d": true
            }
            """, StringCompareShould.IgnoreLineEndings);
    }

    [Fact]
    public void What_a_terminal_would_obey_is_escaped()
    {
        Root("a = \"\"\"\u001b[31m\u202e\u2028\u0007\"\"\"").ToString()
            .ShouldBe(""" {"a":"\u001b[31m\u202e\u2028\u0007"} """.Trim());
    }

    [Fact]
    public void A_file_name_in_an_origin_cannot_end_the_comment()
    {
        var root = HoconDocument.Parse("a = 1", "x\nb = 2").Resolve();

        Root(root.Render(HoconStyle.HoconWithOrigins)).ShouldBe(root);
    }
}
