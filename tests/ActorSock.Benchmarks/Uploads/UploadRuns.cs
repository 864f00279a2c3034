namespace ActorSock.Benchmarks.Uploads;

/// <summary>Our node and yardsticks by turns, in one run, with the machine's limits between them.</summary>
internal static class UploadRuns
{
    private const int InterruptedExit = 130;

    public static int Run(UploadOptions options)
    {
        using var interrupt = new Interrupt();
        using var scratch = new Scratch(options.Folder);
        Console.WriteLine($"{Machine.Description}; {options.Rounds} rounds by turns after warm ones: median (min–max)");
        try
        {
            foreach (var scenario in options.Scenarios)
                Run(scenario, options, scratch, interrupt.Token);
            return 0;
        }
        catch (Exception) when (interrupt.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine("interrupted");
            return InterruptedExit;
        }
    }

    private static void Run(Scenario scenario, UploadOptions options, Scratch scratch, CancellationToken interrupted)
    {
        using var sources = new SourceFiles(scenario.FileBytes);
        var limits = scenario.CountsFiles ? null : new Limits(scratch.Folder("limits"), sources);
        using var plain = Start("yardstick", ServerProcess.Yardstick);
        using var renames = scenario.CountsFiles
            ? Start("yardstick that renames and syncs the folder", ServerProcess.RenamingYardstick)
            : null;
        using var node = Start("node", folder => ServerProcess.Node(folder, options));
        Contestant[] others = renames is null ? [] : [renames];
        Contestant[] turns = [plain, .. others, node];
        for (var round = 1 - scenario.WarmRounds; round <= options.Rounds; round++)
        {
            if (round > 0 && limits is not null)
                Console.Error.WriteLine($"{scenario.Name} {round}: {limits.Measure()}");
            foreach (var who in turns)
            {
                interrupted.ThrowIfCancellationRequested();
                var turn = who.Take(scenario, sources);
                var which = round <= 0 ? "warm" : $"{round}";
                Console.Error.WriteLine($"{scenario.Name} {which}: {who.Name} {turn.Rate:N0} {scenario.RateUnit}, "
                    + $"{turn.Cpu:0.00} {scenario.CpuUnit}, client {turn.ClientCpu:0.00} s, other {turn.OtherCpu:0.00} s, "
                    + $"peak {who.PeakMiB:0} MiB");
                if (round > 0)
                    who.Turns.Add(turn);
            }
            // Who went last goes first: what comes behind another's turn must not always be the same.
            Array.Reverse(turns);
        }
        UploadTable.Print(scenario, node, plain, others, limits);

        Contestant Start(string name, Func<string, ServerProcess> server) =>
            Contestant.Start(name, scenario, scratch, server, interrupted);
    }
}
