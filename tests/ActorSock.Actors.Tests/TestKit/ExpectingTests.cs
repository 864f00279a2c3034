using Xunit.Sdk;

namespace ActorSock.EngineTests;

public class ExpectingTests : TestKit
{
    private static readonly TimeSpan s_shortly = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void What_a_test_tells_is_answered_to_its_test_actor()
    {
        var echo = ActorOf<Echo>();

        echo.Tell("hello");

        ExpectMsg("hello");
        LastSender.ShouldBe(echo);
        LastMessage.ShouldBe("hello");
    }

    [Fact]
    public void Messages_are_looked_at_in_their_order()
    {
        var echo = ActorOf<Echo>();
        for (var i = 0; i < 100; i++)
            echo.Tell(i);

        for (var i = 0; i < 100; i++)
            ExpectMsg(i);
        HasMessages.ShouldBeFalse();
    }

    [Fact]
    public void A_message_of_another_type_fails_and_says_what_came()
    {
        TestActor.Tell("text");

        var failure = Should.Throw<FailException>(() => ExpectMsg<int>(hint: "the sum"));

        failure.Message.ShouldContain("System.Int32");
        failure.Message.ShouldContain("text");
        failure.Message.ShouldContain("the sum");
    }

    [Fact]
    public void Another_value_fails_and_says_what_came()
    {
        TestActor.Tell("this");

        Should.Throw<FailException>(() => ExpectMsg("that")).Message.ShouldContain("<this>");
    }

    [Fact]
    public void Waiting_in_vain_fails_after_the_time_that_was_named()
    {
        var start = Now;

        Should.Throw<FailException>(() => ExpectMsg<string>(s_shortly)).Message.ShouldContain("none came");

        (Now - start).ShouldBeGreaterThanOrEqualTo(s_shortly);
        LastMessage.ShouldBeNull();
    }

    [Fact]
    public void Silence_is_broken_by_a_message()
    {
        ExpectNoMsg(s_shortly);
        TestActor.Tell("noise");

        Should.Throw<FailException>(() => ExpectNoMsg(s_shortly)).Message.ShouldContain("noise");
    }

    [Fact]
    public void The_end_of_a_watched_actor_is_told()
    {
        var echo = Watch(ActorOf<Echo>());

        echo.Tell(PoisonPill.Instance);

        ExpectTerminated(echo).ExistenceConfirmed.ShouldBeTrue();
    }

    [Fact]
    public void The_end_of_an_actor_that_is_watched_no_more_is_not_told()
    {
        var echo = ActorOf<Echo>();
        Watch(echo);
        Unwatch(echo);

        Sys.Stop(echo);

        ExpectNoMsg(s_shortly);
    }

    [Fact]
    public async Task After_an_await_the_test_still_stands_for_its_test_actor()
    {
        var echo = ActorOf<Echo>();
        for (var i = 0; i < 20; i++)
        {
            await Task.Delay(1);
            echo.Tell(i);
            await ExpectMsgAsync(i);
        }
    }
}
