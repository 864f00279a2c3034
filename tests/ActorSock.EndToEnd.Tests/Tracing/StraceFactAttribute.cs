using System.ComponentModel;

namespace ActorSock.EndToEnd.Tests.Tracing;

/// <summary>A test that needs strace, and the right to use it, and says so where one is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class StraceFactAttribute : FactAttribute
{
    private static readonly Lazy<string?> s_whyNot = new(WhyNot);

    public StraceFactAttribute() => Skip = s_whyNot.Value;

    private static string? WhyNot()
    {
        try
        {
            var ended = Executable.RunProgram("strace", Path.GetTempPath(), "", "-f", "-o", "/dev/null", "true").GetAwaiter().GetResult();
            return ended.ExitCode == 0 ? null : $"strace may not trace here: {ended.Error.Split('\n')[0]}";
        }
        catch (Win32Exception)
        {
            return "strace is not installed";
        }
    }
}
