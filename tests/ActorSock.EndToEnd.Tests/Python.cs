using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests;

/// <summary>Runs the scripts beside these tests; they do what the course's clients do.</summary>
internal static class Python
{
    public static string? Interpreter => PythonFactAttribute.Interpreter;

    /// <summary>The programs that a document of the wire prints, in their order.</summary>
    public static string[] ProgramsOf(string document) =>
    [
        .. File.ReadAllText(Path.Combine(Executable.Repository, "src", "ActorSock.Wire", document)).Split("```")
            .Where(block => block.StartsWith("python\n", StringComparison.Ordinal)).Select(block => block["python\n".Length..]),
    ];

    public static Task<Executable.Ended> Run(string script, string input, params string[] args) =>
        Executable.RunProgram(Interpreter!, AppContext.BaseDirectory, input, [Path.Combine(AppContext.BaseDirectory, "Clients", script), .. args]);
}
