namespace ActorSock.Actors;

/// <summary>An actor that sorts its messages itself, by a <c>switch</c>.</summary>
public abstract class UntypedActor : ActorBase
{
    protected UntypedActor()
    {
    }

    protected static new IUntypedActorContext Context => ActorCell.CurrentOrThrow;

    protected sealed override bool Receive(object message)
    {
        OnReceive(message);
        return true;
    }

    protected abstract void OnReceive(object message);

    protected void Become(UntypedReceive receive) => ActorCell.CurrentOrThrow.Become(receive);

    protected void BecomeStacked(UntypedReceive receive) => ActorCell.CurrentOrThrow.BecomeStacked(receive);

    /// <summary>Runs asynchronous work as part of handling this message: the next one waits until it is done.</summary>
    protected void RunTask(Func<Task> action) => ActorCell.CurrentOrThrow.RunTask(action);

    protected void RunTask(Action action) => action();
}

/// <summary>An <see cref="UntypedActor"/> that can put messages aside.</summary>
public abstract class UntypedActorWithStash : UntypedActor, IWithStash
{
    protected UntypedActorWithStash()
    {
    }

    public IStash Stash { get; set; } = null!;
}
