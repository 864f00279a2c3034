using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorSock.Commands;

/// <summary>The session of a program: itself, what it has started, and what that has started. Who has begun a session of its own
/// belongs to it as long as its parents live.</summary>
internal static partial class Session
{
    private const int SIGKILL = 9, SIGCONT = 18, SIGSTOP = 19; // of Linux on all but old machines (signal(7))

    /// <summary>Scans of all processes for one session; each finds only what was started before the last one had stopped all.</summary>
    private const int ScansMax = 16;

    /// <summary>What stands before a program and its arguments, so that it leads a session: setsid(1), of util-linux or busybox;
    /// empty where that is missing.</summary>
    /// <remarks>
    /// Where there is a setpriv(1) that can, the program is also killed when the node dies without a word. The system does that
    /// when the thread ends that has started it (PR_SET_PDEATHSIG(2const)), so it is to be started by one that stays.
    /// </remarks>
    public static IReadOnlyList<string> Starter { get; } = FindStarter();

    private static IReadOnlyList<string> FindStarter()
    {
        if (!OperatingSystem.IsLinux() || Find("setsid") is not { } setsid)
            return [];
        return Find("setpriv") is { } setpriv && CanTieToNode(setpriv) ? [setpriv, "--pdeathsig", "KILL", setsid] : [setsid];
    }

    private static string? Find(string name) =>
        new[] { "/usr/bin/", "/bin/" }.Select(folder => folder + name).FirstOrDefault(File.Exists);

    // The one of busybox cannot.
    private static bool CanTieToNode(string setpriv)
    {
        using var trial = Process.Start(new ProcessStartInfo(setpriv, ["--pdeathsig", "KILL", setpriv, "--version"])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        });
        trial?.WaitForExit();
        return trial?.ExitCode == 0;
    }

    /// <summary>Kills all of a session that is left, and what that has started in other sessions.</summary>
    /// <param name="leader">The process that leads it.</param>
    /// <param name="isOver">Whether it has ended: then only others are left.</param>
    /// <remarks>
    /// First all are stopped: nobody forks away then, and as long as none ends each tells whose child it is. A process id is not
    /// given to another one while it names a group or a session that has a member (kernel/pid.c, __change_pid); one that was, of
    /// a process beyond the session, is not found again by the last scan and goes on.
    /// </remarks>
    public static void Kill(int leader, bool isOver)
    {
        if (!Directory.Exists("/proc/self"))
        {
            kill(-leader, SIGKILL);
            return;
        }
        // Its group at once; that of one that has ended may be a stranger's by now, unless the scan finds a member.
        if (!isOver)
            kill(-leader, SIGSTOP);
        HashSet<int> stopped = [], found = [];
        for (var scan = 0; scan < ScansMax; scan++)
        {
            found = Members(leader, isOver);
            var others = found.Where(stopped.Add).ToArray();
            if (others.Length == 0)
                break;
            Signal(others, SIGSTOP);
        }
        Signal(found, SIGKILL);
        if (!isOver || found.Count > 0)
            kill(-leader, SIGKILL);
        Signal(stopped.Except(found), SIGCONT);
    }

    private static void Signal(IEnumerable<int> processes, int signal)
    {
        foreach (var process in processes)
            kill(process, signal);
    }

    /// <summary>Those of a session that have not ended, and their descendants.</summary>
    private static HashSet<int> Members(int leader, bool isOver)
    {
        var all = Directory.EnumerateDirectories("/proc").Select(Running.Read).OfType<Running>().ToArray();
        if (isOver && all.Any(each => each.Id == leader))
            return []; // a stranger has its id, and has got it because nothing was left of the session
        var found = all.Where(each => each.Id == leader || each.Session == leader).Select(each => each.Id).ToHashSet();
        for (var before = 0; before < found.Count;)
        {
            before = found.Count;
            found.UnionWith(all.Where(each => found.Contains(each.Parent)).Select(each => each.Id).ToArray());
        }
        return found;
    }

    /// <summary>A process that has not ended.</summary>
    private sealed record Running(int Id, int Parent, int Session)
    {
        /// <summary>Reads a folder of /proc; null when that is none of a process, or of one that has ended.</summary>
        public static Running? Read(string folder)
        {
            if (!int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var id))
                return null;
            try
            {
                // pid (name) state parent group session ...; the name may hold anything (proc_pid_stat(5)).
                var line = File.ReadAllText(Path.Combine(folder, "stat"));
                var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ', 5);
                // A zombie may be one in its main thread alone, and the others go on; to one that has ended a signal does nothing.
                return fields[0] == "X" ? null : new Running(id, Number(fields[1]), Number(fields[3]));
            }
            catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
            {
                return null;
            }
        }

        private static int Number(string digits) => int.Parse(digits, CultureInfo.InvariantCulture);
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
