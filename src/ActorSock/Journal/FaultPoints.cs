using System.Globalization;
using ActorSock.Files;
using ActorSock.Settings;

namespace ActorSock.Journal;

/// <summary>Names the steps of an upload and of a commit at which a test may end the process.</summary>
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

    /// <summary>The bytes of an upload are durable, what is kept beside them does not say so yet.</summary>
    AfterUploadSync,

    /// <summary>It says so.</summary>
    AfterUploadKept,

    /// <summary>An upload is sealed, the journal has not been told.</summary>
    AfterUploadSeal,
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

    private static readonly Armed? s_armed = Armed.TryParse(Environment.GetEnvironmentVariable(Variable), out var armed) ? armed : null;

    /// <summary>Tells the operator of a wrong value when a node starts, and not at its first commit.</summary>
    /// <exception cref="SettingsException">The variable names no step.</exception>
    public static void Check(string? text)
    {
        if (Armed.TryParse(text, out _))
            return;
        var steps = string.Join(", ", Enum.GetValues<FaultPoint>().Select(Armed.WordFor));
        throw new SettingsException(new SettingsProblem(
            Variable, text, $"names no step of a commit: set one of {steps}, with :COUNT behind it or not", "environment"));
    }

    /// <summary>Says that a step was reached, and may not return.</summary>
    public static void Reach(FaultPoint point)
    {
        if (s_armed is { } armed)
            armed.Reach(point);
    }

    private sealed class Armed(FaultPoint point, int count)
    {
        private int _left = count;

        /// <summary>False when the text is wrong; without a text nothing is armed.</summary>
        public static bool TryParse(string? text, out Armed? armed)
        {
            armed = null;
            if (string.IsNullOrEmpty(text))
                return true;
            var (word, count) = text.Split(':') switch
            {
                [var alone] => (alone, 1),
                [var first, var digits] when int.TryParse(digits, NumberStyles.None, null, out var number) => (first, number),
                _ => ("", 0),
            };
            var point = Array.FindIndex(Enum.GetValues<FaultPoint>(), each => WordFor(each) == word);
            if (point < 0 || count < 1)
                return false;
            armed = new Armed((FaultPoint)point, count);
            return true;
        }

        /// <summary><c>after-log-flush</c>.</summary>
        public static string WordFor(FaultPoint point) =>
            string.Concat($"{point}".Select((c, i) => i > 0 && char.IsUpper(c) ? $"-{c}" : $"{c}")).ToLowerInvariant();

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
