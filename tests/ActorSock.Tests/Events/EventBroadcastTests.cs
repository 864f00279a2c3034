using System.Reactive.Linq;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Tests.Logging;
using Serilog.Events;

namespace ActorSock.Tests.Events;

public class EventBroadcastTests
{
    private static readonly DateTimeOffset s_at = DateTimeOffset.UnixEpoch;

    public static TheoryData<string> EventNames => [.. EveryEvent.Types.Select(type => type.Name)];

    [Fact]
    public void Who_comes_late_is_told_what_was_before_and_what_comes_and_nothing_twice()
    {
        var broadcast = new EventBroadcast(10_000, 100, 100);
        var heard = new RecordedEvents();
        broadcast.On(Drains("1"));

        using (broadcast.Subscribe(new Ear(heard), out var before))
        {
            before.ShouldBe([Drains("1")]);
            broadcast.On(Drains("2"));
        }
        broadcast.On(Drains("3"));

        heard.All.ShouldBe([Drains("2")]);
    }

    [Fact]
    public void The_history_has_a_ceiling_whatever_peers_choose()
    {
        var broadcast = new EventBroadcast(historyBytesMax: 100_000, 100, 100);
        for (var i = 0; i < 50; i++)
            broadcast.On(new ServerEvent.Refused(s_at, $"c-{i:000000}", "", null, new string('n', 10_000), 400, "", new string('d', 10_000), 0));

        broadcast.Subscribe(new Ear(new RecordedEvents()), out var before);

        before.Count.ShouldBe(2);
        before.Cast<ServerEvent.Refused>().Select(e => e.Connection).ShouldBe(["c-000048", "c-000049"]);
    }

    [Fact]
    public void A_flood_of_stored_files_refusals_and_connections_leaves_the_rest_of_the_history_alone()
    {
        var broadcast = new EventBroadcast(historyBytesMax: 100_000, storedASecondMax: 2, refusedASecondMax: 1);
        broadcast.On(Drains("1"));
        for (var i = 0; i < 5_000; i++)
        {
            broadcast.On(new ServerEvent.ConnectionOpened(s_at, "", "", ""));
            broadcast.On(new ServerEvent.Stored(s_at.AddSeconds(i / 2_500), "", "", "", $"{i}", 1, "", TimeSpan.Zero));
            broadcast.On(new ServerEvent.Refused(s_at.AddSeconds(i / 2_500), $"{i}", "", null, null, 400, "", "", 0));
        }

        broadcast.Subscribe(new Ear(new RecordedEvents()), out var before);

        before[0].ShouldBe(Drains("1"));
        before.OfType<ServerEvent.Stored>().Select(e => e.File).ShouldBe(["0", "1", "2500", "2501"]);
        before.OfType<ServerEvent.Refused>().Select(e => e.Connection).ShouldBe(["0", "2500"]);
        before.OfType<ServerEvent.MoreStored>().ShouldBe(
            [new ServerEvent.MoreStored(s_at, 2_498, 2_498), new ServerEvent.MoreStored(s_at.AddSeconds(1), 2_498, 2_498)]);
        before.OfType<ServerEvent.MoreRefused>().ShouldBe(
            [new ServerEvent.MoreRefused(s_at, 2_499), new ServerEvent.MoreRefused(s_at.AddSeconds(1), 2_499)]);
        before.Count.ShouldBe(11);
    }

    [Fact]
    public void An_observer_that_throws_is_told_of_once_and_the_others_go_on()
    {
        var broadcast = new EventBroadcast(0, 0, 0);
        var heard = new RecordedEvents();
        broadcast.Subscribe(_ => throw new IOException("broken"));
        broadcast.Subscribe(new Ear(heard));

        Should.Throw<AggregateException>(() => broadcast.On(Drains("1"))).InnerException.ShouldBeOfType<IOException>();
        broadcast.On(Drains("2"));

        heard.All.ShouldBe([Drains("1"), Drains("2")]);
    }

    [Fact]
    public async Task A_node_tells_observers_what_happens_and_when_it_is_over()
    {
        var node = await TestNode.Start();
        var stored = node.Node.Events.OfType<ServerEvent.Stored>().FirstAsync().GetAwaiter();
        var last = node.Node.Events.LastAsync().GetAwaiter();
        using var failing = node.Node.Events.Subscribe(_ => throw new IOException("this observer is broken"));
        using (var client = await node.Connect())
            (await client.Put("a.bin", [1, 2, 3])).ShouldBe("203");

        (await stored).File.ShouldBe("a.bin");
        (await node.Events.Until<ServerEvent.EngineSpoke>()).Message.ShouldContain("an observer of the events failed");

        await node.DisposeAsync();

        (await last).ShouldBeOfType<ServerEvent.NodeStopped>();
        (await node.Node.Events.IsEmpty()).ShouldBeTrue();
    }

    [Theory, MemberData(nameof(EventNames))]
    public void Details_are_what_the_log_has_as_Debug(string name)
    {
        var e = EveryEvent.With(EveryEvent.Types.Single(type => type.Name == name), "x");

        EventWeight.IsDetail(e).ShouldBe(LogLines.Of(e).Single.Level < LogEventLevel.Information);
    }

    private static ServerEvent.NodeDraining Drains(string reason) => new(s_at, reason);

    private sealed class Ear(RecordedEvents heard) : IObserver<ServerEvent>
    {
        public void OnCompleted() => throw new InvalidOperationException("nobody said that it is over");

        public void OnError(Exception error) => throw error;

        public void OnNext(ServerEvent value) => heard.On(value);
    }
}
