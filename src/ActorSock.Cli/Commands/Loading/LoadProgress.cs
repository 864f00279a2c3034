using ActorSock.Load;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Shows how a load test goes: a line every now and then.</summary>
internal sealed class LoadProgress(TextWriter error)
{
    public static LoadProgress On(TextWriter error) => new(error);

    public void Show(LoadStatus status) => error.WriteLine(
        $"{Shown.Of(status.Elapsed)} {status.Phase}: {status.Connections} connections, {status.Last.Files / status.LastElapsed.TotalSeconds:0} files/s, "
        + $"{Shown.Rate(status.Last.Bytes / status.LastElapsed.TotalSeconds)}, p50 {Shown.Of(status.Last.Latency.Percentile(50))}, "
        + $"p99 {Shown.Of(status.Last.Latency.Percentile(99))}, {status.Total.ErrorsCount} errors");
}
