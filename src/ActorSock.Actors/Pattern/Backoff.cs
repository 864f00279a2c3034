namespace ActorSock.Actors.Pattern;

/// <summary>Ways to start a child again after a growing delay.</summary>
public static class Backoff
{
    /// <summary>Starts the child again after it failed; -1 retries are as many as it takes.</summary>
    public static BackoffOptions OnFailure(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new BackoffSettings(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries, OnStop: false);

    /// <summary>Starts the child again after it stopped; -1 retries are as many as it takes.</summary>
    public static BackoffOptions OnStop(Props childProps, string childName, TimeSpan minBackoff, TimeSpan maxBackoff, double randomFactor, int maxNrOfRetries) =>
        new BackoffSettings(childProps, childName, minBackoff, maxBackoff, randomFactor, maxNrOfRetries, OnStop: true);
}

/// <summary>How a <see cref="BackoffSupervisor"/> starts its child again.</summary>
public abstract record BackoffOptions
{
    private protected BackoffOptions()
    {
    }

    /// <summary>The count of restarts starts over when the child has run for this long.</summary>
    public abstract BackoffOptions WithAutoReset(TimeSpan autoReset);

    /// <summary>The count starts over only when somebody sends <see cref="BackoffSupervisor.Reset"/>.</summary>
    public abstract BackoffOptions WithManualReset();

    public abstract BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy);

    /// <summary>What a sender gets while there is no child; without it, the message is a dead letter.</summary>
    public abstract BackoffOptions WithReplyWhileStopped(object replyWhileStopped);

    public abstract BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries);
}

internal sealed record BackoffSettings(
    Props ChildProps, string ChildName, TimeSpan MinBackoff, TimeSpan MaxBackoff, double RandomFactor, int MaxNrOfRetries, bool OnStop)
    : BackoffOptions
{
    public TimeSpan? AutoReset { get; init; } = MinBackoff;

    public OneForOneStrategy? Strategy { get; init; }

    public object? ReplyWhileStopped { get; init; }

    public override BackoffOptions WithAutoReset(TimeSpan autoReset) => this with { AutoReset = autoReset };

    public override BackoffOptions WithManualReset() => this with { AutoReset = null };

    public override BackoffOptions WithSupervisorStrategy(OneForOneStrategy supervisorStrategy) => this with { Strategy = supervisorStrategy };

    public override BackoffOptions WithReplyWhileStopped(object replyWhileStopped) => this with { ReplyWhileStopped = replyWhileStopped };

    public override BackoffOptions WithMaxNrOfRetries(int maxNrOfRetries) => this with { MaxNrOfRetries = maxNrOfRetries };
}
