using System.Globalization;
using System.Text.RegularExpressions;
using ActorSock.Hocon;
using ActorSock.Settings;

namespace ActorSock.Tests.Settings;

public sealed partial class RangeTests : IDisposable
{
    private readonly Loading loading = new();

    public static TheoryData<string> Ranges =>
        [.. from each in Setting.All
            where each.Allowed is not (PathAttribute or EndpointAttribute or UdpEndpointsAttribute or SwitchAttribute
                or FileModeAttribute or OwnerAttribute or TextAttribute)
            select each.Key];

    public void Dispose() => loading.Dispose();

    [Theory, MemberData(nameof(Ranges))]
    public void Both_ends_are_allowed_and_what_is_beyond_them_is_refused(string key)
    {
        var allowed = Setting.ByKey[key].Allowed;
        var (from, to) = Ends(allowed);

        allowed.TryRead(from, out _, out _).ShouldBeTrue();
        allowed.TryRead(to, out _, out _).ShouldBeTrue();
        foreach (var beyond in new[] { Beyond(allowed, from, -1), Beyond(allowed, to, +1) })
        {
            using var each = new Loading();
            each.Set($"{key}={beyond}").Problems.ShouldHaveSingleItem().ToString()
                .ShouldBe($"{key} = {beyond} (--set): must be {allowed.Allowed}");
        }
    }

    [Theory, MemberData(nameof(Ranges))]
    public void What_is_no_amount_at_all_is_refused(string key)
    {
        string[] amounts = ["many", "", "1 2", "1.5x", "NaN", "true", "{ a = 1 }", "[1, 2]", "[]"];
        foreach (var nonsense in amounts)
        {
            using var each = new Loading();
            each.Set($"{key}={nonsense}").Problems.ShouldHaveSingleItem().Key.ShouldBe(key);
        }
        var file = loading.Config("a.conf", $"{key} = null").PathOf("a.conf");
        loading.Problems.ShouldHaveSingleItem().ToString()
            .ShouldBe($"{key} = null ({file}:1): must be {Setting.ByKey[key].Allowed.Allowed}");
    }

    [Theory]
    [InlineData("on", true)]
    [InlineData("true", true)]
    [InlineData("off", false)]
    public void A_switch_is_on_or_off(string text, bool on) =>
        loading.Set($"actorsock.memory.track-blocks={text}").Settings.Memory.TrackBlocks.ShouldBe(on);

    [Fact]
    public void A_switch_has_no_third_position() =>
        loading.Set("actorsock.memory.track-blocks=maybe").Problems.ShouldHaveSingleItem().Why.ShouldBe("must be on or off");

    [Fact]
    public void A_duration_without_unit_is_refused_because_people_mean_seconds() =>
        loading.Set("actorsock.connections.idle-limit=300").Problems.ShouldHaveSingleItem().Why
            .ShouldBe("has no unit: write 300ms or 300s, a duration from 10ms to 7d");

    [Theory]
    [InlineData("127.0.0.1", "no port")]
    [InlineData("[\"127.0.0.1:1\", \"nonsense\"]", "no port")]
    [InlineData("[\"127.0.0.1:1\", [\"127.0.0.1:2\"]]", "must be HOST:PORT")]
    [InlineData("[]", "must be HOST:PORT")]
    [InlineData("", "no port")]
    public void An_endpoint_that_is_none_is_refused(string value, string told)
    {
        var problem = loading.Set($"actorsock.transfer.endpoint={value}").Problems.ShouldHaveSingleItem();

        problem.Key.ShouldBe("actorsock.transfer.endpoint");
        problem.Why.ShouldContain(told);
    }

    [Theory]
    [InlineData("unix:/run/x.sock", "a Unix socket takes connections only")]
    [InlineData("127.0.0.1", "no port")]
    [InlineData("[\"127.0.0.1:1\", \"unix:/x\"]", "must be HOST:PORT, [IPV6]:PORT or off")]
    public void An_endpoint_for_datagrams_that_is_none_is_refused(string value, string told) =>
        loading.Set($"actorsock.title.udp-endpoint={value}").Problems.ShouldHaveSingleItem().Why.ShouldContain(told);

    [Fact]
    public void Datagrams_are_not_for_the_endpoint_of_connections() =>
        loading.Set("actorsock.title.endpoint=udp://127.0.0.1:1").Problems.ShouldHaveSingleItem().Why.ShouldContain("udp-endpoint");

    [Theory]
    [InlineData("0660", "UserRead, UserWrite, GroupRead, GroupWrite")]
    [InlineData("777", "511")]
    [InlineData("0000", "None")]
    public void The_mode_of_a_socket_is_octal(string text, string mode) =>
        loading.Set($"actorsock.listeners.unix-mode={text}").Settings.Listeners.UnixMode
            .ShouldBe(Enum.Parse<UnixFileMode>(mode));

    [Theory]
    [InlineData("1777")]
    [InlineData("0680")]
    [InlineData("60")]
    [InlineData("rw-rw----")]
    [InlineData("")]
    public void A_mode_that_is_none_is_refused(string text) =>
        loading.Set($"actorsock.listeners.unix-mode={text}").Problems.ShouldHaveSingleItem().Why
            .ShouldBe("must be permissions in octal digits, 0000 to 0777");

    [Theory]
    [InlineData("www-data")]
    [InlineData("1000:1000")]
    [InlineData(":users")]
    public void An_owner_is_a_user_or_a_group_or_both(string text) =>
        loading.Set($"actorsock.listeners.unix-owner={text}").Settings.Listeners.UnixOwner.ShouldBe(text);

    [Theory]
    [InlineData("")]
    [InlineData(":")]
    [InlineData("user:")]
    [InlineData("a:b:c")]
    [InlineData("two words")]
    public void An_owner_that_is_none_is_refused(string text) =>
        loading.Set($"actorsock.listeners.unix-owner={text}").Problems.ShouldHaveSingleItem().Why
            .ShouldBe("must be USER, USER:GROUP, :GROUP or off");

    [Theory]
    [InlineData("actorsock.title.endpoint=127.0.0.1:7070", "actorsock.title.endpoint", "must not be one of actorsock.transfer.endpoint")]
    [InlineData("actorsock.greeter.udp-endpoint=127.0.0.1:7071", "actorsock.greeter.udp-endpoint", "must not be one of actorsock.title.udp-endpoint")]
    [InlineData("actorsock.chat.udp-endpoint=[\"127.0.0.1:1\", \"127.0.0.1:1\"]", "actorsock.chat.udp-endpoint", "has udp://127.0.0.1:1 twice")]
    public void Two_listeners_do_not_want_one_endpoint(string setting, string key, string why)
    {
        var problem = loading.Set(setting).Problems.ShouldHaveSingleItem();

        problem.Key.ShouldBe(key);
        problem.Why.ShouldBe(why);
    }

    [Fact]
    public void The_admin_has_one_endpoint() =>
        loading.Set("actorsock.admin.endpoint=[\"127.0.0.1:1\"]").Problems.ShouldHaveSingleItem().Why
            .ShouldBe("must be HOST:PORT, [IPV6]:PORT, unix:/path or off");

    [Theory]
    [InlineData("actorsock.memory.blocks-max=64KiB", "not one block would fit")]
    [InlineData("actorsock.listeners.retry-max=100ms", "not be longer than actorsock.listeners.retry-max")]
    [InlineData("actorsock.admin.endpoint=127.0.0.1:7070", "must not be one of actorsock.transfer.endpoint")]
    [InlineData("actorsock.transfer.endpoint=[\"[::1]:1\", \"h:1\", \"[::1]:1\"]", "has tcp://[::1]:1 twice")]
    [InlineData("actorsock.files.root=/0123456789/0123456789/0123456789/0123456789/0123456789/0123456789/" +
        "0123456789/0123456789", "a Unix socket's can have 107")]
    public void Settings_that_do_not_fit_together_are_refused(string set, string told) =>
        loading.Set(set).Problems.ShouldHaveSingleItem().Why.ShouldContain(told);

    [Fact]
    public void Free_ports_may_be_asked_for_more_than_once() =>
        loading.Set("actorsock.transfer.endpoint=[\"[::1]:0\", \"[::1]:0\"]", "actorsock.admin.endpoint=h:0")
            .Settings.Transfer.Endpoints.Count.ShouldBe(2);

    [Fact]
    public void Settings_made_in_code_are_held_to_the_same_rules()
    {
        var settings = loading.Settings;

        var problems = SettingsRules.Check(settings with
        {
            Connections = settings.Connections with { Max = 0, Linger = TimeSpan.FromHours(1) },
            Memory = settings.Memory with { BlocksMax = 8192 },
        });

        problems.Select(problem => problem.ToString()).ShouldBe([
            "actorsock.connections.max = 0: must be a whole number from 1 to 1000000",
            "actorsock.connections.linger = 01:00:00: must be a duration from 0s to 1m",
            "actorsock.memory.blocks-max = 8192: must not be less than actorsock.memory.block-bytes: " +
            "not one block would fit",
        ]);
    }

    private static (string From, string To) Ends(AllowedAttribute allowed)
    {
        var match = FromTo().Match(allowed.Allowed);
        return (match.Groups[1].Value, match.Groups[2].Value);
    }

    // The smallest step beyond an end of the range: a microsecond, a byte, one.
    private static string Beyond(AllowedAttribute allowed, string end, int step) => allowed switch
    {
        DurationAttribute when HoconConversions.TryParseDuration(end, out var span) =>
            $"{span.TotalMicroseconds + step}us",
        SizeAttribute when HoconConversions.TryParseSize(end, out var bytes) => $"{(decimal)bytes + step}B",
        _ => (int.Parse(end, CultureInfo.InvariantCulture) + step).ToString(CultureInfo.InvariantCulture),
    };

    [GeneratedRegex("from (.+) to (.+)$")]
    private static partial Regex FromTo();
}
