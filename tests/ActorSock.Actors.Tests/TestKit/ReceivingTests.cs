using System.Collections;
using Xunit.Sdk;

namespace ActorSock.EngineTests;

public class ReceivingTests : TestKit
{
    private static readonly TimeSpan s_shortly = TimeSpan.FromMilliseconds(50);

    [Fact]
    public void One_message_is_received_or_null()
    {
        TestActor.Tell("one");

        ReceiveOne().ShouldBe("one");
        ReceiveOne(TimeSpan.Zero).ShouldBeNull();
        TryReceiveOne(out var none, s_shortly).ShouldBeFalse();
        none.ShouldBeNull();
    }

    [Fact]
    public void Looking_ahead_takes_nothing_away()
    {
        TestActor.Tell("first");
        TestActor.Tell("second");

        PeekOne().ShouldBe("first");
        PeekOne().ShouldBe("first");
        ReceiveN(2).ShouldBe(["first", "second"]);
    }

    [Fact]
    public void A_number_of_messages_is_all_or_a_failure()
    {
        TestActor.Tell(1);
        TestActor.Tell(2);

        Should.Throw<FailException>(() => ReceiveN(3, s_shortly)).Message.ShouldContain("[1, 2]");
    }

    [Fact]
    public void Messages_are_received_while_a_filter_wants_them()
    {
        foreach (object message in new object[] { "a", "b", 3, "d" })
            TestActor.Tell(message);

        ReceiveWhile(message => message as string).ShouldBe(["a", "b"]);

        ExpectMsg(3);
        ReceiveWhile<string>(s_shortly, message => (message as string)!).ShouldBe(["d"]);
    }

    [Fact]
    public void Messages_of_a_type_are_received_up_to_a_count_and_others_ignored()
    {
        foreach (object message in new object[] { "a", 2, "c", "d" })
            TestActor.Tell(message);

        ReceiveWhile<string>(_ => true, msgs: 2).ShouldBe(["a", "c"]);

        ExpectMsg("d");
    }

    [Fact]
    public void Receiving_ends_when_it_is_idle_for_too_long()
    {
        TestActor.Tell("only");
        var start = Now;

        ReceiveWhile(TimeSpan.FromSeconds(30), s_shortly, message => message as string).ShouldBe(["only"]);

        (Now - start).ShouldBeLessThan(TimeSpan.FromSeconds(30));
    }

    [Fact]
    public void Fishing_throws_away_what_comes_before()
    {
        foreach (object message in new object[] { 1, "x", 2 })
            TestActor.Tell(message);
        var thrownAway = new ArrayList();

        FishForMessage<int>(number => number == 2, thrownAway).ShouldBe(2);

        thrownAway.ToArray().ShouldBe([1, "x"]);
        Should.Throw<FailException>(() =>
            FishForMessage(_ => true, TimeSpan.Zero, "nothing left")).Message.ShouldContain("nothing left");
    }

    [Fact]
    public void Any_of_several_will_do()
    {
        TestActor.Tell("b");

        ExpectMsgAnyOf(["a", "b"]).ShouldBe("b");

        TestActor.Tell("c");
        Should.Throw<FailException>(() => ExpectMsgAnyOf(["a", "b"])).Message.ShouldContain("<c>");
    }

    [Fact]
    public void All_of_several_may_come_in_any_order()
    {
        TestActor.Tell("b");
        TestActor.Tell("a");
        ExpectMsgAllOf("a", "b").ShouldBe(["b", "a"]);

        TestActor.Tell("a");
        TestActor.Tell("a");
        var failure = Should.Throw<FailException>(() => ExpectMsgAllOf("a", "b"));

        failure.Message.ShouldContain("missing are [b]");
        failure.Message.ShouldContain("unexpected came [a]");
    }

    [Fact]
    public void The_sender_can_be_part_of_what_is_expected()
    {
        var (friend, stranger) = (CreateTestProbe(), CreateTestProbe());
        friend.Send(TestActor, "hello");
        ExpectMsgFrom(friend.Ref, "hello");

        stranger.Send(TestActor, "hello");

        Should.Throw<FailException>(() =>
            ExpectMsgFrom<string>(friend.Ref)).Message.ShouldContain(stranger.Ref.Path.Name);
    }

    [Fact]
    public void Assertions_of_the_test_are_what_fails()
    {
        TestActor.Tell(5);

        Should.Throw<ShouldAssertException>(() => ExpectMsg<int>(number => number.ShouldBe(6)));
    }

    [Fact]
    public async Task The_awaiting_shapes_do_the_same()
    {
        foreach (object message in new object[] { "a", 1, "b", 2, 3, "c", "d", "e" })
            TestActor.Tell(message);

        (await ExpectMsgAsync<string>()).ShouldBe("a");
        (await ExpectMsgAsync<int>((number, sender) => number == 1 && sender.Equals(TestActor))).ShouldBe(1);
        (await PeekOneAsync()).ShouldBe("b");
        (await ReceiveOneAsync()).ShouldBe("b");
        (await FishForMessageAsync<int>(number => number == 3)).ShouldBe(3);
        var all = new List<string>();
        await foreach (var message in ExpectMsgAllOfAsync(["d", "c"]))
            all.Add(message);
        all.ShouldBe(["c", "d"]);
        (await ExpectMsgAnyOfAsync(["e", "f"])).ShouldBe("e");
        await ExpectNoMsgAsync(s_shortly);
        (await TryReceiveOneAsync(TimeSpan.Zero)).success.ShouldBeFalse();
        await Should.ThrowAsync<FailException>(async () => await ExpectMsgAsync<string>(s_shortly));
    }

    [Fact]
    public async Task A_message_that_comes_later_ends_the_wait()
    {
        var waiting = ExpectMsgAsync<string>(TimeSpan.FromSeconds(30));
        waiting.IsCompleted.ShouldBeFalse();

        TestActor.Tell("late");

        (await waiting).ShouldBe("late");
    }

    [Fact]
    public async Task Waiting_can_be_called_off()
    {
        using var called = new CancellationTokenSource();
        var waiting = ExpectMsgAsync<string>(TimeSpan.FromSeconds(30), cancellationToken: called.Token);

        await called.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(async () => await waiting);
        Should.Throw<OperationCanceledException>(() =>
            ExpectMsg<string>(TimeSpan.FromSeconds(30), cancellationToken: called.Token));
    }

    [Fact]
    public async Task Silence_on_the_radio_returns_what_was_said_before()
    {
        TestActor.Tell("a");
        TestActor.Tell("b");

        (await WaitForRadioSilenceAsync(s_shortly)).ToArray().ShouldBe(["a", "b"]);

        TestActor.Tell("c");
        TestActor.Tell("d");
        await Should.ThrowAsync<FailException>(() => WaitForRadioSilenceAsync(s_shortly, maxMessages: 1));
    }
}
