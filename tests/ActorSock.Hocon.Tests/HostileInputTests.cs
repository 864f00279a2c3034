using System.Text;
using static ActorSock.Hocon.Tests.Reading;

namespace ActorSock.Hocon.Tests;

public class HostileInputTests
{
    [Theory]
    [InlineData("a = ", "[")]
    [InlineData("", "a {")]
    [InlineData("", "{a=")]
    [InlineData("a = ", "[{b=")]
    [InlineData("a = ", "{} {b=[] [")]
    [InlineData("", "a.")]
    public void Nesting_ends_at_the_limit_instead_of_the_stack(string start, string level)
    {
        var problem = ProblemOf(start + string.Concat(Enumerable.Repeat(level, 100_000)) + "x = 1");

        problem.ShouldEndWith("expected at most 100 levels of nesting but found more");
    }

    [Fact]
    public void Nesting_by_substitution_ends_at_the_limit_too()
    {
        var text = new StringBuilder("a0 = 1\n");
        for (var i = 1; i <= 300; i++)
            text.Append($"a{i} {{ x = ${{a{i - 1}}} }}\n");

        ProblemOf(text.ToString()).ShouldEndWith("expected at most 100 levels of nesting but found more");
    }

    [Fact]
    public void A_long_chain_of_substitutions_ends_at_the_limit()
    {
        var text = string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"a{i} = ${{a{i + 1}}}"));

        ProblemOf(text).ShouldEndWith("expected at most 600 values that depend on one another but found more");
    }

    [Theory]
    [InlineData("a0 = aaaaaaaaaa", "${a#}${a#}", "134217728 bytes of memory for substitutions")]
    [InlineData("a0 = [1, 2, 3]", "${a#} ${a#}", "134217728 bytes of memory for substitutions")]
    [InlineData("a0 = [1, 2, 3]", "[${a#}, ${a#}]", "8388608 values and characters after substitution")]
    [InlineData("a0 { x = 1 }",
        "{ p = ${a#}, q = ${a#} }", "8388608 values and characters after substitution")]
    public void Doubling_again_and_again_ends_at_a_limit(string seed, string twice, string limit)
    {
        var text = new StringBuilder(seed);
        for (var i = 0; i < 80; i++)
            text.Append($"\na{i + 1} = ").Append(twice.Replace("#", $"{i}", StringComparison.Ordinal));

        ProblemOf(text.ToString()).ShouldEndWith($"expected at most {limit} but found more");
    }

    [Theory]
    [InlineData("a = [1, 2, 3, 4]", "${a} [1]")]
    [InlineData("a { p = 1, q = 2 }", "${a} {}")]
    [InlineData("a = \"twenty characters...\"", "${a}x")]
    public void Many_copies_of_one_value_end_at_the_limit(string value, string copy)
    {
        var limits = new HoconLimits { ResolvingBytesMax = 100_000 };
        var text = value + string.Concat(Enumerable.Range(0, 3000).Select(i => $"\nb{i} = {copy}"));
        var allowed = HoconDocument.Parse(text, "x", limits with { ResolvingBytesMax = 10_000_000 });
        var refused = HoconDocument.Parse(text, "x", limits);

        allowed.Resolve().Count.ShouldBe(3001);
        Should.Throw<HoconException>(refused.Resolve).Problem
            .ShouldBe("expected at most 100000 bytes of memory for substitutions but found more");
    }

    [Fact]
    public void A_document_that_is_too_long_is_refused()
    {
        var limits = new HoconLimits { DocumentCharsMax = 10 };

        HoconDocument.Parse("a = 123456", "x", limits).Resolve()["a"].ShouldBe(new HoconNumber(123456));
        Should.Throw<HoconException>(() => HoconDocument.Parse("a = 1234567", "x", limits)).Message
            .ShouldBe("x: expected at most 10 characters of configuration but found more");
    }

    [Fact]
    public void Ten_thousand_appended_elements_are_no_deep_recursion()
    {
        var text = string.Join('\n', Enumerable.Range(0, 10_000).Select(i => $"a += {i}"));

        Root(text)["a"].GetList().Select(item => item.GetInt32()).ShouldBe(Enumerable.Range(0, 10_000));
    }

    [Fact]
    public void A_value_that_a_program_nests_too_deep_is_refused_as_well()
    {
        var path = new HoconPath(Enumerable.Repeat("a", 600));

        Should.Throw<HoconException>(() => HoconDocument.Of(path, new HoconNumber(1)));
    }
}
