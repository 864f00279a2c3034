using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace ActorSock.EndToEnd.Tests.Storing;

/// <summary>A folder in which commands are run, and words to say what comes of them.</summary>
public abstract class Commands : IDisposable
{
    private protected static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private protected string Folder { get; } = Directory.CreateTempSubdirectory("as-cmd-").FullName;

    public void Dispose()
    {
        Directory.Delete(Folder, recursive: true);
        GC.SuppressFinalize(this);
    }

    private protected Task<Executable.Ended> Run(RunningNode node, params string[] args) => Run(node.Port, args);

    private protected Task<Executable.Ended> Run(int port, params string[] args) =>
        Executable.Run(Folder, [.. args, "--to", $"127.0.0.1:{port}"]);

    private protected string PathOf(string name) => Path.Combine(Folder, name);

    private protected byte[] Write(string name, int size) => Write(name, RandomNumberGenerator.GetBytes(size));

    private protected byte[] Write(string name, byte[] content)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(PathOf(name))!);
        File.WriteAllBytes(PathOf(name), content);
        return content;
    }

    private protected byte[] Read(string name) => File.ReadAllBytes(PathOf(name));

    private protected static string Md5(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private protected static string Md5(string text) => Md5(Encoding.UTF8.GetBytes(text));

    private protected static string[] Lines(string output) => output.Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private protected static JsonElement[] Json(string output) =>
        [.. Lines(output).Select(line => JsonDocument.Parse(line).RootElement)];

    /// <summary>Compares as bytes: the comparison of lists takes seconds for megabytes.</summary>
    private protected static void ShouldBeSame(byte[] actual, byte[] expected) =>
        (actual.Length, actual.AsSpan().CommonPrefixLength(expected)).ShouldBe((expected.Length, expected.Length));

    /// <summary>As Ctrl-C does.</summary>
    private protected static void Interrupt(int processId) => kill(processId, 2).ShouldBe(0);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
