using System.Diagnostics;
using System.Text;

namespace ActorSock.EndToEnd.Tests;

/// <summary>The real executable, as an operator starts it.</summary>
internal static class Executable
{
    /// <summary>The top folder: the one with the solution.</summary>
    public static string Repository { get; } = Root();

    /// <summary>Of the same build as these tests.</summary>
    public static string Path { get; } = System.IO.Path.Combine(Root(), "src", "ActorSock.Cli", "bin", Configuration(), "net10.0",
        OperatingSystem.IsWindows() ? "actorsock.exe" : "actorsock");

    /// <summary>Runs a command to its end.</summary>
    public static Task<Ended> Run(string folder, params string[] args) => RunProgram(Path, folder, "", args);

    public static async Task<Ended> RunProgram(string file, string folder, string input, params string[] args)
    {
        using var process = Begin(file, folder, args);
        var output = process.StandardOutput.ReadToEndAsync();
        var error = process.StandardError.ReadToEndAsync();
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        try
        {
            await process.WaitForExitAsync(patience.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException($"{file} {string.Join(' ', args)} did not end within a minute");
        }
        return new Ended(process.ExitCode, await output, await error);
    }

    public static Process Begin(string file, string folder, params string[] args) => BeginWith([], file, folder, args);

    /// <summary>The same with these variables in its environment.</summary>
    public static Process BeginWith(IEnumerable<(string Name, string Value)> environment, string file, string folder, params string[] args)
    {
        var start = new ProcessStartInfo(file, args)
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            StandardOutputEncoding = Encoding.UTF8,
            StandardErrorEncoding = Encoding.UTF8,
        };
        // What a command remembers goes with the folder of the test.
        start.Environment["XDG_CACHE_HOME"] = System.IO.Path.Combine(folder, ".cache");
        if (args.Contains("serve"))
        {
            // Nodes of several tests run at once, and would want the same ports: each test switches on what it talks to.
            foreach (var service in (string[])["TITLE__ENDPOINT", "TITLE__UDP_ENDPOINT", "GREETER__ENDPOINT", "GREETER__UDP_ENDPOINT", "CHAT__UDP_ENDPOINT"])
                start.Environment["ACTORSOCK__" + service] = "off";
        }
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return Process.Start(start)!;
    }

    internal sealed record Ended(int ExitCode, string Output, string Error);

    private static string Root()
    {
        var folder = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(System.IO.Path.Combine(folder.FullName, "ActorSock.sln")))
            folder = folder.Parent ?? throw new DirectoryNotFoundException("no ActorSock.sln above the tests");
        return folder.FullName;
    }

    /// <summary>.../bin/Release/net10.0/: what the tests were built as, the executable was too.</summary>
    private static string Configuration() => new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;
}
