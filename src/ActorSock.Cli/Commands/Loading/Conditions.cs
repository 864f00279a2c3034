using System.Reflection;
using System.Runtime.InteropServices;

namespace ActorSock.Cli.Commands.Loading;

/// <summary>Says under which conditions something was measured: figures mean nothing without them.</summary>
internal sealed record Conditions(
    string Address, string CommandLine, string Version, string Runtime, string System, string Processor, int Cores, long MemoryBytes)
{
    private const string ProcessorList = "/proc/cpuinfo"; // proc(5)

    public static Conditions Now(string address) => new(
        address,
        string.Join(' ', Environment.GetCommandLineArgs().Skip(1).Prepend("actorsock").Select(Quoted)),
        typeof(Conditions).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown",
        RuntimeInformation.FrameworkDescription,
        $"{RuntimeInformation.OSDescription} {RuntimeInformation.OSArchitecture}",
        ProcessorName(),
        Environment.ProcessorCount,
        GC.GetGCMemoryInfo().TotalAvailableMemoryBytes);

    private static string ProcessorName()
    {
        const string row = "model name";
        if (!File.Exists(ProcessorList)) return RuntimeInformation.ProcessArchitecture.ToString();
        var line = File.ReadLines(ProcessorList).FirstOrDefault(each => each.StartsWith(row, StringComparison.Ordinal));
        return line is null ? RuntimeInformation.ProcessArchitecture.ToString() : line[(line.IndexOf(':') + 1)..].Trim();
    }

    private static string Quoted(string word) =>
        word.All(c => char.IsAsciiLetterOrDigit(c) || "-_./:,=[]".Contains(c)) ? word : $"'{word.Replace("'", "'\\''")}'";
}
