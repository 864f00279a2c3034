using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;

namespace ActorSock.Tests.Files;

/// <summary>Runs a step without root's power over files; as it is where there is none.</summary>
internal static partial class AsNobody
{
    private const uint Nobody = 65534;

    /// <remarks>
    /// On Linux a thread has its own identity for files (setfsuid(2)): other tests keep theirs.
    /// </remarks>
    public static void Run(Action step)
    {
        if (!Environment.IsPrivilegedProcess)
        {
            step();
            return;
        }
        Exception? failure = null;
        var thread = new Thread(() =>
        {
            _ = setfsgid(Nobody);
            _ = setfsuid(Nobody);
            try
            {
                step();
            }
            catch (Exception e)
            {
                failure = e;
            }
        });
        thread.Start();
        thread.Join();
        if (failure is not null)
            ExceptionDispatchInfo.Throw(failure);
    }

    [LibraryImport("libc")]
    private static partial int setfsuid(uint id);

    [LibraryImport("libc")]
    private static partial int setfsgid(uint id);
}
