namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>Where random choices begin: always at the same place, unless ACTORSOCK_SEED=N asks for others.</summary>
internal static class Seed
{
    private static readonly int s_shift = int.TryParse(Environment.GetEnvironmentVariable("ACTORSOCK_SEED"), out var n) ? n * 1000 : 0;

    public static int Of(int usual) => usual + s_shift;
}
