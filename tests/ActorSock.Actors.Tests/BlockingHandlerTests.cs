namespace ActorSock.EngineTests;

/// <summary>Handlers should not block; where one does, those whom it has woken still run.</summary>
public sealed class BlockingHandlerTests : TestKit
{
    [Fact]
    public void A_handler_that_waits_for_an_actor_it_has_told_gets_its_answer()
    {
        var answering = Sys.ActorOf(Props.Create(() => new Answering()));
        var waiting = Sys.ActorOf(Props.Create(() => new Waiting(answering)));

        for (var i = 0; i < 20; i++)
        {
            waiting.Tell("go", TestActor);
            ExpectMsg("answered");
        }
    }

    private sealed class Answering : UntypedActor
    {
        protected override void OnReceive(object message) => ((ManualResetEventSlim)message).Set();
    }

    private sealed class Waiting(IActorRef answering) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            using var answered = new ManualResetEventSlim();
            answering.Tell(answered, Self);
            Sender.Tell(answered.Wait(TimeSpan.FromSeconds(10)) ? "answered" : "timed out", Self);
        }
    }
}
