using System.Text.RegularExpressions;
using ActorSock.Settings;

namespace ActorSock.Tests.Settings;

/// <summary>
/// hocon/reference.conf against the records: it is the manual, so it must be whole and true.
/// </summary>
public sealed partial class ReferenceTests : IDisposable
{
    private static readonly string[] lines =
        File.ReadAllLines(Path.Combine(Repository.Root, "hocon", "reference.conf"));

    private readonly Loading loading = new();

    public static TheoryData<string> Keys => [.. Setting.All.Select(setting => setting.Key), .. NamedSection.ByKey.Keys];

    public void Dispose() => loading.Dispose();

    [Fact]
    public void Every_default_binds()
    {
        var settings = loading.Settings;

        settings.Transfer.Endpoints.ShouldBe([new Endpoint.Tcp("127.0.0.1", 7070)]);
        settings.Transfer.Challenge.ShouldBeFalse();
        settings.Title.Endpoints.ShouldBe([new Endpoint.Tcp("127.0.0.1", 7071)]);
        settings.Title.UdpEndpoints.ShouldBe([new Endpoint.Udp("127.0.0.1", 7071)]);
        settings.Greeter.Endpoints.ShouldBe([new Endpoint.Tcp("127.0.0.1", 7072)]);
        settings.Greeter.UdpEndpoints.ShouldBe([new Endpoint.Udp("127.0.0.1", 7072)]);
        settings.Chat.Endpoints.ShouldBeEmpty();
        settings.Chat.UdpEndpoints.ShouldBe([new Endpoint.Udp("127.0.0.1", 7073)]);
        settings.Chat.ShouldBe(new ChatSettings
        {
            Endpoints = settings.Chat.Endpoints,
            UdpEndpoints = settings.Chat.UdpEndpoints,
            Challenge = false,
            MembersMax = 256,
            NameBytesMax = 64,
            TextBytesMax = 1000,
            SilenceLimit = TimeSpan.FromMinutes(1),
            BoundSilenceLimit = TimeSpan.FromHours(1),
            OutstandingMax = 32,
            AnswersKept = 64,
            LinesASecond = 20,
            LinesBurst = 100,
            StrangerLinesASecond = 20,
            RepeatAfter = TimeSpan.FromMilliseconds(250),
            RepeatsMax = 4,
            Bound = settings.Chat.Bound,
        });
        settings.Chat.Bound.ShouldBeEmpty();
        settings.Commands.Endpoints.ShouldBeEmpty();
        settings.Commands.RunsMax.ShouldBe(8);
        settings.Commands.WaitingMax.ShouldBe(64);
        settings.Commands.GoneGrace.ShouldBe(TimeSpan.FromSeconds(2));
        settings.Commands.Defaults.ShouldBe(new CommandDefaults
        {
            TimeLimit = TimeSpan.FromSeconds(10),
            OutputBytesMax = 1 << 20,
            Folder = ".",
            User = null,
            Environment = settings.Commands.Defaults.Environment,
        });
        settings.Commands.Defaults.Environment.Select(each => each.Split('=')[0]).ShouldBe(["PATH", "LANG"]);
        settings.Commands.Allowed.ShouldBeEmpty();
        settings.Access.ShouldBe(new AccessSettings { Keys = "config/keys", Deadline = TimeSpan.FromSeconds(10) });
        settings.Listeners.ShouldBe(new ListenerSettings
        {
            Backlog = 1024,
            UnixMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
            UnixOwner = null,
            UdpBufferBytes = 4 << 20,
            UdpAnswersMax = 1_000_000,
            UdpEchoesMax = 1000,
            UdpHarmlessASecond = 20,
            UdpPause = TimeSpan.FromSeconds(2),
            RetryMin = TimeSpan.FromMilliseconds(200),
            RetryMax = TimeSpan.FromSeconds(10),
            AcceptPause = TimeSpan.FromMilliseconds(100),
        });
        settings.Connections.ShouldBe(new ConnectionSettings
        {
            Max = 20_000,
            HeaderDeadline = TimeSpan.FromSeconds(10),
            IdleLimit = TimeSpan.FromMinutes(5),
            DigestDeadline = TimeSpan.FromSeconds(30),
            BodyGrace = TimeSpan.FromSeconds(30),
            BodyRateMin = 1024,
            SendDeadline = TimeSpan.FromSeconds(10),
            Linger = TimeSpan.FromSeconds(2),
            RestartsMax = 3,
            RestartsWindow = TimeSpan.FromMinutes(1),
        });
        settings.Wire.ShouldBe(new WireSettings
        {
            HeaderBytesMax = 65_536,
            FileBytesMax = 16L << 40,
            SkipBytesMax = 16 << 20,
        });
        settings.Memory.ShouldBe(new MemorySettings
        {
            BlocksMax = 64 << 20,
            BlockBytes = 1 << 20,
            WindowBlocks = 4,
            TrackBlocks = false,
        });
        settings.Files.ShouldBe(new FilesSettings
        {
            Root = "inbox",
            Threads = 8,
            SmallBytesMax = 64 << 10,
            DirectBytesMin = 1 << 20,
            PreallocateBytes = 64 << 20,
            FreeBytesMin = 64 << 20,
            KeepParts = TimeSpan.Zero,
            KeepUploads = TimeSpan.FromHours(24),
            KeptUploadsMax = 10_000,
            KeptBytesMax = 1L << 40,
            CheckpointBytes = 64 << 20,
            CheckpointInterval = TimeSpan.FromSeconds(10),
            TakeoverLimit = TimeSpan.FromSeconds(30),
            NameBytesMax = 1024,
        });
        settings.Journal.ShouldBe(new JournalSettings { FileBytesMax = 64 << 20, LogBytes = 32 << 20, CheckpointInterval = TimeSpan.FromSeconds(5) });
        settings.Lanes.ShouldBe(new LanesSettings { Threads = 0 });
        settings.Drain.Limit.ShouldBe(TimeSpan.FromSeconds(30));
        settings.Admin.Endpoint.ShouldBe(new Endpoint.Unix("inbox/.actorsock/admin.sock"));
        SettingsRules.Check(settings).ShouldBeEmpty();
    }

    [Fact]
    public void It_has_every_key_of_the_records_and_no_other()
    {
        var keys = loading.Load().Keys;

        keys.Select(key => key.Key).Where(key => key.StartsWith("actorsock."))
            .ShouldBe([.. Setting.All.Select(setting => setting.Key), .. NamedSection.ByKey.Keys], ignoreOrder: true);
        keys.ShouldAllBe(key => !key.Overridden && key.Source.StartsWith("reference.conf:"));
    }

    [Theory, MemberData(nameof(Keys))]
    public void A_key_says_what_it_is_and_why_its_default_is_what_it_is(string key)
    {
        var comment = Comment(key);

        comment.ShouldContain("Default: ");
        comment[..comment.IndexOf("Default: ", StringComparison.Ordinal)].Length.ShouldBeGreaterThan(20);
        comment[comment.IndexOf("Default: ", StringComparison.Ordinal)..].Length.ShouldBeGreaterThan(20);
    }

    [Theory, MemberData(nameof(Keys))]
    public void A_key_tells_its_range(string key)
    {
        if (!Setting.ByKey.TryGetValue(key, out var setting)) return;
        var range = FromTo().Match(setting.Allowed.Allowed);
        if (!range.Success) return;

        Comment(key).ShouldContain($"Range: {range.Groups["from"]} to {range.Groups["to"]}");
    }

    [Fact]
    public void Everything_has_a_comment_above_it()
    {
        for (var i = 0; i < lines.Length; i++)
        {
            // The head of the file is what is to be said about actorsock { }.
            if (KeyOrSection().IsMatch(lines[i]) && lines[i] != "actorsock {")
                lines[i - 1].ShouldMatch(@"^\s*# \S", $"line {i + 1}: {lines[i]}");
        }
    }

    private string Comment(string key)
    {
        var source = loading.Load().Keys.Single(each => each.Key == key).Source;
        var line = int.Parse(source[(source.IndexOf(':') + 1)..]) - 1;
        lines[line].TrimStart().ShouldStartWith(key[(key.LastIndexOf('.') + 1)..] + (NamedSection.ByKey.ContainsKey(key) ? " {" : " = "));
        var comment = lines.Take(line).Reverse().TakeWhile(each => each.TrimStart().StartsWith('#'));
        return string.Join(' ', comment.Reverse().Select(each => each.Trim()[1..].Trim()));
    }

    [GeneratedRegex("from (?<from>[0-9]+[a-zA-Z]*) to (?<to>[0-9]+[a-zA-Z]*)$")]
    private static partial Regex FromTo();

    [GeneratedRegex(@"^\s*[a-z-]+ (=|\{)")]
    private static partial Regex KeyOrSection();
}
