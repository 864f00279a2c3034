namespace ActorSock.EndToEnd.Tests;

/// <summary>Runs the scripts beside these tests; they do what the course's clients do.</summary>
internal static class Python
{
    public static string? Interpreter { get; } = (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(folder => Path.Combine(folder, "python3")).FirstOrDefault(File.Exists);

    public static Task<Executable.Ended> Run(string script, string input, params string[] args) =>
        Executable.RunProgram(Interpreter!, AppContext.BaseDirectory, input, [Path.Combine(AppContext.BaseDirectory, "Clients", script), .. args]);
}

/// <summary>A test that needs Python, and says so where there is none.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class PythonFactAttribute : FactAttribute
{
    public PythonFactAttribute()
    {
        if (Python.Interpreter is null)
            Skip = "python3 is not installed";
    }
}
