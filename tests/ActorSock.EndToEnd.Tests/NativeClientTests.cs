using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests;

/// <summary>A client of the native protocol that was written from WIRE.md alone.</summary>
public sealed class NativeClientTests
{
    [PythonFact]
    public Task Many_files_are_sent_without_waiting_for_one() => SendMany();

    [PythonFact]
    public Task Many_files_of_unknown_size_are_sent_without_waiting_for_one() => SendMany("--chunked");

    [PythonFact]
    public async Task The_native_client_in_the_document_of_the_wire_goes_on_where_an_upload_was()
    {
        await using var node = await RunningNode.Start();
        var script = Python.ProgramsOf("WIRE.md")[1].Replace("7070", $"{node.Port}", StringComparison.Ordinal);
        var client = node.Source("client.py", Encoding.UTF8.GetBytes(script));
        var body = RandomNumberGenerator.GetBytes(300_000);
        var file = node.Source("a.bin", body);
        var stored = $"a.bin is stored: 300000 bytes, md5 {Convert.ToHexStringLower(MD5.HashData(body))}\n";
        await BeginUpload(node.Port, "6f3a", "a.bin", body.Length, body[..200_000]);

        var first = await Executable.RunProgram(Python.Interpreter!, node.Folder, "", client, file, "6f3a");
        var again = await Executable.RunProgram(Python.Interpreter!, node.Folder, "", client, file, "6f3a");
        var refused = await Executable.RunProgram(Python.Interpreter!, node.Folder, "", client, file, "no/name");

        (first.ExitCode, first.Error).ShouldBe((0, ""));
        first.Output.ShouldEndWith($" of 300000 bytes are there\n{stored}");
        int.Parse(first.Output.Split(' ')[0], CultureInfo.InvariantCulture).ShouldBeInRange(200_000 / 4096 * 4096, 200_000);
        (again.ExitCode, again.Error, again.Output).ShouldBe((0, "", stored));
        (refused.ExitCode, refused.Output).ShouldBe((1, ""));
        refused.Error.ShouldStartWith("422 ");
        node.Stored("a.bin").ShouldBe(body);
    }

    /// <summary>Sends the first bytes of an upload, and waits until the node has kept them and closed.</summary>
    private static async Task BeginUpload(int port, string upload, string name, int size, byte[] bytes)
    {
        using var wire = await WireClient.Connect(port);
        await wire.Send(
            WireClient.Prefixed("""{"action": "hello", "versions": [1]}"""),
            WireClient.Prefixed(JsonSerializer.Serialize(new { id = 1, action = "put", upload, name, size, body = size })),
            bytes);
        wire.EndSending();
        await wire.ReadToEnd();
    }

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
