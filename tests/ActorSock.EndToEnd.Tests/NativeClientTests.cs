using System.Security.Cryptography;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests;

/// <summary>A client of the native protocol that was written from WIRE.md alone.</summary>
public sealed class NativeClientTests
{
    [PythonFact]
    public Task Many_files_are_sent_without_waiting_for_one() => SendMany();

    [PythonFact]
    public Task Many_files_of_unknown_size_are_sent_without_waiting_for_one() => SendMany("--chunked");

    private static async Task SendMany(params string[] options)
    {
        await using var node = await RunningNode.Start();
        var bodies = new[] { 0, 1, 5_000, 70_000, 3_000_001 }.Select(RandomNumberGenerator.GetBytes).ToArray();
        var files = bodies.SelectMany((body, i) => new[] { node.Source($"source{i}", body), $"文件/{i}" });

        var ended = await Python.Run("native.py", "",
            ["127.0.0.1", $"{node.Port}", .. options, .. files, node.Source("no", [1]), "../no"]);

        ended.Error.ShouldBe("");
        var lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        lines.SkipLast(1).Order(StringComparer.Ordinal).ShouldBe(
        [
            "../no 403 the file name is refused: it has a '..'",
            .. bodies.Select((body, i) => $"文件/{i} 201 {Convert.ToHexStringLower(MD5.HashData(body))}"),
        ]);
        lines[^1].ShouldBe("bye 200 ");
        for (var i = 0; i < bodies.Length; i++)
            node.Stored($"文件/{i}").ShouldBe(bodies[i]);
    }
}
