using System.Globalization;
using System.Text.Json;
using ActorSock.Benchmarks.Uploads;
using ActorSock.Load.Bodies;
using ActorSock.Load.Scenarios;
using Scenario = ActorSock.Benchmarks.Uploads.Scenario;

namespace ActorSock.Benchmarks.Native;

/// <summary><c>actorsock load</c> with a scenario, what it says of its rate, and whether the node has what it sent.</summary>
internal sealed class LoadCommand(ClientProcess client, string program, string address, Scenario work) : IDisposable
{
    private const int PieceBytes = 1 << 20;

    // What it sends follows from sizes and seed; only what names begin with is another in each run.
    private readonly FileBodies _bodies = new(
        ScenarioFile.Read(null, null, [new("size", Text(work.FileBytes)), new("seed", "1")]), prefix: "");

    /// <summary>Sends so many files; the time is the one that it measured.</summary>
    /// <param name="root">where the node stores: every byte is compared</param>
    /// <param name="files">how many</param>
    /// <exception cref="InvalidDataException">a file is missing, too many, or not what was to be sent</exception>
    public Sent Run(string root, int files)
    {
        var connections = Math.Min(files, work.Clients);
        var sent = client.Run(program, "load", "--to", address, "--dialect", "digest-after", "--connections", Text(connections),
            "--files", Text(files), "--size", Text(work.FileBytes), "--seed", "1", "--no-proof", "--keep", "--json", "-");
        using var report = JsonDocument.Parse(File.ReadAllBytes(client.Output));
        var phase = report.RootElement.GetProperty("phases")[0];
        if (phase.GetProperty("files").GetInt32() is var count && count != files)
            throw new InvalidDataException($"load says that {count} files are stored, expected {files}: {phase.GetProperty("errors")}");
        Check(root, report.RootElement.GetProperty("prefix").GetString()!, files);
        return sent with { Wall = TimeSpan.FromSeconds(files / phase.GetProperty("files_per_second").GetDouble()) };
    }

    public void Dispose() => _bodies.Dispose();

    private void Check(string root, string prefix, int files)
    {
        // What begins with a dot is the server's own.
        if (Directory.EnumerateFiles(root).Count(f => Path.GetFileName(f)[0] != '.') is var count && count != files)
            throw new InvalidDataException($"{count} files in {root}, expected {files}");
        Parallel.For(0, files, number =>
        {
            var path = Path.Combine(root, prefix + _bodies.NameOf(number));
            if (!IsThere(path, _bodies.FileOf(number)))
                throw new InvalidDataException($"{path} is not what was sent");
        });
    }

    private bool IsThere(string path, TestFile wanted)
    {
        using var file = File.OpenHandle(path);
        var piece = new byte[(int)Math.Min(PieceBytes, wanted.Size)];
        var at = 0L;
        for (int got; (got = RandomAccess.Read(file, piece, at)) > 0; at += got)
        {
            if (!_bodies.IsThere(wanted, at, piece.AsSpan(0, got)))
                return false;
        }
        return at == wanted.Size;
    }

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
