using ActorSock.Events;
using ActorSock.Testing;

namespace ActorSock.Tests.Events;

public class EngineMessagesTests
{
    [Fact]
    public async Task What_the_engine_has_to_say_is_an_event_of_the_node()
    {
        await using var node = await TestNode.Start();
        var cause = new IOException("broken");

        node.Node.System.EventStream.Publish(new Error(cause, "akka://here", typeof(object), "it broke"));
        node.Node.System.EventStream.Publish(new Warning("akka://here", typeof(object), "careful"));

        var failed = await node.Events.Until<ServerEvent.EngineSpoke>(e => e.Severity == Severity.Error);
        (failed.Path, failed.Message, failed.Cause).ShouldBe(("akka://here", "it broke", cause));
        var warned = await node.Events.Until<ServerEvent.EngineSpoke>(e => e.Severity == Severity.Warning);
        (warned.Message, warned.Cause).ShouldBe(("careful", null));
    }

    [Fact]
    public async Task How_much_the_engine_says_is_a_setting()
    {
        await using var quiet = await TestNode.Start("akka.loglevel=ERROR");
        await using var talkative = await TestNode.Start("akka.loglevel=INFO");

        foreach (var node in new[] { quiet, talkative })
        {
            node.Node.System.EventStream.Publish(new Info("akka://here", typeof(object), "by the way"));
            node.Node.System.EventStream.Publish(new Error(null, "akka://here", typeof(object), "end"));
            await node.Events.Until<ServerEvent.EngineSpoke>(e => e.Message == "end");
        }

        quiet.Events.Of<ServerEvent.EngineSpoke>().ShouldNotContain(e => e.Message == "by the way");
        talkative.Events.Of<ServerEvent.EngineSpoke>().ShouldContain(e => e.Message == "by the way");
    }

    [Fact]
    public async Task The_engine_itself_writes_nothing_to_standard_output()
    {
        await using var node = await TestNode.Start();

        node.Node.System.Settings.Config.GetStringList("akka.loggers").ShouldBeEmpty();
        node.Node.System.Settings.StdoutLogLevel.ShouldBe("OFF");
    }
}
