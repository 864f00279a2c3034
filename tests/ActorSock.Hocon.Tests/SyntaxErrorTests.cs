using static ActorSock.Hocon.Tests.Reading;

namespace ActorSock.Hocon.Tests;

public class SyntaxErrorTests
{
    [Theory]
    [InlineData("a = }", "1:5: expected a value after '=' but found '}'")]
    [InlineData("a :", "1:4: expected a value after ':' but found the end of the text")]
    [InlineData("a +=\n", "2:1: expected a value after '+=' but found the end of the text")]
    [InlineData("a", "1:2: expected '=', ':', '+=' or '{' after the key but found the end of the text")]
    [InlineData("a\nb = 1", "2:1: expected '=', ':', '+=' or '{' after the key but found 'b'")]
    [InlineData("\n  a [1]", "2:5: expected '=', ':', '+=' or '{' after the key but found '['")]
    [InlineData("= 1", "1:1: expected a key but found '='")]
    [InlineData("a = 1 }", "1:7: expected a comma or a new line but found '}'")]
    [InlineData("a = 1\n}", "2:1: expected a key but found '}'")]
    [InlineData("{ a = 1", "1:8: expected '}' for the '{' of line 1 but found the end of the text")]
    [InlineData("a = [\n1", "2:2: expected ']' for the '[' of line 1 but found the end of the text")]
    [InlineData("a = [1}", "1:7: expected a comma, a new line or ']' but found '}'")]
    [InlineData("a { b = 1 ]", "1:11: expected a comma, a new line or '}' but found ']'")]
    [InlineData("{} x", "1:4: expected nothing more after the root value but found 'x'")]
    [InlineData("[1] x", "1:5: expected nothing more after the root value but found 'x'")]
    [InlineData("a = [,1]", "1:6: expected a value or ']' but found ','")]
    [InlineData("a = [1,,2]", "1:8: expected one comma between two elements but found ','")]
    [InlineData("a = [1,2,,]", "1:10: expected one comma between two elements but found ','")]
    [InlineData("{,}", "1:2: expected a key but found ','")]
    [InlineData("a = 1,,", "1:7: expected one comma between two elements but found ','")]
    [InlineData("a = 127.0.0.1:7070",
        "1:14: expected a comma or a new line but found ':' (a string with this character needs quotes)")]
    [InlineData("a = b@c",
        "1:6: expected a comma or a new line but found '@' (a string with this character needs quotes)")]
    [InlineData("a = { b = 1 } c = 2", "1:15: expected a comma or a new line after the object but found 'c'")]
    [InlineData("a = [1] \"b\"", "1:9: expected a comma or a new line after the array but found '\"'")]
    [InlineData("a = b { c = 1 }", "1:7: expected a comma or a new line after the string but found '{'")]
    [InlineData("a = \"x", "1:7: expected '\"' to end the string but found the end of the text")]
    [InlineData("a = \"x\n\"", "1:7: expected '\"' to end the string but found the end of the line")]
    [InlineData("a = \"x\ty\"",
        "1:7: expected an escape such as \\t, or a string between three quotes, but found '\\u0009'")]
    [InlineData("a = \"\\x\"", "1:7: expected one of \" \\ / b f n r t u after '\\' but found 'x'")]
    [InlineData("a = \"\\u12g4\"", "1:10: expected four hexadecimal digits after '\\u' but found 'g4'")]
    [InlineData("a = \"\"\"x\"\"",
        "1:5: expected three quotes to end this string but found the end of the text")]
    [InlineData("a = $b", "1:6: expected '{' after '$' but found 'b'")]
    [InlineData("a = ${}", "1:7: expected a path after '${' but found '}'")]
    [InlineData("a = ${ ?b}", "1:8: expected a path after '${' but found '?'")]
    [InlineData("a = ${?}", "1:8: expected a path after '${?' but found '}'")]
    [InlineData("a = ${b", "1:8: expected '}' after the path but found the end of the text")]
    [InlineData("a = ${b${c}}", "1:8: expected '}' after the path but found '$'")]
    [InlineData("a = ${b\n}", "1:8: expected '}' after the path but found the end of the line")]
    [InlineData("${a} = 1", "1:1: expected a key but found '$'")]
    [InlineData("a..b = 1",
        "1:3: expected a name before or after each '.' (an empty one is written \"\") but found '.b'")]
    [InlineData(".a = 1",
        "1:1: expected a name before or after each '.' (an empty one is written \"\") but found '.a'")]
    [InlineData("a. = 1",
        "1:4: expected a name before or after each '.' (an empty one is written \"\") but found '='")]
    [InlineData("a = ${b.}",
        "1:9: expected a name before or after each '.' (an empty one is written \"\") but found '}'")]
    [InlineData("include = 1",
        "1:9: expected a quoted file name, file(\"...\") or required(...) after 'include' but found '='")]
    [InlineData("include x.conf",
        "1:9: expected a quoted file name, file(\"...\") or required(...) after 'include' but found 'x.conf'")]
    [InlineData("include required(\"/x\"",
        "1:22: expected ')' after the file name but found the end of the text")]
    [InlineData("include url(\"http://x\")",
        "1:9: expected a file to include but found a URL or a class path (only files can be included)")]
    [InlineData("include required(classpath(\"x\"))",
        "1:18: expected a file to include but found a URL or a class path (only files can be included)")]
    [InlineData("include \"https://x/y.conf\"",
        "1:9: expected a file to include but found a URL (only files can be included)")]
    [InlineData("include \"x.conf\"",
        "1:1: expected an absolute path to include but found a relative one, and this text is in no file")]
    public void An_error_says_where_and_what_was_expected(string text, string problem) =>
        ProblemOf(text).ShouldBe("test.conf:" + problem);

    [Fact]
    public void What_could_forge_a_line_of_output_is_escaped()
    {
        ProblemOf("\"x\" \u001b\u202eb\n\u001b\u202ec").ShouldContain(@"but found '\u001b\u202ec'");
    }

    [Fact]
    public void The_error_carries_the_place_for_programs()
    {
        var error = Should.Throw<HoconException>(() => HoconDocument.Parse("a = 1\nb = ]", "--set"));

        error.Origin.ShouldBe(new HoconOrigin("--set", 2, 5));
        error.Problem.ShouldBe("expected a value after '=' but found ']'");
    }

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("a.")]
    [InlineData(".b")]
    [InlineData("a..b")]
    [InlineData("a${b}c")]
    [InlineData("a\nb")]
    [InlineData("\"\".")]
    [InlineData("a=b")]
    public void What_is_no_path_is_refused(string path) =>
        Should.Throw<HoconException>(() => HoconPath.Parse(path));
}
