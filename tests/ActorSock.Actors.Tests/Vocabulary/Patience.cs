namespace ActorSock.EngineTests;

/// <summary>Waits for what has to come, and fails when it does not.</summary>
internal static class Patience
{
    private static readonly TimeSpan s_long = TimeSpan.FromSeconds(60);

    public static Task InTime(this Task task) => task.WaitAsync(s_long);

    public static Task<T> InTime<T>(this Task<T> task) => task.WaitAsync(s_long);
}
