namespace ActorSock.Supervision;

/// <summary>Waits for the end of an actor from outside.</summary>
internal static class Watching
{
    /// <summary>Ends when the actor has stopped.</summary>
    public static Task WatchAsync(this IActorRef actor, ActorSystem system)
    {
        var ended = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        system.ActorOf(Props.Create(() => new Watcher(actor, ended)));
        return ended.Task;
    }

    private sealed class Watcher : ReceiveActor
    {
        private readonly IActorRef _actor;

        public Watcher(IActorRef actor, TaskCompletionSource ended)
        {
            _actor = actor;
            Receive<Terminated>(_ =>
            {
                ended.TrySetResult();
                Context.Stop(Self);
            });
        }

        protected override void PreStart() => Context.Watch(_actor);
    }
}
