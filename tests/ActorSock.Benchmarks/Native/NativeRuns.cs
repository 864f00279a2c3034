using ActorSock.Benchmarks.Uploads;

namespace ActorSock.Benchmarks.Native;

/// <summary>The clients of the native protocol beside those of the older dialects, and beside rsync, by turns.</summary>
internal static class NativeRuns
{
    public const string Usage = """
        native [pipelined|put-small|put-large|load|sync]... [options of uploads]
          --node FILE        the executable whose clients are measured, too
        """;

    private const int InterruptedExit = 130;

    private static readonly (string Name, Func<Bench, Task> RunAsync)[] s_parts =
    [
        ("pipelined", PipelinedPart.RunAsync),
        ("put-small", PutPart.RunSmallAsync),
        ("put-large", PutPart.RunLargeAsync),
        ("load", LoadPart.RunAsync),
        ("sync", SyncPart.RunAsync),
    ];

    /// <exception cref="FormatException">something is not what the usage says</exception>
    public static async Task<int> Run(string[] args)
    {
        var names = args.TakeWhile(word => !word.StartsWith('-')).ToList();
        var options = UploadOptions.Parse(args[names.Count..]);
        if (names.FirstOrDefault(name => s_parts.All(part => part.Name != name)) is { } unknown)
            throw new FormatException($"native has no part {unknown}");
        var parts = s_parts.Where(part => names.Count == 0 || names.Contains(part.Name)).ToList();
        if (parts.Exists(part => part.Name == "load") && LoadPart.InTheWay is { } why)
        {
            Console.Error.WriteLine(why);
            return 1;
        }
        using var interrupt = new Interrupt();
        using var scratch = new Scratch(options.Folder);
        Console.WriteLine($"{Machine.Description}; {options.Rounds} rounds by turns after warm ones: median (min–max)");
        try
        {
            foreach (var part in parts)
                await part.RunAsync(new Bench(options, scratch, interrupt.Token));
            return 0;
        }
        catch (Exception) when (interrupt.Token.IsCancellationRequested)
        {
            Console.Error.WriteLine("interrupted: what was stored is deleted, which takes some disks minutes");
            return InterruptedExit;
        }
    }
}
