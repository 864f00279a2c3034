namespace ActorSock.Events;

/// <summary>What it costs to keep an event, and whether it is worth it.</summary>
internal static class EventWeight
{
    /// <summary>The object, its short texts (ids, addresses, digests), and its place in a queue.</summary>
    private const int UsualBytes = 512;

    /// <summary>Of its stack and of the exceptions in it.</summary>
    private const int ExceptionBytes = 8192;

    /// <summary>About how many bytes it holds: texts that a peer chose may be long.</summary>
    public static int Of(ServerEvent e) => UsualBytes + e switch
    {
        ServerEvent.Refused it => Of(it.File) + Of(it.Detail),
        ServerEvent.Stored it => Of(it.File),
        ServerEvent.UploadStarted it => Of(it.File),
        ServerEvent.Fetched it => Of(it.File),
        ServerEvent.UploadResumed it => Of(it.File),
        ServerEvent.UploadTakenOver it => Of(it.File),
        ServerEvent.UploadExpired it => Of(it.File),
        ServerEvent.FileDeleted it => Of(it.File),
        ServerEvent.FileRenamed it => Of(it.File) + Of(it.Now),
        ServerEvent.CommandRan it => Of(it.Line),
        ServerEvent.CommandRefused it => Of(it.Line) + Of(it.Reason),
        ServerEvent.Restarted it => Of(it.Cause),
        ServerEvent.ActorStopped it => Of(it.Cause),
        ServerEvent.Escalated it => Of(it.Cause),
        ServerEvent.EngineSpoke it => Of(it.Message) + Of(it.Cause),
        ServerEvent.ListenerFailed it => Of(it.Reason),
        ServerEvent.JournalFailed it => Of(it.Reason),
        ServerEvent.CommitLost it => Of(it.File) + Of(it.Reason),
        _ => 0,
    };

    /// <summary>Whether it comes with each connection, upload or download whatever that does: of no interest but to whoever asks for
    /// it.</summary>
    public static bool IsDetail(ServerEvent e) => e
        is ServerEvent.ConnectionOpened or ServerEvent.ConnectionClosed or ServerEvent.UploadStarted or ServerEvent.UploadResumed or ServerEvent.Fetched
        or ServerEvent.Undelivered
        or ServerEvent.EngineSpoke { Severity: Severity.Debug } or ServerEvent.PartsRecovered { Removed: 0, Kept: 0 };

    private static int Of(string? text) => text is null ? 0 : 2 * text.Length;

    private static int Of(Exception? cause) => cause is null ? 0 : ExceptionBytes + Of(cause.Message);
}
