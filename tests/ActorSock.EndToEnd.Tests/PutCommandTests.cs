using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text.Json;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests;

/// <summary><c>actorsock put</c> as people and scripts run it, mostly against a real node.</summary>
public sealed class PutCommandTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("as-put-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData("native", "stored")]
    [InlineData("digest-after", "stored")]
    [InlineData("digest-in-header", "stored")]
    [InlineData("bare-acknowledged", "sent")]
    [InlineData("bare", "sent")]
    public async Task It_tells_each_file_with_its_size_and_digest(string dialect, string word)
    {
        await using var node = await RunningNode.Start();
        var (large, small) = (RandomNumberGenerator.GetBytes(5_000_000), "你好"u8.ToArray());
        Write("large.bin", large);
        Write("报告 1.txt", small);
        Write("empty", []);

        var ended = await Put(
            "large.bin", "报告 1.txt", "empty", "--to", $"127.0.0.1:{node.Port}", "--dialect", dialect);

        ended.Error.ShouldBe("");
        ended.ExitCode.ShouldBe(0);
        ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            $"{word} large.bin 5000000 {Digest(large)}",
            $"{word} 报告 1.txt 6 {Digest(small)}",
            $"{word} empty 0 d41d8cd98f00b204e9800998ecf8427e",
        ]);
        node.Stored("large.bin").ShouldBe(large);
        node.Stored("报告 1.txt").ShouldBe(small);
        node.Stored("empty").ShouldBeEmpty();
    }

    [Fact]
    public async Task In_a_dialect_several_files_go_over_one_connection()
    {
        await using var node = await RunningNode.Start();
        foreach (var name in new[] { "a", "b", "c" }) Write(name, [1]);

        var ended = await Put("a", "b", "c", "--to", $"127.0.0.1:{node.Port}", "--dialect", "digest-after");
        (await node.Terminate()).ShouldBe(0);

        ended.ExitCode.ShouldBe(0);
        node.Log.ShouldContain("c-000001 writer-3");
        node.Log.ShouldNotContain("c-000002");
    }

    [Fact]
    public async Task A_name_may_have_folders()
    {
        await using var node = await RunningNode.Start();
        Write("a.txt", [7]);

        var ended = await Put("a.txt", "--name", "2024/02/a.txt", "--to", $"127.0.0.1:{node.Port}");

        ended.Output.ShouldStartWith("stored 2024/02/a.txt 1 ");
        node.Stored("2024/02/a.txt").ShouldBe([7]);
    }

    [Theory]
    [InlineData("native", "403 the file name is refused: it has a '..'\n")]
    [InlineData("digest-after", "403 the file name is refused\n")]
    [InlineData("bare-acknowledged", "403 the file name is refused\n")]
    [InlineData("bare", "403 the file name is refused: it has a '..'\n")]
    public async Task A_refused_file_is_told_and_ends_with_1(string dialect, string said)
    {
        await using var node = await RunningNode.Start();
        Write("a.txt", [7]);

        var ended = await Put(
            "a.txt", "--name", "../a.txt", "--to", $"127.0.0.1:{node.Port}", "--dialect", dialect);

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldBe("");
        ended.Error.ShouldBe($"'../a.txt' is not stored: {said}");
    }

    [Theory]
    [InlineData("native")]
    [InlineData("digest-after")]
    public async Task What_cannot_be_read_does_not_hold_up_the_rest(string dialect)
    {
        await using var node = await RunningNode.Start();
        Directory.CreateDirectory(Path.Combine(_folder, "folder"));
        Write("good", [1]);

        var ended = await Put("missing", "folder", "good", "--to", $"127.0.0.1:{node.Port}", "--dialect", dialect);

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldStartWith("stored good 1 ");
        ended.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(
        [
            "cannot send 'missing': there is no such file: check the path",
            dialect == "native" ? "'folder' is an empty folder: a node keeps no folders, only files" : "cannot send 'folder': it is a folder: name the files in it, or send it in the native protocol",
        ]);
    }

    [Theory]
    [InlineData("native")]
    [InlineData("digest-after")]
    public async Task It_writes_a_line_of_JSON_for_each_file(string dialect)
    {
        await using var node = await RunningNode.Start();
        Write("good", [1]);

        var ended = await Put("missing", "good", "--json", "--to", $"127.0.0.1:{node.Port}", "--dialect", dialect);

        var lines = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Select(line => JsonDocument.Parse(line).RootElement).ToArray();
        lines.Select(line => line.GetProperty("outcome").GetString()).ShouldBe(["unreadable", "stored"]);
        lines[1].GetProperty("name").GetString().ShouldBe("good");
        lines[1].GetProperty("bytes").GetInt64().ShouldBe(1);
        lines[1].GetProperty("md5").GetString().ShouldBe(Digest([1]));
    }

    [Theory]
    [InlineData("native")]
    [InlineData("digest-after")]
    public async Task A_server_that_is_not_there_ends_with_3(string dialect)
    {
        using var unused = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        unused.Bind(new IPEndPoint(IPAddress.Loopback, 0));  // bound but not listening: it refuses
        Write("a.txt", [1]);

        var ended = await Put("a.txt", "--to", $"{unused.LocalEndPoint}", "--dialect", dialect);

        ended.ExitCode.ShouldBe(3);
        ended.Output.ShouldBe("");
        ended.Error.ShouldBe($"cannot reach {unused.LocalEndPoint}: Connection refused: "
            + "start the server there, or say --to another\n");
    }

    [Theory]
    [InlineData("FILE", "--to", "127.0.0.1:1")]
    [InlineData("--to", "a")]
    [InlineData("it has no port", "a", "--to", "somewhere")]
    [InlineData("--name names one file", "a", "b", "--to", "h:1", "--name", "c")]
    [InlineData("would be stored under one name", "a", "x/a", "--to", "h:1")]
    [InlineData("digest-after", "a", "--to", "h:1", "--dialect", "esperanto")]
    [InlineData("has no name", "-", "--to", "h:1")]
    [InlineData("--name names one file", "-", "a", "--to", "h:1", "--name", "c")]
    [InlineData("would be stored under one name", "x/a/", "a", "--to", "h:1")]
    [InlineData("would be stored under one name", "\u00e9", "x/e\u0301", "--to", "h:1")]
    [InlineData("the size comes first", "-", "--to", "h:1", "--name", "c", "--dialect", "bare")]
    [InlineData("--exists belongs to the native protocol", "a", "--to", "h:1", "--exists", "refuse", "--dialect", "bare")]
    [InlineData("--parts 17: allowed is 1 to 16", "a", "--to", "h:1", "--parts", "17")]
    [InlineData("keep-both", "a", "--to", "h:1", "--exists", "perhaps")]
    public async Task Misuse_ends_with_2_and_says_why(string why, params string[] args)
    {
        var ended = await Put(args);

        ended.ExitCode.ShouldBe(2);
        ended.Output.ShouldBe("");
        ended.Error.ShouldContain(why);
    }

    [Theory]
    [InlineData("native", "interrupted: run it again, and it goes on where it was\n")]
    [InlineData("digest-after", "interrupted at 'a.txt': send it again, it does no harm if it is stored\n")]
    public async Task Interrupted_it_ends_with_130_and_says_what_to_do(string dialect, string told)
    {
        if (OperatingSystem.IsWindows()) return;
        using var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        Write("a.txt", [1]);
        using var process = Executable.Begin(
            Executable.Path, _folder, "put", "a.txt", "--to", $"{listener.LocalEndPoint}", "--dialect", dialect);
        using var server = await listener.AcceptAsync();
        (await server.ReceiveAsync(new byte[4])).ShouldBe(4);

        kill(process.Id, 2).ShouldBe(0);
        await process.WaitForExitAsync().WaitAsync(TimeSpan.FromSeconds(60));

        process.ExitCode.ShouldBe(130);
        (await process.StandardError.ReadToEndAsync()).ShouldBe(told);
    }

    [PythonFact]
    public async Task The_client_in_the_document_of_the_wire_works_as_it_is_printed()
    {
        await using var node = await RunningNode.Start();
        Write("client.py", System.Text.Encoding.UTF8.GetBytes(
            Python.ProgramsOf("WIRE.md")[0].Replace("7070", $"{node.Port}", StringComparison.Ordinal)));
        Write("a.txt", [1, 2, 3]);

        var ended = await Executable.RunProgram(Python.Interpreter!, _folder, "", "client.py", "a.txt");

        ended.Error.ShouldBe("");
        ended.ExitCode.ShouldBe(0);
        node.Stored("a.txt").ShouldBe([1, 2, 3]);
    }

    private static string Digest(byte[] bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private Task<Executable.Ended> Put(params string[] args) => Executable.Run(_folder, ["put", .. args]);

    private void Write(string name, byte[] bytes) => File.WriteAllBytes(Path.Combine(_folder, name), bytes);

    [DllImport("libc", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern int kill(int process, int signal);
}
