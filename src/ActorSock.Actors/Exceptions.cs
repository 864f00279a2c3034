namespace ActorSock.Actors;

/// <summary>The root of what the engine itself throws.</summary>
public abstract class AkkaException : Exception
{
    protected AkkaException()
    {
    }

    protected AkkaException(string? message, Exception? cause = null) : base(message, cause)
    {
    }

    protected Exception? Cause => InnerException;
}

/// <summary>An actor could not be constructed or started.</summary>
public class ActorInitializationException : AkkaException
{
    public ActorInitializationException()
    {
    }

    public ActorInitializationException(string message) : base(message)
    {
    }

    public ActorInitializationException(string message, Exception cause) : base(message, cause)
    {
    }

    public ActorInitializationException(IActorRef actor, string message, Exception? cause = null) : base(message, cause) =>
        Actor = actor;

    public IActorRef? Actor { get; set; }
}

/// <summary><c>PreRestart</c> failed; the restart goes on.</summary>
public class PreRestartException(IActorRef actor, Exception restartException, Exception cause, object optionalMessage)
    : ActorInitializationException(actor, $"exception in PreRestart({cause.GetType()}, {optionalMessage?.GetType()})", restartException)
{
    public Exception RestartException { get; } = restartException;

    public object OptionalMessage { get; } = optionalMessage!;
}

/// <summary>The new instance failed while it restarted.</summary>
public class PostRestartException(IActorRef actor, Exception cause, Exception originalCause)
    : ActorInitializationException(actor, $"exception post restart ({originalCause?.GetType()})", cause)
{
    public Exception OriginalCause { get; } = originalCause!;
}

/// <summary>What <see cref="Kill"/> makes an actor fail with.</summary>
public class ActorKilledException : AkkaException
{
    public ActorKilledException()
    {
    }

    public ActorKilledException(string message) : base(message)
    {
    }
}

/// <summary>An actor that watched another did not handle its <see cref="Terminated"/>.</summary>
public class DeathPactException(IActorRef deadActor) : AkkaException($"{deadActor} terminated and its watcher does not handle Terminated")
{
    public IActorRef DeadActor { get; } = deadActor;
}

public class InvalidActorNameException : AkkaException
{
    public InvalidActorNameException(string message) : base(message)
    {
    }

    public InvalidActorNameException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

public class InvalidMessageException : AkkaException
{
    public InvalidMessageException() : this("a message cannot be null")
    {
    }

    public InvalidMessageException(string message) : base(message)
    {
    }
}

/// <summary>An answer did not come in time.</summary>
public class AskTimeoutException(string message) : AkkaException(message);

/// <summary>No actor, or not in time: a selection could not be resolved.</summary>
public class ActorNotFoundException : AkkaException
{
    public ActorNotFoundException()
    {
    }

    public ActorNotFoundException(string message) : base(message)
    {
    }

    public ActorNotFoundException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>A message was stashed twice, or into a full stash.</summary>
public class IllegalActorStateException : AkkaException
{
    public IllegalActorStateException(string message) : base(message)
    {
    }

    public IllegalActorStateException(string message, Exception innerException) : base(message, innerException)
    {
    }
}

/// <summary>The stash has no room.</summary>
public class StashOverflowException(string message, Exception? cause = null) : AkkaException(message, cause);
