namespace ActorSock.EngineTests;

public class PipeToTests : EngineTest
{
    [Fact]
    public void The_result_of_a_task_is_sent()
    {
        var work = new TaskCompletionSource<int>();
        var sender = CreateTestProbe();

        work.Task.PipeTo(TestActor, sender.Ref);
        work.SetResult(7);

        ExpectMsg(7);
        LastSender.ShouldBe(sender.Ref);
    }

    [Fact]
    public void A_failed_task_sends_a_failure()
    {
        var cause = new FormatException("no");

        Task.FromException<int>(cause).PipeTo(TestActor);

        ExpectMsg<Status.Failure>().Cause.ShouldBe(cause);
    }

    [Fact]
    public void A_cancelled_task_sends_a_failure()
    {
        Task.FromCanceled<int>(new CancellationToken(canceled: true)).PipeTo(TestActor);

        ExpectMsg<Status.Failure>().Cause.ShouldBeOfType<TaskCanceledException>();
    }

    [Fact]
    public void Results_and_failures_can_be_made_into_messages()
    {
        Task.FromResult(7).PipeTo(TestActor, success: n => $"result {n}");
        ExpectMsg("result 7");

        Task.FromException<int>(new FormatException("no"))
            .PipeTo(TestActor, failure: e => $"failed: {e.Message}");
        ExpectMsg("failed: no");
    }

    [Fact]
    public void A_task_without_a_result_sends_what_success_makes_or_a_failure()
    {
        Task.CompletedTask.PipeTo(TestActor, success: () => "done");
        ExpectMsg("done");

        Task.FromException(new FormatException("no")).PipeTo(TestActor, success: () => "done");
        ExpectMsg<Status.Failure>().Cause.ShouldBeOfType<FormatException>();
    }

    [Fact]
    public void A_task_that_an_actor_pipes_to_itself_comes_as_a_message_of_its_own()
    {
        var work = new TaskCompletionSource<string>();
        var puppet = Start(RoleOf("a"));

        puppet.Do(p => work.Task.PipeTo(p.Me));
        puppet.Tell("in between");
        ExpectInOrder("a#1 PreStart", "a#1 gets in between");
        work.SetResult("the result");

        ExpectMsg("a#1 gets the result");
    }
}
