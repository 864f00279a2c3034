using ActorSock.Benchmarks.Digests;
using ActorSock.Benchmarks.Engine;
using ActorSock.Benchmarks.Exchanges;
using ActorSock.Benchmarks.Native;
using ActorSock.Benchmarks.Uploads;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/ActorSock.Benchmarks -- WHAT
//   engine    tells, ping-pong, spawns, stops, memory: whole-run figures, medians
//   uploads   our node beside plain socket loops, by turns, and the machine's limits
//   crowd     1,000 clients at once; 10,000 idle connections
//   exchanges title over TCP and UDP beside plain loops, also while a file is uploaded
//   native    the native protocol's clients beside those of the older dialects, and beside rsync
//   digests   MD5 in one lane and in many beside the framework's
//   bdn ...   BenchmarkDotNet's own runner, with its options
try
{
    return args switch
    {
        ["engine", ..] => await EngineRuns.Run(),
        ["uploads", ..] => UploadRuns.Run(UploadOptions.Parse(args[1..])),
        ["crowd", ..] => await CrowdRuns.Run(UploadOptions.Parse(args[1..])),
        ["exchanges", ..] => ExchangeRuns.Run(UploadOptions.Parse(args[1..])),
        ["native", ..] => await NativeRuns.Run(args[1..]),
        ["loop", var how, var folder] => new ExchangeLoop(folder, how == "threads").Serve(),
        ["digests", ..] => DigestRuns.Run(),
        ["yardstick", var port, var folder, .. var how] => new Yardstick(folder, how is ["renames"]).Serve(int.Parse(port)),
        ["bdn", ..] => Bdn(args[1..]),
        _ => Usage("what is to be measured?"),
    };
}
catch (FormatException wrong)
{
    return Usage(wrong.Message);
}
catch (Exception failed)
{
    // Unhandled it would be a core dump, and the folders of the run might stay.
    Console.Error.WriteLine($"failed: {failed}");
    return 1;
}

static int Bdn(string[] options)
{
    BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(options);
    return 0;
}

static int Usage(string why)
{
    Console.Error.WriteLine($"{why}\nusage: engine | uploads | crowd | exchanges | native | digests | bdn [options of BenchmarkDotNet]\n{UploadOptions.Usage}\n{NativeRuns.Usage}");
    return 2;
}
