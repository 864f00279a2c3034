using ActorSock.Benchmarks.Digests;
using ActorSock.Benchmarks.Engine;
using ActorSock.Benchmarks.Uploads;
using BenchmarkDotNet.Running;

// dotnet run -c Release --project tests/ActorSock.Benchmarks -- WHAT
//   engine    tells, ping-pong, spawns, stops, memory: whole-run figures, medians
//   uploads   our node beside a plain socket loop, one run after the other
//   crowd     1,000 clients at once; 10,000 idle connections
//   digests   MD5 in one lane and in many beside the framework's
//   bdn ...   BenchmarkDotNet's own runner, with its options
return args switch
{
    ["engine", ..] => await EngineRuns.Run(),
    ["uploads", ..] => await UploadRuns.Run(args[1..]),
    ["crowd", ..] => await CrowdRuns.Run(),
    ["digests", ..] => DigestRuns.Run(),
    ["yardstick", var port, var folder] => Yardstick.Serve(int.Parse(port), folder),
    ["bdn", ..] => Bdn(args[1..]),
    _ => Usage(),
};

static int Bdn(string[] options)
{
    BenchmarkSwitcher.FromAssembly(typeof(EngineBenchmarks).Assembly).Run(options);
    return 0;
}

static int Usage()
{
    Console.Error.WriteLine("usage: engine | uploads [MIB] | crowd | digests | bdn [options of BenchmarkDotNet]");
    return 2;
}
