using ActorSock.Load.Scenarios;

namespace ActorSock.Load.Tests;

public sealed class ScenarioFileTests : IDisposable
{
    private readonly string _file = Path.GetTempFileName();

    public void Dispose() => File.Delete(_file);

    [Theory]
    [InlineData("default", 16)]
    [InlineData("small", 16)]
    [InlineData("large", 8)]
    [InlineData("mixed", 32)]
    [InlineData("idle", 10_000)]
    public void Each_scenario_of_the_program_can_be_read(string name, int connections) =>
        ScenarioFile.Read(name, null, []).Connections.ShouldBe(connections);

    [Fact]
    public void A_scenario_of_ones_own_stands_on_others_and_options_win_over_it()
    {
        File.WriteAllText(_file, "actorsock.load.nightly = ${actorsock.load.mixed} { connections = 200, rate = 50 }");

        var scenario = ScenarioFile.Read(null, _file, [new("rate", "70"), new("rude.percent", "5")]);

        scenario.Name.ShouldBe("nightly");
        scenario.Connections.ShouldBe(200);
        scenario.Rate.ShouldBe(70);
        scenario.RudeConnections.ShouldBe(10);
        scenario.Sizes.ShouldBeOfType<SizeDistribution.LogNormal>();
    }

    [Fact]
    public void A_scenario_in_JSON_needs_to_say_only_what_is_different()
    {
        File.WriteAllText(_file, """{"actorsock": {"load": {"mine": {"size": "1KiB..2KiB", "rude": {"kinds": ["reset"]}}}}}""");

        var scenario = ScenarioFile.Read("mine", _file, []);

        scenario.Sizes.ShouldBe(new SizeDistribution.Uniform(1024, 2048));
        scenario.RudeKinds.ShouldBe([RudeKind.Reset]);
        scenario.Duration.ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Theory]
    [InlineData("connections", "0", "allowed is 1 to")]
    [InlineData("connections", "some", "a whole number")]
    [InlineData("size", "4XiB", "is no size")]
    [InlineData("rate", "fast", "a number")]
    [InlineData("rate", "0", "allowed is")]
    [InlineData("dialect", "bare", "allowed is digest-after")]
    [InlineData("rude.kinds", "loud", "there is no 'loud'")]
    [InlineData("duration", "off", "it would never end")]
    [InlineData("duration", "-1s", "allowed is 0s to 365d")]
    [InlineData("speed", "1", "there is no such setting")]
    [InlineData("rude.speed", "1", "there is no such setting")]
    public void What_is_wrong_is_told_with_its_key_and_what_is_allowed(string key, string value, string why)
    {
        var wrong = Should.Throw<ScenarioException>(() => ScenarioFile.Read(null, null, [new(key, value)]));

        wrong.Message.ShouldContain(why);
    }

    [Fact]
    public void An_unknown_scenario_is_refused_with_those_that_there_are() =>
        Should.Throw<ScenarioException>(() => ScenarioFile.Read("huge", null, [])).Message
            .ShouldBe("there is no scenario 'huge': there are default, idle, large, mixed, small");

    [Fact]
    public void Of_several_scenarios_in_a_file_one_must_be_chosen()
    {
        File.WriteAllText(_file, "actorsock.load { a { connections = 1 }, b { connections = 2 } }");

        Should.Throw<ScenarioException>(() => ScenarioFile.Read(null, _file, [])).Message.ShouldContain("say --scenario a or b");
        ScenarioFile.Read("b", _file, []).Connections.ShouldBe(2);
    }
}
