namespace ActorSock.Hocon.Tests;

public sealed class IncludeTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hocon-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("include \"x.conf\"")]
    [InlineData("include\n  \"x.conf\"")]
    [InlineData("include file(\"x.conf\")")]
    [InlineData("include file( \"x.conf\" )")]
    [InlineData("include required(\"x.conf\")")]
    [InlineData("include required( file(\"x.conf\") )")]
    [InlineData("include \"x\"")]
    [InlineData("include \"sub/../x.conf\"")]
    public void The_fields_of_the_file_stand_for_the_statement(string statement)
    {
        Write("x.conf", "b = 2, c = 2");

        Read($"a = 1, b = 1, {statement}, c = 3").ShouldBe("""{"a":1,"b":2,"c":3}""");
    }

    [Fact]
    public void A_file_is_found_beside_the_file_that_includes_it()
    {
        Write("sub/x.conf", "x = 1, include \"y.conf\"");
        Write("sub/y.conf", "y = 2");
        Write("y.conf", "y = wrong");

        Read("include \"sub/x.conf\"").ShouldBe("""{"x":1,"y":2}""");
    }

    [Fact]
    public void Text_that_is_in_no_file_can_include_by_absolute_path()
    {
        Write("x.conf", "x = 1");

        HoconDocument.Parse($"include \"{Path.Combine(_folder, "x.conf")}\"").Resolve().ToString()
            .ShouldBe("""{"x":1}""");
    }

    [Fact]
    public void A_name_without_extension_is_the_JSON_file_and_over_it_the_HOCON_file()
    {
        Write("x.json", """{"a": 1, "b": 1}""");
        Write("x.conf", "b = 2");
        Directory.CreateDirectory(Path.Combine(_folder, "x"));

        Read("include \"x\"").ShouldBe("""{"a":1,"b":2}""");
    }

    [Fact]
    public void A_substitution_looks_in_the_included_object_first_and_then_from_the_root()
    {
        Write("x.conf", "x = 10, y = ${x}, z = ${name}, home = ${HOME}, inner { include \"y.conf\" }");
        Write("y.conf", "v = ${w}, w = deep, up = ${x}, all = ${name}");

        var main = Write("main.conf", "name = root, x = 0, a { include \"x.conf\" }, a { x = 42 }");
        var root = HoconDocument.ParseFile(main).Resolve(name => name == "HOME" ? "/home" : null);

        root["a"].ToString().ShouldBe("""
            {"x":42,"y":42,"z":"root","home":"/home","inner":{"v":"deep","w":"deep","up":42,"all":"root"}}
            """);
    }

    [Fact]
    public void What_an_included_file_appends_it_appends_to_its_own_list()
    {
        Write("x.conf", "list += 1, list = ${list} [2]");

        Read("list = [0], a { include \"x.conf\" }").ShouldBe("""{"list":[0],"a":{"list":[1,2]}}""");
        Read("include \"x.conf\"").ShouldBe("""{"list":[1,2]}""");
        Read("a = [{ include \"x.conf\" }], list = [9]").ShouldContain("\"list\":[9]");
    }

    [Fact]
    public void A_missing_file_is_no_error_unless_it_is_required()
    {
        Read("a = 1, include \"nowhere.conf\", b = 2").ShouldBe("""{"a":1,"b":2}""");
        Read("include \"nowhere/at-all\"").ShouldBe("{}");

        Problem("a = 1\n  include required(\"nowhere.conf\")")
            .ShouldBe("main.conf:2:3: expected the file 'nowhere.conf' but there is none");
    }

    [Fact]
    public void A_file_that_includes_itself_is_refused()
    {
        Write("x.conf", "include \"y.conf\"");
        Write("y.conf", "y = 1\ninclude \"sub/../x.conf\"");
        Directory.CreateDirectory(Path.Combine(_folder, "sub"));

        Problem("include \"main.conf\"")
            .ShouldBe("main.conf:1:1: expected no file inside itself but found 'main.conf' including itself");
        Problem("include \"x.conf\"")
            .ShouldBe("y.conf:2:1: expected no file inside itself but found 'sub/../x.conf' including itself");
    }

    [Fact]
    public void The_same_file_may_be_included_twice_but_not_without_end()
    {
        Write("x.conf", "x = 1");
        Read("a { include \"x.conf\" }, b { include \"x.conf\" }").ShouldBe("""{"a":{"x":1},"b":{"x":1}}""");

        for (var i = 0; i < 20; i++)
            Write($"d{i}.conf", $"a {{ include \"d{i + 1}.conf\" }}, b {{ include \"d{i + 1}.conf\" }}");
        Problem("include \"d0.conf\"").ShouldEndWith("expected at most 250 includes but found more");
    }

    [Fact]
    public void The_characters_of_all_files_count_together()
    {
        Write("x.conf", "x = 123456");
        var main = Write("main.conf", "include \"x.conf\"");

        HoconDocument.ParseFile(main, new HoconLimits { DocumentCharsMax = 26 }).Resolve().Count.ShouldBe(1);
        var limits = new HoconLimits { DocumentCharsMax = 25 };
        Should.Throw<HoconException>(() => HoconDocument.ParseFile(main, limits))
            .Problem.ShouldBe("expected at most 25 characters of configuration but found more");
    }

    [Fact]
    public void Nesting_counts_through_includes()
    {
        Write("x.conf", "b { c = 1 }");
        var main = Write("main.conf", "a { include \"x.conf\" }");

        HoconDocument.ParseFile(main, new HoconLimits { DepthMax = 3 }).Resolve().Count.ShouldBe(1);
        Should.Throw<HoconException>(() => HoconDocument.ParseFile(main, new HoconLimits { DepthMax = 2 }));
    }

    [Fact]
    public void An_error_names_the_included_file()
    {
        Write("x.conf", "a = 1\nb = }");
        Write("array.conf", "[1]");

        Problem("include \"x.conf\"").ShouldBe("x.conf:2:5: expected a value after '=' but found '}'");
        Problem("include \"array.conf\"")
            .ShouldBe("array.conf:1:1: expected an object to include but found an array");
    }

    [Fact]
    public void A_value_remembers_the_file_that_it_came_from()
    {
        Write("x.conf", "\n  b = 1");

        var root = HoconDocument.ParseFile(Write("main.conf", "include \"x.conf\"\na = 1")).Resolve();

        Short(root["b"].Origin.ToString()).ShouldBe("x.conf:2:7");
        Short(root["a"].Origin.ToString()).ShouldBe("main.conf:2:5");
    }

    [Fact]
    public void A_file_that_is_no_UTF8_is_refused_with_the_place()
    {
        var path = Path.Combine(_folder, "main.conf");
        File.WriteAllBytes(path, [.. "a = 1\nb = "u8, 0xff, (byte)'\n']);

        var problem = Should.Throw<HoconException>(() => HoconDocument.ParseFile(path));

        Short(problem.Message).ShouldBe("main.conf:2:5: expected UTF-8 but found other bytes");
    }

    [Fact]
    public void A_file_that_is_not_there_or_is_a_folder_is_refused()
    {
        var missing = Path.Combine(_folder, "missing.conf");

        Should.Throw<HoconException>(() => HoconDocument.ParseFile(missing)).Message
            .ShouldBe($"{missing}: expected a configuration file but there is none");
        Should.Throw<HoconException>(() => HoconDocument.ParseFile(_folder)).Message
            .ShouldStartWith($"{_folder}: cannot read");
    }

    private string Write(string name, string text)
    {
        var path = Path.Combine(_folder, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllText(path, text);
        return path;
    }

    private string Read(string text) =>
        HoconDocument.ParseFile(Write("main.conf", text)).Resolve(_ => null).ToString();

    private string Problem(string text) =>
        Short(Should.Throw<HoconException>(() => HoconDocument.ParseFile(Write("main.conf", text))).Message);

    private string Short(string text) =>
        text.Replace(_folder + Path.DirectorySeparatorChar, "", StringComparison.Ordinal);
}
