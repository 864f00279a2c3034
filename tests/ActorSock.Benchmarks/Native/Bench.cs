using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>What all parts of a run share: how to take turns, and where everything is.</summary>
internal sealed record Bench(UploadOptions Options, Scratch Scratch, CancellationToken Interrupted)
{
    /// <summary>The program whose clients are measured.</summary>
    public string ActorSock { get; } = ServerProcess.Executable(Options);

    public NodeUnderTest Node(string name) => new(name, this);

    /// <summary>For clients that are programs; a new home that remembers nothing.</summary>
    public ClientProcess Client(string name) => new(Scratch.Folder($"{name}-home"), Interrupted);

    /// <summary>Lets all rivals take their turns: warm ones first, then those that count, each round in the other order.</summary>
    public async Task TakeTurnsAsync(string part, int warmRounds, params Rival[] rivals)
    {
        Rival[] turns = [.. rivals];
        for (var round = 1 - warmRounds; round <= Options.Rounds; round++)
        {
            foreach (var who in turns)
            {
                Interrupted.ThrowIfCancellationRequested();
                var turn = await who.TakeAsync();
                var peak = turn.PeakMiB is { } mib ? $", peak {mib:0} MiB" : "";
                Console.Error.WriteLine($"{part} {(round <= 0 ? "warm" : $"{round}")}: {who.Name} "
                    + $"{who.Work.Rate(turn.Seconds):N0} {who.Work.RateUnit} in {turn.Seconds:0.000} s, "
                    + $"client {turn.ClientCpu:0.00} s, server {turn.ServerCpu:0.00} s{peak}");
                if (round > 0)
                    who.Turns.Add(turn);
            }
            // Who went last goes first: what comes behind another's turn must not always be the same.
            Array.Reverse(turns);
        }
    }
}
