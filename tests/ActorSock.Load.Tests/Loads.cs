using System.Net;
using ActorSock.Load.Driving;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load.Tests;

/// <summary>Runs load tests as the command does.</summary>
internal static class Loads
{
    private static readonly TimeSpan s_patience = TimeSpan.FromMinutes(1);

    public static async Task<LoadResult> Run(int port, string? root, params string[] settings)
    {
        using var run = new LoadRun(Options(port, root, settings));
        return await run.RunAsync(CancellationToken.None).WaitAsync(s_patience);
    }

    public static LoadOptions Options(int port, string? root, params string[] settings)
    {
        var scenario = Scenario(settings);
        return new LoadOptions
        {
            Scenario = scenario,
            Target = new Target(new IPEndPoint(IPAddress.Loopback, port)),
            Phases = new ScenarioPhases(scenario),
            Root = root,
            HasProof = root is not null,
        };
    }

    /// <summary>A scenario with these settings, each <c>key=value</c>.</summary>
    public static Scenario Scenario(params string[] settings) => ScenarioFile.Read(null, null,
        [.. settings.Select(setting => setting.Split('=', 2)).Select(pair => new KeyValuePair<string, string>(pair[0], pair[1]))]);
}
