using ActorSock.Files;

namespace ActorSock.Journal;

/// <summary>Names the steps of a commit at which a test may end the process.</summary>
internal enum FaultPoint
{
    /// <summary>A group was written to the log and not flushed.</summary>
    AfterLogWrite,

    /// <summary>A group is durable, nothing of it is published.</summary>
    AfterLogFlush,

    /// <summary>A file of a group is published; counted file by file.</summary>
    AfterPublish,

    /// <summary>The journal has the lines of a group.</summary>
    AfterJournalAppend,

    /// <summary>The marker says that a group is published; nobody was told.</summary>
    AfterMark,

    /// <summary>The log has switched, nothing is synced.</summary>
    InCheckpointBeforeSync,

    /// <summary>Files and journal are synced, the old segment is not void yet.</summary>
    AfterSyncBeforeVoid,
}

/// <summary>
/// For crash tests: ends the process at a step of a commit, as suddenly as a power cut, when the environment
/// says so.
/// </summary>
/// <remarks>
/// <c>ACTORSOCK_FAULT=after-log-flush:3</c> ends it when that step is reached for the third time. Without the
/// variable a step costs nothing: the compiler knows the answer.
/// </remarks>
internal static class FaultPoints
{
    public const string Variable = "ACTORSOCK_FAULT";

    private static readonly Armed? s_armed = Armed.Parse(Environment.GetEnvironmentVariable(Variable));

    /// <summary>Says that a step was reached, and may not return.</summary>
    public static void Reach(FaultPoint point)
    {
        if (s_armed is { } armed)
            armed.Reach(point);
    }

    private sealed class Armed(FaultPoint point, int count)
    {
        private int _left = count;

        public static Armed? Parse(string? text)
        {
            if (string.IsNullOrEmpty(text))
                return null;
            var parts = text.Split(':');
            var name = parts[0].Replace("-", "", StringComparison.Ordinal);
            if (!Enum.TryParse<FaultPoint>(name, ignoreCase: true, out var point))
                throw new ArgumentException($"{Variable} names no step of a commit: {text}");
            return new Armed(point, parts.Length > 1 ? int.Parse(parts[1], null) : 1);
        }

        public void Reach(FaultPoint reached)
        {
            if (reached != point || Interlocked.Decrement(ref _left) != 0)
                return;
            if (OperatingSystem.IsLinux())
                Posix.KillOurselves();
            else
                System.Diagnostics.Process.GetCurrentProcess().Kill();
            Thread.Sleep(Timeout.Infinite); // the signal is on its way: go no step further
        }
    }
}
