namespace ActorSock.Actors;

/// <summary>A message of the engine to a cell; it overtakes everything that users sent.</summary>
internal abstract class SystemMessage
{
    /// <summary>The next one in the queue; a message stands in one queue only.</summary>
    public SystemMessage? Next;
}

internal sealed class Create : SystemMessage;

internal sealed class Recreate(Exception cause) : SystemMessage
{
    public Exception Cause => cause;
}

internal sealed class Suspend : SystemMessage;

/// <summary>Goes on with user messages; with a cause when the parent answered this cell's own failure.</summary>
internal sealed class Resume(Exception? causedByFailure) : SystemMessage
{
    public Exception? CausedByFailure => causedByFailure;
}

internal sealed class Terminate : SystemMessage;

internal sealed class Failed(ActorCell child, Exception cause) : SystemMessage
{
    public ActorCell Child => child;

    public Exception Cause => cause;
}

internal sealed class Watch(ISystemRef watchee, ISystemRef watcher) : SystemMessage
{
    public ISystemRef Watchee => watchee;

    public ISystemRef Watcher => watcher;
}

internal sealed class Unwatch(ISystemRef watchee, ISystemRef watcher) : SystemMessage
{
    public ISystemRef Watchee => watchee;

    public ISystemRef Watcher => watcher;
}

internal sealed class DeathWatchNotification(ISystemRef actor, bool existenceConfirmed) : SystemMessage
{
    public ISystemRef Actor => actor;

    public bool ExistenceConfirmed => existenceConfirmed;
}

/// <summary>The rest of an asynchronous handler, after an await.</summary>
internal sealed class Continuation(ActorCell.Handling handling, SendOrPostCallback callback, object? state) : SystemMessage
{
    public ActorCell.Handling Handling => handling;

    public void Run() => callback(state);
}

/// <summary>A task of an asynchronous handler has ended.</summary>
internal sealed class HandlerEnded(ActorCell.Handling handling, Task task) : SystemMessage
{
    public ActorCell.Handling Handling => handling;

    public Task Task => task;
}
