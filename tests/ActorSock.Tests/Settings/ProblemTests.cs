using ActorSock.Settings;

namespace ActorSock.Tests.Settings;

public sealed class ProblemTests : IDisposable
{
    private readonly Loading loading = new();

    public void Dispose() => loading.Dispose();

    [Fact]
    public void All_problems_are_told_at_once_each_with_its_place()
    {
        var file = loading.Config("a.conf", """
            actorsock {
              connections { max = 0, header-deadlin = 5s }
              transfer.endpoint = nowhere
              memory = 5
              memory.blocks-max = 5
            }
            aktorsock { }
            """).PathOf("a.conf");
        loading.Environment("ACTORSOCK__WIER__HEADER_BYTES_MAX", "1KiB")
            .Set("nonsense", "actorsock..x=1", "actorsock.files.threads=none", "transfer.endpoint=off");

        loading.Problems.Select(problem => problem.ToString()).ShouldBe([
            "nonsense (--set): must be KEY=VALUE",
            "actorsock..x (--set): expected a name before or after each '.' (an empty one is written \"\") " +
            "but found '.x'",
            $"aktorsock ({file}:7): unknown key: did you mean actorsock?",
            "transfer.endpoint (--set): unknown key: did you mean actorsock.transfer.endpoint?",
            $"actorsock.connections.header-deadlin = 5s ({file}:2): unknown key: " +
            "did you mean actorsock.connections.header-deadline?",
            "actorsock.wier (ACTORSOCK__WIER__HEADER_BYTES_MAX): unknown key: did you mean actorsock.wire?",
            $"actorsock.transfer.endpoint = nowhere ({file}:3): must be HOST:PORT, [IPV6]:PORT, unix:/path " +
            "or off, or a list of endpoints: no port",
            $"actorsock.connections.max = 0 ({file}:2): must be a whole number from 1 to 1000000",
            $"actorsock.memory.blocks-max = 5 ({file}:5): must be a size from 4KiB to 1TiB",
            "actorsock.memory.block-bytes: has no value: must be a size from 4KiB to 1MiB",
            "actorsock.memory.window-blocks: has no value: must be a whole number from 1 to 64",
            "actorsock.memory.track-blocks: has no value: must be on or off",
            "actorsock.files.threads = none (--set): must be a whole number from 1 to 256",
        ]);
    }

    [Theory]
    [InlineData("actorsock.memory")]
    [InlineData("actorsock.files")]
    [InlineData("actorsock")]
    public void A_section_is_no_value(string key) =>
        loading.Set($"{key}=5").Problems.ShouldHaveSingleItem().ToString()
            .ShouldBe($"{key} = 5 (--set): must be a section: keys in braces");

    [Theory]
    [InlineData("actorsock.wire.header-deadline", "actorsock.connections.header-deadline")]
    [InlineData("actorsock.connection.max", "actorsock.connections")]
    [InlineData("actorsock.transfer.endpoints", "actorsock.transfer.endpoint")]
    [InlineData("actorsock.files.rooot", "actorsock.files.root")]
    [InlineData("actorsock.Files.root", "actorsock.files")]
    [InlineData("actorsock.conections", "actorsock.connections")]
    [InlineData("files.root", "actorsock.files.root")]
    [InlineData("memory.blockbytes", "actorsock.memory.block-bytes")]
    [InlineData("aka.loglevel", "akka")]
    public void An_unknown_key_gets_the_nearest_known_one(string key, string nearest) =>
        loading.Set($"{key}=1").Problems.ShouldHaveSingleItem().Why
            .ShouldBe($"unknown key: did you mean {nearest}?");

    [Theory]
    [InlineData("actorsock.colour")]
    [InlineData("something.else")]
    public void A_key_like_no_other_is_just_unknown(string key) =>
        loading.Set($"{key}=1").Problems.ShouldHaveSingleItem().Why.ShouldBe("unknown key");

    [Fact]
    public void A_file_may_have_names_of_its_own_to_refer_to() =>
        loading.Config("a.conf", "sites { north = /n }, actorsock.files.root = ${sites.north}")
            .Settings.Files.Root.ShouldBe("/n");

    [Fact]
    public void Files_that_cannot_be_read_do_not_hide_what_else_is_wrong()
    {
        var problems = loading.MissingConfig("missing.conf")
            .Config("broken.conf", "actorsock {\n  files.root = [\n")
            .Config("a.conf", "actorsock.connections.max = 0\nactorsock.files.root = ${nowhere}")
            .Problems;

        problems.Count.ShouldBe(2);
        problems[0].ToString().ShouldContain("missing.conf");
        problems[1].ToString().ShouldStartWith($"{loading.PathOf("broken.conf")}:3:");
    }

    [Fact]
    public void A_substitution_that_nothing_answers_is_told_with_its_place() =>
        loading.Config("a.conf", "\nactorsock.files.root = ${nowhere}").Problems.ShouldHaveSingleItem()
            .ToString().ShouldStartWith($"{loading.PathOf("a.conf")}:2:");

    [Fact]
    public void An_environment_variable_that_names_no_key_is_told() =>
        loading.Environment("ACTORSOCK__", "x").Environment("ACTORSOCK__FILES__", "y").Problems
            .Select(problem => problem.ToString())
            .ShouldBe(["ACTORSOCK__ = x: names no setting", "ACTORSOCK__FILES__ = y: names no setting"]);

    [Fact]
    public void The_message_of_the_exception_has_a_line_for_each_problem()
    {
        loading.Set("actorsock.files.threads=0", "actorsock.connections.max=0");

        Should.Throw<SettingsException>(loading.Load).Message.Split(Environment.NewLine).Length.ShouldBe(2);
    }
}
