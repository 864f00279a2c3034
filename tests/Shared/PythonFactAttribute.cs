using Xunit;

namespace ActorSock.Testing;

/// <summary>A test that needs Python, and says so where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (Interpreter is null)
            Skip = "python3 is not installed";
    }

    /// <summary>The first <c>python3</c> on the path; null when there is none.</summary>
    public static string? Interpreter { get; } =
        (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "python3")).FirstOrDefault(File.Exists);
}
