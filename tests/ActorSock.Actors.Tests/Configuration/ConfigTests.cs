namespace ActorSock.EngineTests.Configuration;

public class ConfigTests
{
    private static readonly Config Sample = ConfigurationFactory.ParseString("""
        text = "some words", number = 42, large = 5000000000, half = 0.5, switch = on
        wait = 1.5s, plain-wait = 250, never = infinite, size = 64KiB, nothing = null
        words = [one, two], numbers = [1, 2, 3]
        section { inner { key = deep }, "dotted.key" = 1 }
        """);

    [Fact]
    public void A_value_is_read_as_what_is_asked_for()
    {
        Sample.GetString("text").ShouldBe("some words");
        Sample.GetString("number").ShouldBe("42");
        Sample.GetInt("number").ShouldBe(42);
        Sample.GetLong("large").ShouldBe(5_000_000_000);
        Sample.GetDouble("half").ShouldBe(0.5);
        Sample.GetFloat("half").ShouldBe(0.5f);
        Sample.GetDecimal("half").ShouldBe(0.5m);
        Sample.GetBoolean("switch").ShouldBeTrue();
        Sample.GetTimeSpan("wait").ShouldBe(TimeSpan.FromSeconds(1.5));
        Sample.GetTimeSpan("plain-wait").ShouldBe(TimeSpan.FromMilliseconds(250));
        Sample.GetByteSize("size").ShouldBe(65536);
        Sample.GetStringList("words").ShouldBe(["one", "two"]);
        Sample.GetIntList("numbers").ShouldBe([1, 2, 3]);
        Sample.GetString("section.inner.key").ShouldBe("deep");
        Sample.GetInt("section.\"dotted.key\"").ShouldBe(1);
    }

    [Fact]
    public void A_path_that_leads_nowhere_gives_the_default()
    {
        Sample.GetString("nowhere").ShouldBeNull();
        Sample.GetString("nowhere", "x").ShouldBe("x");
        Sample.GetString("text.below", "x").ShouldBe("x");
        Sample.GetInt("nowhere", 7).ShouldBe(7);
        Sample.GetBoolean("nowhere", true).ShouldBeTrue();
        Sample.GetTimeSpan("nowhere").ShouldBe(TimeSpan.Zero);
        Sample.GetTimeSpan("nowhere", TimeSpan.FromSeconds(1)).ShouldBe(TimeSpan.FromSeconds(1));
        Sample.GetByteSize("nowhere").ShouldBeNull();
        Sample.GetByteSize("nowhere", 5).ShouldBe(5);
        Sample.GetStringList("nowhere").ShouldBeEmpty();
        Sample.GetConfig("nowhere").ShouldBeNull();
        Sample.HasPath("nowhere").ShouldBeFalse();
        Sample.HasPath("section.inner").ShouldBeTrue();
    }

    [Fact]
    public void Infinite_is_a_duration_where_it_is_allowed()
    {
        Sample.GetTimeSpan("never").ShouldBe(Timeout.InfiniteTimeSpan);
        Should.Throw<Exception>(() => Sample.GetTimeSpan("never", allowInfinite: false));
    }

    [Fact]
    public void A_section_is_a_configuration_of_its_own()
    {
        var section = Sample.GetConfig("section")!;

        section.GetString("inner.key").ShouldBe("deep");
        section.HasPath("text").ShouldBeFalse();
    }

    [Fact]
    public void A_configuration_says_first_what_it_says_itself()
    {
        var high = ConfigurationFactory.ParseString("a = 1, o { x = 1 }");
        var low = ConfigurationFactory.ParseString("a = 2, b = 2, o { x = 2, y = 2 }");

        var both = high.WithFallback(low);

        both.GetInt("a").ShouldBe(1);
        both.GetInt("b").ShouldBe(2);
        both.GetConfig("o")!.GetInt("x").ShouldBe(1);
        both.GetConfig("o")!.GetInt("y").ShouldBe(2);
        high.HasPath("b").ShouldBeFalse();
        low.GetInt("a").ShouldBe(2);
    }

    [Fact]
    public void An_empty_configuration_says_nothing()
    {
        Config.Empty.IsEmpty.ShouldBeTrue();
        ConfigurationFactory.Empty.IsEmpty.ShouldBeTrue();
        Sample.IsEmpty.ShouldBeFalse();
        Config.Empty.GetString("a", "x").ShouldBe("x");
        Config.Empty.WithFallback(Sample).GetInt("number").ShouldBe(42);
        Sample.WithFallback(Config.Empty).GetInt("number").ShouldBe(42);
        Should.Throw<ArgumentException>(() => Sample.WithFallback(Sample));
    }

    [Fact]
    public void The_engine_has_settings_of_its_own() =>
        ConfigurationFactory.Default().HasPath("akka.actor.default-dispatcher").ShouldBeTrue();

    [Fact]
    public void A_resource_that_is_not_there_is_an_error() =>
        Should.Throw<Exception>(() => ConfigurationFactory.FromResource<ConfigTests>("nowhere.conf"));

    [Fact]
    public void Many_threads_can_read_one_configuration()
    {
        var config = ConfigurationFactory.ParseString("a = ${b}, b = 1").WithFallback(Sample);
        using var start = new Barrier(4);
        var sums = new long[4];

        var threads = Enumerable.Range(0, 4).Select(index => new Thread(() =>
        {
            start.SignalAndWait();
            for (var i = 0; i < 100; i++)
                sums[index] += config.GetInt("a") + config.GetInt("number");
        })).ToList();
        threads.ForEach(thread => thread.Start());
        threads.ForEach(thread => thread.Join());

        sums.ShouldAllBe(sum => sum == 4300);
    }

#if !ENGINE_AKKA
    [Fact]
    public void A_substitution_sees_what_a_layer_above_it_says()
    {
        var low = ConfigurationFactory.ParseString("threads = 4, pool { count = ${threads} }");

        ConfigurationFactory.ParseString("threads = 8").WithFallback(low).GetInt("pool.count").ShouldBe(8);
        low.GetInt("pool.count").ShouldBe(4);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_an_error_with_its_place()
    {
        Should.Throw<Hocon.HoconException>(() => Sample.GetInt("text")).Message
            .ShouldBe("hocon:1:8: expected a whole number but found 'some words'");
        Should.Throw<Hocon.HoconException>(() => Sample.GetConfig("number")).Message
            .ShouldBe("hocon:1:31: expected an object but found a number");
        Should.Throw<Hocon.HoconException>(() => ConfigurationFactory.ParseString("a = }"));
    }

    [Fact]
    public void As_text_it_is_HOCON()
    {
        ConfigurationFactory.ParseString("a.b = ${c}, c = 1").ToString().ShouldBe("a {\n  b = 1\n}\nc = 1");
        ConfigurationFactory.ParseString("a = ${nowhere}").ToString().ShouldStartWith("# not resolved: hocon:1:5: expected");
    }
#endif
}
