using static ActorSock.Hocon.Tests.Reading;

namespace ActorSock.Hocon.Tests;

public class SubstitutionTests
{
    [Theory]
    [InlineData("b = 1, a = ${b}", "1")]
    [InlineData("a = ${b}, b = 1", "1")]
    [InlineData("b = 1, a = ${b}, b = 2", "2")]
    [InlineData("b { c = 1 }, a = ${b.c}", "1")]
    [InlineData("b { \"c.d\" = 1 }, a = ${b.\"c.d\"}", "1")]
    [InlineData("b c = 1, a = ${ b c }", "1")]
    [InlineData("b = true, a = ${b}", "true")]
    [InlineData("b = [1], a = ${b}", "[1]")]
    [InlineData("b { c = 1 }, a = ${b}", """{"c":1}""")]
    [InlineData("b = null, a = ${b}", "null")]
    [InlineData("b = 1, a = x${b}y", "\"x1y\"")]
    [InlineData("b = 1, c = 2, a = ${b} ${c}", "\"1 2\"")]
    [InlineData("b = inbox, a = \"unix:\"${b}\"/x\"", "\"unix:inbox/x\"")]
    [InlineData("a = \"${b}\"", "\"${b}\"")]
    [InlineData("b { c = 1 }, a = ${b} { d = 2 }", """{"c":1,"d":2}""")]
    [InlineData("b { c = 1 }, a = { c = 0 } ${b}", """{"c":1}""")]
    [InlineData("b { c = 1 }, d { e = 2 }, a = ${b} ${d}", """{"c":1,"e":2}""")]
    [InlineData("b = [1], a = ${b} [2] ${b}", "[1,2,1]")]
    [InlineData("b { 0 = x, 1 = y }, a = ${b} [z]", """["x","y","z"]""")]
    public void A_substitution_is_the_final_value_of_its_path(string text, string json) =>
        ValueOfA(text).ShouldBe(json);

    [Theory]
    [InlineData("a = ${?b}", null)]
    [InlineData("a = 1, a = ${?b}", "1")]
    [InlineData("a = ${?b}${?c}", null)]
    [InlineData("a = ${?b} ${?c}", null)]
    [InlineData("a = ${?b}${?c}, c = 1", "1")]
    [InlineData("a = x${?b}", "\"x\"")]
    [InlineData("a = [1, ${?b}, 2]", "[1,2]")]
    [InlineData("a = [1] ${?b}", "[1]")]
    [InlineData("a = { c = 1 } ${?b}", """{"c":1}""")]
    [InlineData("a { c = ${?b} }", "{}")]
    public void An_optional_one_that_is_not_defined_leaves_nothing(string text, string? json) =>
        ValueOfA(text).ShouldBe(json);

    [Theory]
    [InlineData("a = \"x:y\", a = ${a}\":z\"", "\"x:y:z\"")]
    [InlineData("a = [1], a = ${a} [2]", "[1,2]")]
    [InlineData("a = [1], a = ${a} [2], a = ${a} [3]", "[1,2,3]")]
    [InlineData("a = 1, a = ${a}", "1")]
    [InlineData("a = ${?a}", null)]
    [InlineData("a = ${?a}foo", "\"foo\"")]
    [InlineData("a = ${a}, a = 1", "1")]
    [InlineData("a { b = 1 }, a = ${a} { c = 2 }", """{"b":1,"c":2}""")]
    [InlineData("a { b = 1 }, a = ${a} { b = ${a.b}2 }", """{"b":"12"}""")]
    [InlineData("a { x { c = 1 } }, a = ${a.x}, a { x = 2 }", """{"x":2,"c":1}""")]
    [InlineData("a { b = 1, c = ${a.b} }", """{"b":1,"c":1}""")]
    [InlineData("a { b = 1, c = ${a.b} }, a { b = 2 }", """{"b":2,"c":2}""")]
    [InlineData("a { b = 1, c = ${a.b} }, a.b = ${a.b}2", """{"b":"12","c":"12"}""")]
    [InlineData("a = 1, b = 2, a = ${b}, b = ${a}", "1")]
    [InlineData("a { x = 1 }, b = ${a} { x = ${a.x}2 }, a { x = 3 }", """{"x":3}""")]
    [InlineData("a = [1], b = ${a}, a = ${b} [2]", "[1,2]")]
    public void What_refers_to_itself_looks_back(string text, string? json) => ValueOfA(text).ShouldBe(json);

    [Fact]
    public void Objects_may_refer_to_one_another()
    {
        var root = Root("""
            bar : { a : ${foo.d}, b : 1 }
            bar.b = 3
            foo : { c : ${bar.b}, d : 2 }
            foo.d = 4
            """);

        root.ToString().ShouldBe("""{"bar":{"a":4,"b":3},"foo":{"c":3,"d":4}}""");
    }

    [Fact]
    public void An_object_that_is_built_on_another_can_be_referred_to_from_inside()
    {
        var root = Root("""
            generic { size = 6, label = "size "${generic.size} }
            east = ${generic} { size = 7, twice = ${east.size}${east.size} }
            """);

        root["east"].ToString().ShouldBe("""{"size":7,"label":"size 6","twice":"77"}""");
    }

    [Fact]
    public void A_value_that_is_covered_is_never_looked_up() =>
        Root("a = ${nowhere}, a = 1, b { c = ${nowhere} }, b = 2").ToString().ShouldBe("""{"a":1,"b":2}""");

    [Fact]
    public void The_environment_answers_what_no_key_does()
    {
        var root = Root("home = ${HOME}, blank = ${?BLANK}, own = ${PATH}, PATH = mine, none = ${?NONE}",
            ("HOME", "/home/me"), ("BLANK", ""), ("PATH", "/bin"));

        root.ToString().ShouldBe("""{"home":"/home/me","blank":"","own":"mine","PATH":"mine"}""");
    }

    [Fact]
    public void A_key_that_is_null_hides_the_environment() =>
        Root("HOME = null, a = ${HOME}", ("HOME", "/home/me"))["a"].ShouldBe(new HoconNull());

    [Theory]
    [InlineData("a = ${b}\nb = 1", "2:5")]
    [InlineData("b = x\na = ${b} y", "2:5")]
    [InlineData("a = [1]\na += 2", "2:3")]
    [InlineData("a { x = 1 }\na { y = 2 }", "2:3")]
    [InlineData("a { x = 1 }\n\n  a.y = 2", "3:3")]
    [InlineData("a = 1\na = ${?b}", "1:5")]
    public void A_value_remembers_where_it_was_written(string text, string place) =>
        Root(text)["a"].Origin.ToString().ShouldBe($"test.conf:{place}");

    [Fact]
    public void What_comes_from_the_environment_was_written_where_it_is_referred_to() =>
        Root("\na = ${HOME}", ("HOME", "/home/me"))["a"].Origin.ToString().ShouldBe("test.conf:2:5");

    [Fact]
    public void A_circle_leaves_nothing_of_an_optional_substitution() =>
        Root("a { b = ${?a}, c = 1 }, d = [${?d}]").ToString().ShouldBe("""{"a":{"c":1},"d":[]}""");

    [Fact]
    public void A_value_keeps_the_past_of_the_place_where_it_was_written()
    {
        var root = Root("""
            first { list = [1], list += 2 }
            second = ${first} { list += 3 }
            first.list += 4
            """);

        root.ToString().ShouldBe("""{"first":{"list":[1,2,4]},"second":{"list":[1,2,4,3]}}""");
    }

    [Theory]
    [InlineData("a = 1\nb = ${c.d}",
        "2:5: expected a value for ${c.d} but found none, neither as a key nor in the environment")]
    [InlineData("a = ${a}",
        "1:5: expected an earlier value for ${a}, which refers to itself, but found none")]
    [InlineData("a = ${b}\nb = ${c}\nc = ${a}",
        "3:5: expected an earlier value for ${a}, which refers to itself, but found none")]
    [InlineData("a { b = ${a} }",
        "1:3: expected no value inside itself but found an object that contains itself")]
    [InlineData("a = [${a}]", "1:5: expected no value inside itself but found an array that contains itself")]
    [InlineData("a { b = ${c} }, c { d = ${a} }",
        "1:3: expected no value inside itself but found an object that contains itself")]
    [InlineData("b = 1\na = ${b} [2]", "2:5: expected an array to join to the others but found a number")]
    [InlineData("b = 1\na = ${b} { c = 2 }",
        "2:5: expected an object to join to the others but found a number")]
    [InlineData("b { c = 1 }\na = x ${b}",
        "2:5: expected an object to join to the others but found a string")]
    [InlineData("b { c = 1 }\na = ${b} [1]",
        "2:5: expected an array to join to the others but found an object")]
    [InlineData("a = 1\na += 2", "2:3: expected an array before '+=' but found a number (test.conf:1:5)")]
    public void What_cannot_be_looked_up_is_an_error_with_its_place(string text, string problem) =>
        ProblemOf(text).ShouldBe("test.conf:" + problem);
}
