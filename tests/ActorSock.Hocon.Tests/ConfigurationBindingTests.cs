using Microsoft.Extensions.Configuration;

namespace ActorSock.Hocon.Tests;

public sealed class ConfigurationBindingTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("hocon-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Objects_and_arrays_become_keys_with_colons()
    {
        var configuration = Configured("a { b-c = 1, d = [x, { e = 10s }] }, f = null, g = [], \"h.i\" = true");

        configuration["a:b-c"].ShouldBe("1");
        configuration["a:d:0"].ShouldBe("x");
        configuration["A:D:1:E"].ShouldBe("10s");
        configuration["f"].ShouldBeNull();
        configuration["g"].ShouldBe("");
        configuration["h.i"].ShouldBe("true");
    }

    [Fact]
    public void Settings_bind_by_the_ordinary_binder()
    {
        var configuration = Configured("""
            node {
              idle-limit = 5m, wait = 10, optional-wait = 1.5s, clock = "00:01:30", plain-text = 10s
              header-bytes-max = 64KiB, file-bytes-max = 16TiB, port = 7070
              is-on = on, ratio = 0.5, level = High
              endpoints = [one, two], pauses = [1s, 2s]
              limits { small = 1kB, large = 1MiB }
              inner { is-on = no, waits-for = 1h }
            }
            """, source =>
        {
            source.Keys = HoconKeyStyle.WithoutHyphens;
            source.BindTo<NodeSettings>("node");
        });

        var settings = configuration.GetSection("node").Get<NodeSettings>();

        settings.ShouldNotBeNull();
        settings.IdleLimit.ShouldBe(TimeSpan.FromMinutes(5));
        settings.Wait.ShouldBe(TimeSpan.FromMilliseconds(10));
        settings.OptionalWait.ShouldBe(TimeSpan.FromSeconds(1.5));
        settings.Clock.ShouldBe(TimeSpan.FromSeconds(90));
        settings.PlainText.ShouldBe("10s");
        settings.HeaderBytesMax.ShouldBe(65536);
        settings.FileBytesMax.ShouldBe(16L << 40);
        settings.Port.ShouldBe((ushort)7070);
        settings.IsOn.ShouldBeTrue();
        settings.Ratio.ShouldBe(0.5);
        settings.Level.ShouldBe(Level.High);
        settings.Endpoints.ShouldBe(["one", "two"]);
        settings.Pauses.ShouldBe([TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)]);
        settings.Limits.OrderBy(limit => limit.Value)
            .ShouldBe([KeyValuePair.Create("small", 1000L), KeyValuePair.Create("large", 1L << 20)]);
        settings.Inner.ShouldBe(new InnerSettings { IsOn = false, Patience = TimeSpan.FromHours(1) });
    }

    [Fact]
    public void Outside_of_the_settings_class_values_stay_as_written()
    {
        var configuration = Configured(
            "wait = 10s, node { wait = 10s, unknown = 10s }", source => source.BindTo<NodeSettings>("node"));

        configuration["wait"].ShouldBe("10s");
        configuration["node:wait"].ShouldBe("00:00:10");
        configuration["node:unknown"].ShouldBe("10s");
    }

    [Fact]
    public void What_does_not_fit_its_property_is_an_error_with_its_place()
    {
        void BindsSoon() => Configured("wait = soon", source => source.BindTo<NodeSettings>());

        Should.Throw<HoconException>(BindsSoon).Message.ShouldBe(
            "test.conf:1:8: expected a duration such as 500ms, 10s, 5 minutes, 1.5h or 7d but found 'soon'");
    }

    [Fact]
    public void All_that_does_not_fit_can_be_told_at_once()
    {
        var problems = new List<HoconException>();

        var configuration = Configured("wait = soon\nport = 64KiB\nis-on = 1\nratio = 2\nWAIT = 1s", source =>
        {
            source.BindTo<NodeSettings>();
            source.OnProblem = problems.Add;
        });

        problems.Select(problem => problem.Message).ShouldBe(
        [
            "test.conf:1:8: expected a duration such as 500ms, 10s, 5 minutes, 1.5h or 7d but found 'soon'",
            "test.conf:2:8: expected a whole number from 0 to 65535 but found '64KiB'",
            "test.conf:3:9: expected true or false (or yes, no, on, off) but found '1'",
            "test.conf:5:8: expected keys that differ in more than case and hyphens but found 'WAIT' "
                + "also at test.conf:1:8",
        ]);
        configuration["wait"].ShouldBeNull();
        configuration["ratio"].ShouldBe("2");
    }

    [Fact]
    public void A_key_knows_where_its_value_was_written()
    {
        var root = (IConfigurationRoot)Configured("a {\n  b = [x, y]\n}");

        var provider = root.Providers.OfType<HoconConfigurationProvider>().ShouldHaveSingleItem();

        provider.OriginOf("A:B:1").ShouldBe(new HoconOrigin("test.conf", 2, 11));
        provider.OriginOf("a").ShouldBeNull();
    }

    [Fact]
    public void A_file_is_read_again_when_the_configuration_is_reloaded()
    {
        var path = Path.Combine(_folder, "x.conf");
        File.WriteAllText(path, "a = 1");
        var configuration = new ConfigurationBuilder().AddHocon(path).Build();
        configuration["a"].ShouldBe("1");

        File.WriteAllText(path, "a = 2");
        configuration.Reload();

        configuration["a"].ShouldBe("2");
    }

    [Fact]
    public void A_missing_file_is_an_error_unless_it_is_optional()
    {
        var path = Path.Combine(_folder, "missing.conf");

        new ConfigurationBuilder().AddHocon(path, isOptional: true).Build().AsEnumerable().ShouldBeEmpty();
        Should.Throw<HoconException>(() => new ConfigurationBuilder().AddHocon(path).Build());
    }

    [Fact]
    public void Substitutions_look_in_the_environment_that_is_given()
    {
        var configuration = Configured(
            "a = ${NAME}", source => source.Environment = name => name == "NAME" ? "x" : null);

        configuration["a"].ShouldBe("x");
    }

    private static IConfiguration Configured(string text, Action<HoconConfigurationSource>? configure = null) =>
        new ConfigurationBuilder().AddHocon(HoconDocument.Parse(text, "test.conf"), configure).Build();

    private enum Level
    {
        Low,
        High,
    }

    private sealed record NodeSettings
    {
        public required TimeSpan IdleLimit { get; init; }

        public required TimeSpan Wait { get; init; }

        public TimeSpan? OptionalWait { get; init; }

        public TimeSpan Clock { get; init; }

        public required string PlainText { get; init; }

        public required int HeaderBytesMax { get; init; }

        public required long FileBytesMax { get; init; }

        public required ushort Port { get; init; }

        public required bool IsOn { get; init; }

        public required double Ratio { get; init; }

        public required Level Level { get; init; }

        public required string[] Endpoints { get; init; }

        public required IReadOnlyList<TimeSpan> Pauses { get; init; }

        public required Dictionary<string, long> Limits { get; init; }

        public required InnerSettings Inner { get; init; }
    }

    private sealed record InnerSettings
    {
        public required bool IsOn { get; init; }

        [ConfigurationKeyName("waitsfor")]
        public required TimeSpan Patience { get; init; }
    }
}
