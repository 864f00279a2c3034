using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Supervision;

public sealed class LiveTreeTests
{
    [Fact]
    public async Task The_live_tree_with_one_sending_peer_is_the_one_in_ARCHITECTURE()
    {
        await using var node = await TestNode.Start(
            ["actorsock.lanes.threads=2", .. TestNode.On("title"), .. TestNode.On("greeter"), "actorsock.chat.udp-endpoint=127.0.0.1:0"]);
        using var client = await node.Connect();
        await client.Send(WireClient.Header("a.bin", 1_000_000), [1, 2, 3]);
        await node.Events.Until<ServerEvent.UploadStarted>();

        var live = (await node.Node.Tree()).ToText();

        Normal(live).ShouldBe(Normal(Documented()));
    }

    private static string Documented()
    {
        var page = File.ReadAllText(Path.Combine(Repository.Root, "src", "ARCHITECTURE.md"));
        var from = page.IndexOf("```\n", page.IndexOf("<!-- tree -->", StringComparison.Ordinal), StringComparison.Ordinal) + 4;
        return page[from..page.IndexOf("```", from, StringComparison.Ordinal)];
    }

    private static string Normal(string tree) => string.Join('\n', tree.Trim().Split('\n')
        .Select(line => System.Text.RegularExpressions.Regex.Replace(line.TrimEnd(), " {2,}", "  ")));
}
