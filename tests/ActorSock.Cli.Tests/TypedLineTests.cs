using System.Net;
using ActorSock.Cli.Commands.Chatting;

namespace ActorSock.Cli.Tests;

public sealed class TypedLineTests
{
    [Theory]
    [InlineData("hello", "hello")]
    [InlineData(" hello ", " hello ")]
    [InlineData("//to you", "/to you")]
    public void A_line_is_an_answer(string line, string text) =>
        TypedLine.Of(line).ShouldBe(new TypedLine.Answer(text));

    [Theory]
    [InlineData("/to 127.0.0.1:5000 hello  you")]
    [InlineData("/to [127.0.0.1:5000] hello  you")]
    [InlineData("/to   127.0.0.1:5000   hello  you")]
    public void A_letter_goes_to_an_address_as_messages_show_it(string line) =>
        TypedLine.Of(line).ShouldBe(new TypedLine.Letter(IPEndPoint.Parse("127.0.0.1:5000"), "hello  you"));

    [Theory]
    [InlineData("/to [::1]:5000 hi")]
    [InlineData("/to [[::1]:5000] hi")]
    public void So_it_does_over_IPv6(string line) =>
        TypedLine.Of(line).ShouldBe(new TypedLine.Letter(IPEndPoint.Parse("[::1]:5000"), "hi"));

    [Theory]
    [InlineData("/to")]
    [InlineData("/to 127.0.0.1:5000")]
    [InlineData("/to 127.0.0.1 hi")]
    [InlineData("/to egg hi")]
    public void Half_a_letter_is_told_how_it_is_written(string line) =>
        TypedLine.Of(line).ShouldBe(new TypedLine.Wrong("nothing was sent: it is /to IP:PORT TEXT"));

    [Fact]
    public void Other_words_are_what_they_say()
    {
        TypedLine.Of("/skip").ShouldBe(new TypedLine.Skip());
        TypedLine.Of("/help").ShouldBe(new TypedLine.Help());
        TypedLine.Of("").ShouldBe(new TypedLine.Nothing());
        TypedLine.Of("  ").ShouldBe(new TypedLine.Nothing());
        TypedLine.Of("/skipper").ShouldBeOfType<TypedLine.Wrong>();
    }
}
