using static ActorSock.Hocon.Tests.Reading;

namespace ActorSock.Hocon.Tests;

public class SyntaxTests
{
    [Theory]
    [InlineData("a = 1")]
    [InlineData("a : 1")]
    [InlineData("a=1")]
    [InlineData("{ a = 1 }")]
    [InlineData("{ \"a\" : 1 }")]
    [InlineData("\n\n a \n = \n 1 \n")]
    [InlineData("a = 1,")]
    [InlineData("a = 1 # one")]
    [InlineData("a = 1// one")]
    [InlineData("# one\n// two\na = 1")]
    [InlineData("\ufeffa = 1")]
    [InlineData("\u00a0a\u2003=\u00a01\u2028")]
    [InlineData("a = 1\r\n")]
    [InlineData("a = 2, a = 1")]
    [InlineData("a = {x = 2}\na = 1")]
    public void A_number_can_be_given_in_many_ways(string text) => ValueOfA(text).ShouldBe("1");

    [Theory]
    [InlineData("a { b = 1 }", """{"b":1}""")]
    [InlineData("a : { b = 1 }", """{"b":1}""")]
    [InlineData("a.b = 1", """{"b":1}""")]
    [InlineData("a.b = 1, a.c = 2", """{"b":1,"c":2}""")]
    [InlineData("a { b = 1 }, a { c = 2 }", """{"b":1,"c":2}""")]
    [InlineData("a { b = 1 }, a { b = 2 }", """{"b":2}""")]
    [InlineData("a { b { c = 1 } }, a.b.d = 2", """{"b":{"c":1,"d":2}}""")]
    [InlineData("a { b = 1 } { c = 2 }", """{"b":1,"c":2}""")]
    [InlineData("a { b = 1 }, a = null, a { c = 2 }", """{"c":2}""")]
    [InlineData("a { b = 1 }, a = x, a { c = 2 }", """{"c":2}""")]
    [InlineData("a { b = 1\n c = 2 }", """{"b":1,"c":2}""")]
    [InlineData("a { b = 1, c = 2, }", """{"b":1,"c":2}""")]
    [InlineData("a {}", "{}")]
    public void Objects_are_merged(string text, string json) => ValueOfA(text).ShouldBe(json);

    [Theory]
    [InlineData("a = [1, 2, 3]")]
    [InlineData("a = [1, 2, 3,]")]
    [InlineData("a = [1\n2\n3]")]
    [InlineData("a = [\n  1,\n  2\n  , 3 # three\n]")]
    [InlineData("a = [1] [2, 3]")]
    [InlineData("a = [1, 2]\na += 3")]
    [InlineData("a += 1, a += 2, a += 3")]
    [InlineData("a = {}\na = [1, 2, 3]")]
    [InlineData("a = [] { 7 = 3, x = 9, 0 = 1, 2 = 2 }")]
    public void Elements_are_separated_by_commas_or_new_lines(string text) =>
        ValueOfA(text).ShouldBe("[1,2,3]");

    [Theory]
    [InlineData("a = [1 2 3]", """["1 2 3"]""")]
    [InlineData("a = [[1, 2] [3]]", "[[1,2,3]]")]
    [InlineData("a = [[1, 2]\n[3]]", "[[1,2],[3]]")]
    [InlineData("a = [{ b = 1 } { c = 2 }, { d = 3 }]", """[{"b":1,"c":2},{"d":3}]""")]
    [InlineData("a = [{ b += 1, b += 2 }]", """[{"b":[1,2]}]""")]
    [InlineData("a = [include, \"include\"]", """["include","include"]""")]
    public void What_stands_on_one_line_is_one_element(string text, string json) =>
        ValueOfA(text).ShouldBe(json);

    [Theory]
    [InlineData("a = x", "x")]
    [InlineData("a = x y  z", "x y  z")]
    [InlineData("a =   x   # not this", "x")]
    [InlineData("a = x//y", "x")]
    [InlineData("a = /usr/bin", "/usr/bin")]
    [InlineData("a = \"x\"y \"z\"", "xy z")]
    [InlineData("a = \" x \"", " x ")]
    [InlineData("a = 1.2.3.4", "1.2.3.4")]
    [InlineData("a = 2026-01-02T03", "2026-01-02T03")]
    [InlineData("a = 10s", "10s")]
    [InlineData("a = 5 minutes", "5 minutes")]
    [InlineData("a = 007", "007")]
    [InlineData("a = -x", "-x")]
    [InlineData("a = truefoo", "truefoo")]
    [InlineData("a = true foo", "true foo")]
    [InlineData("a = null 1", "null 1")]
    [InlineData("a = 1e5 m", "1e5 m")]
    [InlineData("a = 文件 📦", "文件 📦")]
    [InlineData("a = (x);<y>|'z'~%", "(x);<y>|'z'~%")]
    [InlineData("a = include x", "include x")]
    [InlineData("""a = "\"\\\/\b\f\n\r\t\u0041\ud83d\ude00" """, "\"\\/\b\f\n\r\tA😀")]
    [InlineData("a = \"\"", "")]
    [InlineData("a = \"\"\"\"\"\"", "")]
    [InlineData("a = \"\"\"x\"\"\"", "x")]
    [InlineData("a = \"\"\"x\ny \\n # z\"\"\"", "x\ny \\n # z")]
    [InlineData("a = \"\"\"x\"\"\"\"\"", "x\"\"")]
    [InlineData("a = \"\"\"\"x\"\"\"", "\"x")]
    [InlineData("a = \"\"\"x\"\"\" y", "x y")]
    public void Strings_need_quotes_only_for_what_would_mean_something_else(string text, string value) =>
        Root(text)["a"].ShouldBe(new HoconString(value));

    [Theory]
    [InlineData("0")]
    [InlineData("-0")]
    [InlineData("12")]
    [InlineData("-12.5")]
    [InlineData("1e5")]
    [InlineData("1E+5")]
    [InlineData("1.25e-5")]
    [InlineData("123456789012345678901234567890")]
    public void A_number_stays_as_it_was_written(string number) =>
        Root($"a = {number}")["a"].ShouldBe(new HoconNumber(number));

    [Theory]
    [InlineData("true", typeof(HoconBoolean))]
    [InlineData("false", typeof(HoconBoolean))]
    [InlineData("null", typeof(HoconNull))]
    [InlineData("\"true\"", typeof(HoconString))]
    [InlineData("yes", typeof(HoconString))]
    [InlineData("1.", typeof(HoconString))]
    [InlineData("01", typeof(HoconString))]
    [InlineData(".5", typeof(HoconString))]
    [InlineData("1e", typeof(HoconString))]
    public void A_single_word_has_its_own_type(string word, Type type) =>
        Root($"a = {word}")["a"].GetType().ShouldBe(type);

    [Theory]
    [InlineData("a.b.c", "a|b|c")]
    [InlineData("a.\"b.c\".d", "a|b.c|d")]
    [InlineData("a b c", "a b c")]
    [InlineData("a .b", "a |b")]
    [InlineData("3.14", "3|14")]
    [InlineData("10.0foo", "10|0foo")]
    [InlineData("foo\"10.0\"", "foo10.0")]
    [InlineData("true", "true")]
    [InlineData("a.\"\".b", "a||b")]
    [InlineData("\"\"", "")]
    [InlineData("foo include", "foo include")]
    [InlineData("\"include\"", "include")]
    [InlineData("includes", "includes")]
    public void A_key_is_a_path(string key, string elements)
    {
        var path = new HoconPath(elements.Split('|'));

        Root($"{key} = 1").Find(path).ShouldBe(new HoconNumber(1));
        HoconPath.Parse(key).ShouldBe(path);
        HoconPath.Parse(path.ToString()).ShouldBe(path);
    }

    [Fact]
    public void An_empty_text_is_an_empty_object()
    {
        Root("").ShouldBeEmpty();
        Root(" # nothing\n").ShouldBeEmpty();
        HoconDocument.Parse("").IsEmpty.ShouldBeTrue();
    }

    [Fact]
    public void The_root_may_be_an_array_as_in_JSON()
    {
        var document = HoconDocument.Parse("[1, {a = 2}]", "x.json");

        document.ResolveValue(_ => null).ToString().ShouldBe("""[1,{"a":2}]""");
        Should.Throw<HoconException>(document.Resolve).Message
            .ShouldBe("x.json:1:1: expected an object at the root but found an array");
    }
}
