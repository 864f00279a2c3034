using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests;

/// <summary>Runs the scripts beside these tests; they do what the course's clients do.</summary>
internal static class Python
{
    public static string? Interpreter => PythonFactAttribute.Interpreter;

    public static Task<Executable.Ended> Run(string script, string input, params string[] args) =>
        Executable.RunProgram(Interpreter!, AppContext.BaseDirectory, input, [Path.Combine(AppContext.BaseDirectory, "Clients", script), .. args]);
}
