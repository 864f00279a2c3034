using System.Security.Cryptography;
using System.Text;
using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Conversations;

/// <summary>Who has no key gets nowhere.</summary>
public sealed class ChallengeTests : IDisposable
{
    private const string Key = "the key of alice, long enough";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("as-");

    private string Keys => Path.Combine(_folder.FullName, "keys");

    public void Dispose() => _folder.Delete(recursive: true);

    [Theory]
    [InlineData("transfer")]
    [InlineData("title")]
    public async Task The_right_answer_opens_the_conversation(string service)
    {
        await using var node = await Start(service);
        using var client = await WireClient.Connect(node.PortOf(service));

        await client.Send(Answer(await client.ReadBytes(32), Key));

        if (service == "title")
            (await Ask(client, "hello")).ShouldBe("Hello");
        else
            (await client.Put("dir/a.bin", Bodies.Of(1000))).ShouldBe("203");
        var opened = await node.Events.Until<ServerEvent.ConnectionOpened>();
        (opened.Connection, opened.Client).ShouldBe(("c-000001", "alice"));
    }

    [Fact]
    public async Task Files_of_a_client_lie_in_a_folder_of_its_name()
    {
        await using var node = await Start("transfer");
        using var client = await WireClient.Connect(node.Port);
        await client.Send(Answer(await client.ReadBytes(32), Key));

        (await client.Put("/dir/a.bin", [1])).ShouldBe("203");
        (await client.Put("b.bin", [2])).ShouldBe("203");
        await client.Send(WireClient.Header("../bob/c.bin", 1), [3], WireClient.Digits([3]));

        (await client.Read(5)).ShouldBe("OK403");
        node.Stored().Keys.ShouldBe(["alice/dir/a.bin", "alice/b.bin"], ignoreOrder: true);
    }

    [Fact]
    public async Task What_is_sent_right_behind_the_answer_belongs_to_the_conversation()
    {
        await using var node = await Start("title");
        using var client = await WireClient.Connect(node.PortOf("title"));

        await client.Send([.. Answer(await client.ReadBytes(32), Key), .. "glued"u8]);

        (await client.Read(5)).ShouldBe("Glued");
    }

    [Fact]
    public async Task A_wrong_answer_closes_and_nothing_is_said()
    {
        await using var node = await Start("title");
        using var client = await WireClient.Connect(node.PortOf("title"));

        await client.Send(Answer(await client.ReadBytes(32), "another key"));

        (await client.ReadToEnd()).ShouldBe("");
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("ChallengeFailed");
        node.Events.Of<ServerEvent.ConnectionOpened>().ShouldBeEmpty();
    }

    [Fact]
    public async Task An_answer_that_was_right_once_is_of_no_use_again()
    {
        await using var node = await Start("title");
        using var first = await WireClient.Connect(node.PortOf("title"));
        var answer = Answer(await first.ReadBytes(32), Key);
        await first.Send(answer);
        (await Ask(first, "hello")).ShouldBe("Hello");

        using var second = await WireClient.Connect(node.PortOf("title"));
        await second.ReadBytes(32);
        await second.Send(answer);

        (await second.ReadToEnd()).ShouldBe("");
    }

    [Fact]
    public async Task No_two_challenges_are_alike()
    {
        await using var node = await Start("title");
        var seen = new HashSet<string>();
        for (var i = 0; i < 20; i++)
        {
            using var client = await WireClient.Connect(node.PortOf("title"));
            seen.Add(Convert.ToHexString(await client.ReadBytes(32))).ShouldBeTrue();
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(31)]
    public async Task Who_does_not_answer_in_time_is_closed(int bytes)
    {
        await using var node = await Start("title", "actorsock.access.deadline=150ms");
        using var client = await WireClient.Connect(node.PortOf("title"));
        await client.Send(Answer(await client.ReadBytes(32), Key)[..bytes]);

        (await client.ReadToEnd()).ShouldBe("");

        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe("ChallengeLate");
    }

    [Fact]
    public async Task Each_client_is_known_by_its_own_key()
    {
        Write($"alice {Key}\n# a comment\n\nbob hex:00ff00ff00ff00ff00ff00ff00ff00ff\ncarol base64:AAECAwQFBgcICQoLDA0ODw==\n");
        await using var node = await Started("title");
        byte[][] keys = [Encoding.UTF8.GetBytes(Key.Replace(' ', '-')), Convert.FromHexString("00ff00ff00ff00ff00ff00ff00ff00ff"), [.. Enumerable.Range(0, 16).Select(i => (byte)i)]];
        foreach (var key in keys)
        {
            using var client = await WireClient.Connect(node.PortOf("title"));
            await client.Send(HMACSHA256.HashData(key, await client.ReadBytes(32)));
            (await Ask(client, "x")).ShouldBe("X");
        }

        await node.Events.Until<ServerEvent.ConnectionOpened>(e => e.Client == "carol");
        node.Events.Of<ServerEvent.ConnectionOpened>().Select(e => e.Client).ShouldBe(["alice", "bob", "carol"]);
    }

    [Fact]
    public async Task Keys_that_change_are_read_again_and_wrong_ones_change_nothing()
    {
        await using var node = await Start("title");
        Write($"alice {Key}\nbob another-long-key-of-bob\n");
        await Opens(node, "another-long-key-of-bob");

        Write("alice\n");
        await Opens(node, "another-long-key-of-bob");

        (await node.Events.Until<ServerEvent.KeysRefused>()).Reason.ShouldContain("line 1");
    }

    [Fact]
    public async Task Those_who_wait_at_the_gate_count_as_connections_and_a_drain_does_not_wait_for_them()
    {
        await using var node = await Start("title", "actorsock.connections.max=2");
        using var first = await WireClient.Connect(node.PortOf("title"));
        using var second = await WireClient.Connect(node.PortOf("title"));
        await first.ReadBytes(32);
        await second.ReadBytes(32);

        using var third = await WireClient.Connect(node.PortOf("title"));

        (await third.ReadToEnd()).ShouldStartWith("503 ");
        await node.Node.Drain("a test");
        (await first.ReadToEnd()).ShouldBe("");
    }

    [Theory]
    [InlineData(null, "it is not there")]
    [InlineData("", "it has no key")]
    [InlineData("# nothing\n", "it has no key")]
    [InlineData("alice\n", "line 1: it has only one word")]
    [InlineData("alice key of alice\n", "line 1: it has more than two words")]
    [InlineData("alice hex:xyz\n", "line 1: its key is no digits behind hex: or base64:")]
    [InlineData("alice k1\nalice k2\n", "line 2: that name has a key already")]
    [InlineData("alice k1\nbob k1\n", "line 2: another client has the same key")]
    [InlineData("../alice k1\n", "line 1: its name cannot be that of a folder")]
    [InlineData(".actorsock k1\n", "line 1: its name cannot be that of a folder")]
    [InlineData("a/b k1\n", "line 1: its name cannot be that of a folder")]
    public async Task A_node_does_not_start_with_keys_that_are_wrong(string? content, string why)
    {
        if (content is not null)
            Write(content);

        var thrown = await Should.ThrowAsync<IOException>(() => Started("title"));

        thrown.Message.ShouldStartWith($"cannot use the keys '{Keys}': {why}");
        thrown.Message.Replace(Keys, "", StringComparison.Ordinal).ShouldNotContain("k1");
    }

    [Theory]
    [InlineData(UnixFileMode.OtherRead)]
    [InlineData(UnixFileMode.GroupRead)]
    [InlineData(UnixFileMode.OtherWrite)]
    public async Task A_node_does_not_start_with_keys_that_others_may_touch(UnixFileMode more)
    {
        if (OperatingSystem.IsWindows())
            return; // it has no such rights
        Write($"alice {Key}\n");
        File.SetUnixFileMode(Keys, File.GetUnixFileMode(Keys) | more);

        var thrown = await Should.ThrowAsync<IOException>(() => Started("title"));

        thrown.Message.ShouldBe($"cannot use the keys '{Keys}': others than its owner have rights to it: chmod 600 {Keys}, or set actorsock.access.keys");
    }

    private async Task<TestNode> Start(string service, params string[] more)
    {
        Write($"alice {Key}\n");
        return await Started(service, more);
    }

    private Task<TestNode> Started(string service, params string[] more) => TestNode.Start(
        [.. TestNode.On(service), $"actorsock.{service}.challenge=on", $"actorsock.access.keys={Keys}", .. more]);

    private void Write(string content)
    {
        File.WriteAllText(Keys, content.Replace(Key, Key.Replace(' ', '-'), StringComparison.Ordinal));
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(Keys, UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    private static async Task Opens(TestNode node, string key)
    {
        using var client = await WireClient.Connect(node.PortOf("title"));
        await client.Send(Answer(await client.ReadBytes(32), key));
        (await Ask(client, "x")).ShouldBe("X");
    }

    private static byte[] Answer(byte[] challenge, string key) =>
        HMACSHA256.HashData(Encoding.UTF8.GetBytes(key.Replace(' ', '-')), challenge);

    private static async Task<string> Ask(WireClient client, string question)
    {
        await client.Send(question);
        return await client.Read(question.Length);
    }
}
