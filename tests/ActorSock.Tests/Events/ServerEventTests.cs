using ActorSock.Events;

namespace ActorSock.Tests.Events;

public class ServerEventTests
{
    [Fact]
    public void The_hierarchy_is_closed()
    {
        EveryEvent.Types.ShouldAllBe(type => type.IsSealed && type.IsSubclassOf(typeof(ServerEvent)));
        typeof(ServerEvent).Assembly.GetTypes().Where(type => type.IsSubclassOf(typeof(ServerEvent)))
            .ShouldBe(EveryEvent.Types, ignoreOrder: true);
        typeof(ServerEvent).GetConstructors().ShouldBeEmpty();
    }

    [Fact]
    public void Every_event_says_when_it_happened() =>
        EveryEvent.With("x").ShouldAllBe(e => e.At == DateTimeOffset.UnixEpoch);
}
