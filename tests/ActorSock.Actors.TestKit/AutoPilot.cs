namespace ActorSock.Actors.TestKit;

/// <summary>Reacts to messages of a test actor at once, before the test looks at them.</summary>
public abstract class AutoPilot
{
    /// <summary>Reacts to a message and says who reacts to the next one.</summary>
    public abstract AutoPilot Run(IActorRef sender, object message);

    /// <summary>Nobody reacts any more.</summary>
    public static NoAutoPilot NoAutoPilot => NoAutoPilot.Instance;

    /// <summary>The same pilot goes on.</summary>
    public static KeepRunning KeepRunning => KeepRunning.Instance;
}

public sealed class NoAutoPilot : AutoPilot
{
    public static NoAutoPilot Instance { get; } = new();

    private NoAutoPilot()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) => this;
}

public sealed class KeepRunning : AutoPilot
{
    public static KeepRunning Instance { get; } = new();

    private KeepRunning()
    {
    }

    public override AutoPilot Run(IActorRef sender, object message) =>
        throw new InvalidOperationException("KeepRunning is what a pilot returns, it is no pilot itself");
}

/// <summary>A pilot that is a function.</summary>
public sealed class DelegateAutoPilot(DelegateAutoPilot.AutoPilotDelegate autoPilotDelegate) : AutoPilot
{
    public delegate AutoPilot AutoPilotDelegate(IActorRef sender, object message);

    public override AutoPilot Run(IActorRef sender, object message) => autoPilotDelegate(sender, message);
}
