using ActorSock.Settings;

namespace ActorSock.Tests.Settings;

/// <summary>The section <c>actorsock.commands.allowed</c>, whose keys are names of the operator's choice.</summary>
public sealed class AllowedCommandsTests : IDisposable
{
    private readonly Loading loading = new();

    public void Dispose() => loading.Dispose();

    [Fact]
    public void What_an_entry_leaves_out_is_as_the_defaults_say()
    {
        var settings = loading.Config("a.conf", $$"""
            actorsock.commands {
              defaults { time-limit = 3s, folder = /tmp, environment = [] }
              allowed {
                ls { program = /bin/ls, patterns = "-[al]+" }
                "df.root" {
                  program = /bin/df, arguments = ["-h", "/"], time-limit = 1s, output-bytes-max = 1KiB, folder = /
                  patterns = [], arguments-max = 0, environment = ["A=b=c"], user = {{Environment.UserName}}
                }
              }
            }
            """).Settings.Commands;

        settings.Allowed.Keys.ShouldBe(["ls", "df.root"], ignoreOrder: true);
        var ls = settings.Allowed["ls"];
        ls.Program.ShouldBe("/bin/ls");
        ls.Patterns.ShouldBe(["-[al]+"]);
        (ls.Arguments.Count, ls.ArgumentsMax, ls.User, ls.Folder).ShouldBe((0, null, null, "/tmp"));
        (ls.TimeLimit, ls.OutputBytesMax, ls.Environment.Count).ShouldBe((TimeSpan.FromSeconds(3), 1 << 20, 0));
        var df = settings.Allowed["df.root"];
        df.Arguments.ShouldBe(["-h", "/"]);
        df.Environment.ShouldBe(["A=b=c"]);
        (df.Patterns.Count, df.ArgumentsMax, df.User, df.Folder).ShouldBe((0, 0, Environment.UserName, "/"));
        (df.TimeLimit, df.OutputBytesMax).ShouldBe((TimeSpan.FromSeconds(1), 1024));
    }

    [Fact]
    public void A_layer_adds_to_an_entry_and_takes_one_away()
    {
        loading.Config("a.conf", "actorsock.commands.allowed { ls { program = /bin/ls }, pwd { program = /bin/pwd } }");
        loading.Set("actorsock.commands.allowed.ls.time-limit=2s").Config("b.conf", "actorsock.commands.allowed.pwd = null");

        var allowed = loading.Settings.Commands.Allowed;

        allowed.Keys.ShouldBe(["ls"]);
        allowed["ls"].TimeLimit.ShouldBe(TimeSpan.FromSeconds(2));
    }

    [Fact]
    public void An_option_takes_one_away_too()
    {
        loading.Config("a.conf", "actorsock.commands.allowed { ls { program = /bin/ls }, pwd { program = /bin/pwd } }");
        loading.Set("actorsock.commands.allowed.pwd=null");

        loading.Settings.Commands.Allowed.Keys.ShouldBe(["ls"]);
    }

    [Fact]
    public void What_ends_the_conversation_is_no_name() =>
        loading.Config("a.conf", "actorsock.commands.allowed.exit.program = /bin/true").Problems.ShouldHaveSingleItem().Why
            .ShouldBe("ends the conversation: must be another name");

    [Fact]
    public void All_problems_come_at_once()
    {
        var file = loading.Config("a.conf", """
            actorsock.commands.allowed {
              a { }
              b { program = ls }
              c { program = /bin/nonsense }
              d { program = /etc/passwd }
              e { program = /bin/ls, patterns = ["ok", "("] }
              f { program = /bin/ls, user = nobody-of-this-name, folder = /nowhere, time-limit = 5, output-bytes-max = 0 }
              g { program = /bin/ls, pattern = x, environment = [LANG], arguments-max = -1 }
              G { program = /bin/ls }
              "h i" { program = /bin/ls }
              j = /bin/ls
            }
            """).PathOf("a.conf");

        loading.Problems.Select(each => each.ToString().Replace($"{file}:", "", StringComparison.Ordinal)
            .Replace("actorsock.commands.allowed.", "", StringComparison.Ordinal)).ShouldBe([
            "g.pattern = x (8): unknown key: did you mean g.patterns?",
            "a.program (2): has no value: must be the full path of a program",
            "b.program = ls (3): must be the full path of a program: this is no full path",
            "c.program = /bin/nonsense (4): must be the full path of a program: there is no such file",
            "d.program = /etc/passwd (5): must be the full path of a program: nobody may execute it",
            "e.patterns = [\"ok\",\"(\"] (6): must be a list of regular expressions: " +
            "'(' is none: Invalid pattern '(' at offset 1. Not enough )'s.",
            "f.time-limit = 5 (7): has no unit: write 5ms or 5s, a duration from 10ms to 1d",
            "f.output-bytes-max = 0 (7): must be a size from 1B to 1GiB",
            "f.folder = /nowhere (7): must be a folder: there is no such folder",
            "f.user = nobody-of-this-name (7): must be a user's name, or off: there is no such user",
            "g.arguments-max = -1 (8): must be a whole number from 0 to 1000",
            "g.environment = [\"LANG\"] (8): must be a list of NAME=VALUE: 'LANG' has no name, or no = behind it",
            "G (9): differs from another name in upper and lower case alone",
            "\"h i\" (10): must be a name: letters, digits and . _ + - behind a letter or digit, at most 64",
            "j (11): must be a section: keys in braces",
        ]);
    }

    [Theory]
    [InlineData("a)|(b")]
    [InlineData("(?=x)")]
    [InlineData(@"(a)\\1")]
    public void A_pattern_that_could_mean_something_else_or_take_long_is_refused(string pattern) =>
        loading.Config("a.conf", $"actorsock.commands.allowed.ls {{ program = /bin/ls, patterns = \"{pattern}\" }}")
            .Problems.ShouldHaveSingleItem().Why.ShouldStartWith("must be a list of regular expressions: ");

    [Fact]
    public void A_default_that_is_no_good_is_told_once() =>
        loading.Config("a.conf", "actorsock.commands { defaults.folder = /nowhere, allowed { ls { program = /bin/ls } } }")
            .Problems.ShouldHaveSingleItem().Key.ShouldBe("actorsock.commands.defaults.folder");

    [Fact]
    public void A_list_of_commands_that_is_none_is_told() =>
        loading.Set("actorsock.commands.allowed=ls").Problems.ShouldHaveSingleItem().ToString()
            .ShouldBe("actorsock.commands.allowed = ls (--set): must be a section: names, each with keys in braces");

    [Fact]
    public void Commands_made_in_code_are_held_to_the_same_rules()
    {
        var settings = loading.Config("a.conf", "actorsock.commands.allowed.ls.program = /bin/ls").Settings;
        var ls = settings.Commands.Allowed["ls"] with { Program = "ls", Patterns = ["("], ArgumentsMax = 2000 };

        var problems = SettingsRules.Check(settings with
        {
            Commands = settings.Commands with { Allowed = new Dictionary<string, CommandSettings> { ["ls"] = ls } },
        });

        problems.Select(each => each.Key).ShouldBe([
            "actorsock.commands.allowed.ls.program", "actorsock.commands.allowed.ls.patterns",
            "actorsock.commands.allowed.ls.arguments-max",
        ]);
    }
}
