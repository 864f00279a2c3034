using ActorSock.Wire.Text;

namespace ActorSock.Wire.Tests.Text;

public sealed class GreeterExchangeTests
{
    [Fact]
    public void Every_message_is_greeted()
    {
        var exchange = new GreeterExchange();

        Titles.Answer(exchange, "hello"u8).ShouldBe("hi"u8.ToArray());
        Titles.Answer(exchange, [0xFF]).ShouldBe("hi"u8.ToArray());
        Titles.Answer(exchange, []).ShouldBe("hi"u8.ToArray());
        Titles.End(exchange).ShouldBeEmpty();
    }
}
