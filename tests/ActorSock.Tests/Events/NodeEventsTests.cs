using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Events;

public class NodeEventsTests
{
    [Fact]
    public async Task A_node_tells_where_it_listens_from_the_first_moment_to_the_last()
    {
        RecordedEvents events;
        string[] listeners;
        await using (var node = await TestNode.Start())
        {
            events = node.Events;
            listeners = [.. node.Node.Listeners.Select(each => $"{each.Name} {each.Endpoint}")];
            await events.UntilCount<ServerEvent.ListenerBound>(2);
        }

        events.Of<ServerEvent.ListenerBound>().Select(e => $"{e.Listener} {e.Endpoint}")
            .ShouldBe(listeners, ignoreOrder: true);
        events.Of<ServerEvent.ListenerClosed>().Select(e => $"{e.Listener} {e.Endpoint}")
            .ShouldBe(listeners, ignoreOrder: true);
        events.All[^1].ShouldBeOfType<ServerEvent.NodeStopped>();
    }
}
