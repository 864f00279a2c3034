using System.Net.Sockets;
using ActorSock.Conversations;
using ActorSock.Events;
using ActorSock.Logging;
using ActorSock.Settings;
using ActorSock.Testing;
using Serilog.Events;

namespace ActorSock.Tests.Conversations;

public class AdminLogTests
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    [Fact]
    public async Task A_node_tells_what_was_and_what_comes_until_it_stops()
    {
        await using var node = await TestNode.Start();
        await Store(node, "before.bin");
        using var log = await Ask(node, new LogQuestion { Filter = new LogFilter { Text = "stored" } });

        (await log.Line()).File.ShouldBe("before.bin");
        await Store(node, "after.bin");
        var line = await log.Line();
        (line.File, line.Level).ShouldBe(("after.bin", LogEventLevel.Information));
        line.Connection.ShouldNotBeNull();

        await node.Node.Drain("the test is over");
        (await log.Rest()).ShouldBe(["""{"end":"the node stops"}"""]);
    }

    [Fact]
    public async Task Without_following_the_answer_has_an_end()
    {
        await using var node = await TestNode.Start();
        await Store(node, "a.bin");
        await Store(node, "b.bin");

        using var log = await Ask(node, new LogQuestion { Follow = false, Last = 1, Filter = new LogFilter { File = "" } });

        var lines = await log.Rest();
        lines.Count.ShouldBe(2);
        lines[0].ShouldContain("\"file\":\"b.bin\"");
        lines[1].ShouldBe("""{"end":"these are all that the node remembers"}""");
    }

    [Fact]
    public async Task One_connection_can_be_followed_in_detail()
    {
        await using var node = await TestNode.Start();
        using var log = await Ask(node, new LogQuestion { Last = 0, Filter = new LogFilter { Level = LogEventLevel.Debug, Connection = "c-000003" } });
        await AllHear(node, 1);
        await Store(node, "a.bin"); // c-000002

        await Store(node, "b.bin");

        string[] words = ["opened by", "begins", "stored", "closed"];
        foreach (var word in words)
        {
            var line = await log.Line();
            (line.Connection, line.Message).ShouldSatisfyAllConditions(
                it => it.Connection.ShouldBe("c-000003"), it => it.Message.ShouldContain(word));
        }
    }

    [Fact]
    public async Task One_more_than_allowed_is_refused_until_another_ends()
    {
        await using var node = await TestNode.Start("actorsock.admin.log-streams-max=1");
        using (var first = await Ask(node, new LogQuestion()))
        {
            await AllHear(node, 1);
            using var second = await Ask(node, new LogQuestion());
            (await second.Rest()).ShouldHaveSingleItem().ShouldStartWith("""{"error":"1 read the log here already""");
        }

        await AllHear(node, 0);
        using var third = await Ask(node, new LogQuestion { Last = 0 });
        await AllHear(node, 1);
        await Store(node, "a.bin");
        (await third.Line()).File.ShouldBe("a.bin");
    }

    [Fact]
    public async Task A_reader_that_does_not_read_holds_up_nobody_and_is_told_what_it_missed()
    {
        await using var node = await TestNode.Start("actorsock.admin.log-stream-bytes-max=64KiB");
        using var deaf = await Ask(node, new LogQuestion { Last = 0 });
        await AllHear(node, 1);

        var name = new string('n', 200);
        for (var i = 0; i < 4_000; i++)
            node.Node.System.EventStream.Publish(new ServerEvent.Stored(DateTimeOffset.UnixEpoch, "c-9999999", "", "", $"{i} {name}", i, "", TimeSpan.Zero));
        await node.Events.Until<ServerEvent.Stored>(e => e.Bytes == 3_999);
        await Store(node, "neighbour.bin");

        var (told, dropped) = (0L, 0L);
        while (told + dropped < 4_001)
        {
            var text = await deaf.Text();
            if (text.StartsWith("{\"dropped\":", StringComparison.Ordinal))
                dropped += long.Parse(text["{\"dropped\":".Length..^1], null);
            else
                told++;
        }
        (told + dropped).ShouldBe(4_001);
        dropped.ShouldBeGreaterThan(0);
    }

    [Theory]
    [InlineData("logs {\"colour\":1}", "this is no question about the log")]
    [InlineData("logs {\"filter\":{\"level\":\"loud\"}}", "this is no question about the log")]
    [InlineData("logsx", "unknown question: logsx: this node answers: tree, logs")]
    public async Task A_bad_question_is_answered_with_what_is_wrong(string question, string told)
    {
        await using var node = await TestNode.Start();
        using var log = new Reader(node);
        await log.Send(question + "\n");

        (await log.Rest()).ShouldHaveSingleItem().ShouldStartWith($$"""{"error":"{{told}}""");
    }

    [Fact]
    public async Task A_stream_that_nobody_reads_does_not_hold_up_the_end()
    {
        var node = await TestNode.Start("actorsock.connections.linger=50ms", "actorsock.drain.limit=1h");
        using var deaf = await Ask(node, new LogQuestion { Last = 0 });
        await AllHear(node, 1);
        for (var i = 0; i < 5_000; i++)
            node.Node.System.EventStream.Publish(new ServerEvent.NodeDraining(DateTimeOffset.UnixEpoch, new string('x', 500)));

        await node.DisposeAsync().AsTask().WaitAsync(s_patience);
    }

    private static async Task Store(TestNode node, string name)
    {
        using var client = await node.Connect();
        (await client.Put(name, [1, 2, 3])).ShouldBe("203");
    }

    private static async Task<Reader> Ask(TestNode node, LogQuestion question)
    {
        var reader = new Reader(node);
        await reader.Send(question + "\n");
        return reader;
    }

    /// <summary>Waits until so many streams are open: what happens from then on they hear.</summary>
    private static async Task AllHear(TestNode node, int streams)
    {
        using var patience = new CancellationTokenSource(s_patience);
        while (node.Node.Parts.Events.Observers != streams)
        {
            patience.Token.ThrowIfCancellationRequested();
            await Task.Delay(5);
        }
    }

    private sealed class Reader : IDisposable
    {
        private readonly Socket _socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        private readonly StreamReader _lines;

        public Reader(TestNode node)
        {
            _socket.Connect(node.Node.Listeners.Single(l => l.Name == "admin").Endpoint.Resolve());
            _lines = new StreamReader(new NetworkStream(_socket));
        }

        public async Task Send(string text) => await _socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(text));

        public async Task<string> Text() => (await _lines.ReadLineAsync().WaitAsync(s_patience)).ShouldNotBeNull();

        public async Task<LogLine> Line() => JsonLogLine.Parse(System.Text.Encoding.UTF8.GetBytes(await Text())).ShouldNotBeNull();

        public async Task<List<string>> Rest()
        {
            var lines = new List<string>();
            while (await _lines.ReadLineAsync().WaitAsync(s_patience) is { } line)
                lines.Add(line);
            return lines;
        }

        public void Dispose()
        {
            _lines.Dispose();
            _socket.Dispose();
        }
    }
}
