using ActorSock.Wire.Text;

namespace ActorSock.Commands;

/// <summary>How a program has ended.</summary>
/// <param name="Status">Its exit status; of one that died of a signal 128 more than that.</param>
/// <param name="Killed">Why the node killed it; null when it ended by itself.</param>
/// <param name="Output">What it wrote.</param>
/// <param name="Duration">From its start to its end.</param>
internal sealed record RunOutcome(int Status, string? Killed, RunOutput Output, TimeSpan Duration)
{
    /// <summary>The status of what was killed.</summary>
    public const int KilledStatus = 128 + Signal;

    private const int Signal = 9;

    /// <summary>The same for the wire.</summary>
    public RunReply Reply => (Killed is null ? (RunReply)new RunReply.Exited(Status) : new RunReply.Killed(Signal, Killed)) with
    {
        OutputBytes = Output.OutputBytes,
        ErrorBytes = Output.ErrorBytes,
        IsCut = Output.IsCut,
        Duration = Duration,
    };

    /// <summary>In a few words.</summary>
    public override string ToString() => Killed is null ? $"exit {Status}" : $"killed: {Killed}";
}
