using System.Diagnostics;
using System.Globalization;
using System.Runtime.InteropServices;

namespace ActorSock.Commands;

/// <summary>The session of a program: itself, what it has started, and what that has started, unless one of them has begun a
/// session of its own.</summary>
internal static partial class Session
{
    private const int SIGKILL = 9;

    /// <summary>Scans of all processes for one session; each finds only what was started behind the one before.</summary>
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

    /// <summary>Kills all of a session that is left.</summary>
    /// <param name="leader">The process that leads it.</param>
    /// <param name="isOver">Whether it has ended: then only others are left.</param>
    /// <remarks>A process id is not given to another one while it names a group or a session that has a member (kernel/pid.c,
    /// __change_pid). So what is found under it here belongs to the program.</remarks>
    public static void Kill(int leader, bool isOver)
    {
        kill(-leader, SIGKILL); // its group at once: none of it can fork away
        if (!isOver)
            kill(leader, SIGKILL); // it may not lead a group yet
        HashSet<int> killed = [];
        for (var scan = 0; scan < ScansMax; scan++)
        {
            var found = Members(leader).Where(killed.Add).ToArray();
            if (found.Length == 0)
                return;
            foreach (var process in found)
                kill(process, SIGKILL);
        }
    }

    /// <summary>The processes of a session that have not ended.</summary>
    public static IEnumerable<int> Members(int leader)
    {
        if (!Directory.Exists("/proc/self"))
            yield break;
        foreach (var folder in Directory.EnumerateDirectories("/proc"))
        {
            if (int.TryParse(Path.GetFileName(folder.AsSpan()), NumberStyles.None, CultureInfo.InvariantCulture, out var process)
                && process != leader && SessionOf(folder) == leader)
                yield return process;
        }
    }

    /// <summary>The session of a process; 0 when it has ended.</summary>
    private static int SessionOf(string folder)
    {
        try
        {
            // pid (name) state parent group session ...; the name may hold anything (proc_pid_stat(5)).
            var line = File.ReadAllText(Path.Combine(folder, "stat"));
            var fields = line[(line.LastIndexOf(')') + 2)..].Split(' ', 5);
            return fields[0] is "Z" or "X" ? 0 : int.Parse(fields[3], CultureInfo.InvariantCulture);
        }
        catch (Exception gone) when (gone is IOException or UnauthorizedAccessException)
        {
            return 0;
        }
    }

    [LibraryImport("libc", SetLastError = true)]
    private static partial int kill(int process, int signal);
}
