using ActorSock.Settings;

namespace ActorSock.Tests.Settings;

public sealed class LayerTests : IDisposable
{
    private readonly Loading loading = new();

    public void Dispose() => loading.Dispose();

    [Fact]
    public void Options_win_over_files_files_over_the_environment_that_over_the_reference()
    {
        loading
            .Environment("ACTORSOCK__CONNECTIONS__MAX", "1")
            .Environment("ACTORSOCK__FILES__THREADS", "1")
            .Environment("ACTORSOCK__MEMORY__WINDOW_BLOCKS", "1")
            .Config("a.conf", "actorsock { connections.max = 2, files.threads = 2, drain.limit = 2s }")
            .Config("b.json", """{"actorsock": {"connections": {"max": 3}, "drain": {"limit": "3s"}}}""")
            .Set("actorsock.connections.max=4", "actorsock.connections.max=5");

        var settings = loading.Settings;

        settings.Connections.Max.ShouldBe(5);
        settings.Drain.Limit.ShouldBe(TimeSpan.FromSeconds(3));
        settings.Files.Threads.ShouldBe(2);
        settings.Memory.WindowBlocks.ShouldBe(1);
        settings.Listeners.Backlog.ShouldBe(1024);
    }

    [Fact]
    public void A_substitution_follows_the_layer_above_it()
    {
        loading.Config("a.conf", "actorsock.files { root = /data/a, threads = 3 }").Root("/data/b");

        var loaded = loading.Load();

        loaded.Settings.Files.Root.ShouldBe("/data/b");
        loaded.Settings.Admin.Endpoint.ShouldBe(new Endpoint.Unix("/data/b/.actorsock/admin.sock"));
        loaded.EngineHocon.ShouldContain("thread-count = 3");
    }

    [Fact]
    public void A_substitution_in_a_lower_file_sees_a_higher_one_and_the_environment()
    {
        var settings = loading
            .Environment("SITE", "north")
            .Config("a.conf", "base = /data\nactorsock.files.root = ${base}/${SITE}/${?MISSING}")
            .Config("b.conf", "base = /disk2")
            .Settings;

        settings.Files.Root.ShouldBe("/disk2/north/");
    }

    [Theory]
    [InlineData("ACTORSOCK__TRANSFER__ENDPOINT", "127.0.0.1:9")]
    [InlineData("actorsock__transfer__endpoint", "127.0.0.1:9")]
    [InlineData("ActorSock__Transfer__Endpoint", "[\"127.0.0.1:9\"]")]
    public void Environment_variables_name_keys_in_any_case(string name, string value) =>
        loading.Environment(name, value).Settings.Transfer.Endpoints
            .ShouldBe([new Endpoint.Tcp("127.0.0.1", 9)]);

    [Theory]
    [InlineData("/data/#1 // {x", "/data/#1 // {x")]
    [InlineData(" C:\\in=box ", " C:\\in=box ")]
    [InlineData("\"quoted\"", "quoted")]
    [InlineData("${HOME}/inbox", "/home/me/inbox")]
    [InlineData("{no hocon", "{no hocon")]
    [InlineData("数据", "数据")]
    public void A_value_on_the_command_line_needs_no_quotes(string value, string root)
    {
        loading.Environment("HOME", "/home/me");

        loading.Set($"actorsock.files.root={value}", "actorsock.admin.endpoint=off");

        loading.Settings.Files.Root.ShouldBe(root);
    }

    [Fact]
    public void An_IPv6_endpoint_on_the_command_line_is_no_list() =>
        loading.Set("actorsock.transfer.endpoint=[::1]:7070").Settings.Transfer.Endpoints
            .ShouldBe([new Endpoint.Tcp("::1", 7070)]);

    [Fact]
    public void Services_can_be_off_and_listen_at_several_endpoints()
    {
        using var several = new Loading();
        var off = loading.Set("actorsock.transfer.endpoint=off", "actorsock.admin.endpoint=off").Settings;
        several.Config("a.conf", """actorsock.transfer.endpoint = ["127.0.0.1:1", "unix:/run/x"]""");
        var more = several.Settings;

        off.Transfer.Endpoints.ShouldBeEmpty();
        off.Admin.Endpoint.ShouldBeNull();
        more.Transfer.Endpoints.ShouldBe([new Endpoint.Tcp("127.0.0.1", 1), new Endpoint.Unix("/run/x")]);
    }

    [Fact]
    public void The_file_in_the_working_folder_is_read_when_no_other_is_named()
    {
        loading.File(SettingsSources.DefaultFile, "actorsock.files.threads = 7");

        loading.Settings.Files.Threads.ShouldBe(7);
        loading.Config("other.conf", "").Settings.Files.Threads.ShouldBe(8);
    }

    [Fact]
    public void The_shipped_file_changes_nothing()
    {
        var shipped = File.ReadAllText(Path.Combine(Repository.Root, "config", "actorsock.conf"));

        loading.Config("shipped.conf", shipped).Load().Keys.ShouldAllBe(key => !key.Overridden);
    }

    [Fact]
    public void Each_key_tells_who_set_it()
    {
        var keys = loading
            .Environment("ACTORSOCK__DRAIN__LIMIT", "1s")
            .Config("a.conf", "\nactorsock.files.threads = 2")
            .Set("actorsock.transfer.endpoint=[\"127.0.0.1:1\", \"127.0.0.1:2\"]", "akka.loglevel=DEBUG")
            .Root("/data")
            .Load().Keys.Where(key => key.Overridden);

        keys.ShouldBe([
            new("actorsock.transfer.endpoint", "[\"127.0.0.1:1\",\"127.0.0.1:2\"]", "--set", true),
            new("actorsock.files.root", "/data", "--root", true),
            new("actorsock.files.threads", "2", $"{loading.PathOf("a.conf")}:2", true),
            new("actorsock.drain.limit", "1s", "ACTORSOCK__DRAIN__LIMIT", true),
            new("akka.loglevel", "DEBUG", "--set", true),
            // It says ${actorsock.files.threads}.
            new("actorsock-files-dispatcher.dedicated-thread-pool.thread-count", "2",
                $"{loading.PathOf("a.conf")}:2", true),
        ]);
    }

    [Fact]
    public void The_engine_gets_all_that_is_not_the_nodes()
    {
        var hocon = loading.Config("a.conf", "akka.actor.x = 1\nmine { y = [1, 2] }").Load().EngineHocon;

        hocon.ShouldContain("actorsock-files-dispatcher {");
        hocon.ShouldContain("thread-count = 8");
        hocon.ShouldContain("x = 1");
        hocon.ShouldContain("mine {");
        hocon.ShouldNotContain("backlog");
        hocon.ShouldNotContain("${");
    }

    [Fact]
    public void The_log_configuration_must_be_there_only_when_somebody_named_it()
    {
        using var missing = new Loading();
        using var there = new Loading();

        loading.Settings.Logging.Serilog.ShouldBeNull();
        missing.Set("actorsock.logging.serilog=my.json").Problems.ShouldHaveSingleItem().ToString()
            .ShouldBe("actorsock.logging.serilog = my.json (--set): there is no such file");
        there.File("config/serilog.json", "{}").Settings.Logging.Serilog.ShouldBe("config/serilog.json");
    }
}
