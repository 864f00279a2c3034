namespace ActorSock.EngineTests;

public class AskTests : EngineTest
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    [Fact]
    public async Task The_answer_completes_the_task()
    {
        var echo = ActorOf<Echo>();

        (await echo.Ask<string>("hello", s_patience)).ShouldBe("hello");
        (await echo.Ask("hello", s_patience)).ShouldBe("hello");
        (await echo.Ask<int>(7)).ShouldBe(7);
    }

    [Fact]
    public async Task Many_questions_at_once_each_get_their_own_answer()
    {
        var echo = ActorOf<Echo>();

        var answers = await Task.WhenAll(Enumerable.Range(0, 2_000)
            .Select(i => echo.Ask<int>(i, s_patience)));

        answers.ShouldBe(Enumerable.Range(0, 2_000));
    }

    [Fact]
    public async Task A_message_can_be_made_with_the_reference_to_answer()
    {
        var puppet = Start(RoleOf("a"));

        var answer = await puppet.Ask<string>(replyTo => (Action<Puppet>)(_ => replyTo.Tell("to you")),
            s_patience, CancellationToken.None);

        answer.ShouldBe("to you");
    }

    [Fact]
    public async Task Without_an_answer_in_time_the_task_fails()
    {
        await Should.ThrowAsync<AskTimeoutException>(() =>
            TestActor.Ask("hello", TimeSpan.FromMilliseconds(20)));
    }

    [Fact]
    public async Task A_late_answer_is_a_dead_letter()
    {
        await Should.ThrowAsync<AskTimeoutException>(() =>
            TestActor.Ask("hello", TimeSpan.FromMilliseconds(20)));
        ExpectMsg("hello");
        var asker = LastSender;
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        asker.Tell("late");

        ExpectMsg<DeadLetter>().Message.ShouldBe("late");
    }

    [Fact]
    public async Task A_second_answer_is_a_dead_letter()
    {
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));
        var puppet = Start(new Role("a", ActorRefs.Nobody));

        await puppet.Ask<string>(replyTo => (Action<Puppet>)(_ =>
        {
            replyTo.Tell("first");
            replyTo.Tell("second");
        }), s_patience, CancellationToken.None);

        ExpectMsg<DeadLetter>().Message.ShouldBe("second");
    }

    [Fact]
    public async Task A_question_can_be_called_off()
    {
        using var calledOff = new CancellationTokenSource();

        var answer = TestActor.Ask("hello", s_patience, calledOff.Token);
        ExpectMsg("hello");
        await calledOff.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(() => answer);
    }

    [Fact]
    public async Task An_answer_that_is_a_failure_fails_the_task_with_its_cause()
    {
        var echo = ActorOf<Echo>();
        var cause = new FormatException("no");

        (await Should.ThrowAsync<FormatException>(() =>
            echo.Ask<string>(new Status.Failure(cause), s_patience))).ShouldBe(cause);
        await Should.ThrowAsync<TimeoutException>(() =>
            echo.Ask<string>(new Status.Failure(new TimeoutException("theirs")), s_patience));
    }

    [Fact]
    public async Task Who_asks_for_a_status_gets_failures_as_answers()
    {
        var echo = ActorOf<Echo>();
        var failure = new Status.Failure(new FormatException("no"));

        (await echo.Ask<Status.Failure>(failure, s_patience)).ShouldBe(failure);
        (await echo.Ask<Status>(failure, s_patience)).ShouldBe(failure);
    }

    [Fact]
    public async Task An_answer_of_another_type_fails_the_task()
    {
        var echo = ActorOf<Echo>();

        await Should.ThrowAsync<ArgumentException>(() => echo.Ask<int>("not a number", s_patience));
    }

    [Fact]
    public async Task A_question_to_the_dead_is_a_dead_letter_and_times_out()
    {
        var puppet = Start(new Role("a", ActorRefs.Nobody));
        Watch(puppet);
        Sys.Stop(puppet);
        ExpectTerminated(puppet);
        Sys.EventStream.Subscribe(TestActor, typeof(DeadLetter));

        await Should.ThrowAsync<AskTimeoutException>(() =>
            puppet.Ask("hello", TimeSpan.FromMilliseconds(20)));

        ExpectMsg<DeadLetter>().Message.ShouldBe("hello");
    }

    [Fact]
    public async Task A_selection_can_be_asked()
    {
        Sys.ActorOf(Props.Create(() => new Echo()), "echo");

        (await Sys.ActorSelection("/user/echo").Ask<string>("hello", s_patience)).ShouldBe("hello");
    }
}
