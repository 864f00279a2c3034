using System.Security.Cryptography;
using System.Text;
using ActorSock.Testing;

namespace ActorSock.EndToEnd.Tests;

/// <summary>The first users: scripts that do what the course's clients do, with nothing but host and port changed.</summary>
public sealed class TutorialClientTests
{
    [PythonFact]
    public async Task Digest_after_the_body_several_files_on_one_connection()
    {
        await using var node = await RunningNode.Start();
        var picture = RandomNumberGenerator.GetBytes(3_000_000);
        var text = Encoding.UTF8.GetBytes("line\nline\n");
        var commands = $"put {node.Source("111.jpg", picture)}\nput {node.Source("notes.txt", text)}\nput {node.Source("empty", [])}\n";

        var ended = await Python.Run("digest_after.py", commands, "127.0.0.1", $"{node.Port}");

        ended.Error.ShouldBe("");
        ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["203", "203", "203"]);
        node.Stored("111.jpg").ShouldBe(picture);
        node.Stored("notes.txt").ShouldBe(text);
        node.Stored("empty").ShouldBeEmpty();
    }

    [PythonFact]
    public async Task Digest_glued_to_the_body_and_names_in_Chinese()
    {
        await using var node = await RunningNode.Start();
        var body = RandomNumberGenerator.GetBytes(100_000);
        var (first, second) = (node.Source("照片 一.jpg", body), node.Source("数据.bin", [7]));

        var ended = await Python.Run("digest_glued.py", "", "127.0.0.1", $"{node.Port}", first, second);

        ended.Error.ShouldBe("");
        ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["OK203", "OK203"]);
        node.Stored("照片 一.jpg").ShouldBe(body);
        node.Stored("数据.bin").ShouldBe([7]);
        node.Log.ShouldContain("照片 一.jpg");
    }

    [PythonFact]
    public async Task Digest_in_the_header_with_an_absolute_name()
    {
        await using var node = await RunningNode.Start();
        var body = RandomNumberGenerator.GetBytes(500_000);

        var ended = await Python.Run("digest_in_header.py", "", "127.0.0.1", $"{node.Port}", node.Source("a.txt", body), "/a/b/c/d/e/a.txt");

        ended.Error.ShouldBe("");
        await node.UntilStored("a/b/c/d/e/a.txt", body.Length);
        node.Stored("a/b/c/d/e/a.txt").ShouldBe(body);
    }

    [PythonFact]
    public async Task Bare_and_acknowledged_several_files_on_one_connection()
    {
        await using var node = await RunningNode.Start();
        var body = RandomNumberGenerator.GetBytes(700_000);
        var commands = $"put {node.Source("one.bin", body)}\nput {node.Source("two.bin", [1, 2, 3])}\n";

        var ended = await Python.Run("bare_acknowledged.py", commands, "127.0.0.1", $"{node.Port}");

        ended.Error.ShouldBe("");
        ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).ShouldBe(["200", "200"]);
        await node.UntilStored("two.bin", 3);
        node.Stored("one.bin").ShouldBe(body);
    }

    [PythonFact]
    public async Task Bare_without_a_word()
    {
        await using var node = await RunningNode.Start();
        var body = RandomNumberGenerator.GetBytes(300_000);

        var ended = await Python.Run("bare.py", "", "127.0.0.1", $"{node.Port}", node.Source("tmp", body));

        ended.Error.ShouldBe("");
        await node.UntilStored("tmp", body.Length);
        node.Stored("tmp").ShouldBe(body);
    }

    [PythonFact]
    public async Task Twenty_clients_at_once()
    {
        await using var node = await RunningNode.Start();
        var bodies = Enumerable.Range(0, 20).Select(i => RandomNumberGenerator.GetBytes(200_000 + i)).ToArray();

        var ended = await Task.WhenAll(bodies.Select((body, i) =>
            Python.Run("digest_after.py", $"put {node.Source($"f{i}", body)}\n", "127.0.0.1", $"{node.Port}")));

        ended.ShouldAllBe(e => e.Output == "203\n");
        for (var i = 0; i < bodies.Length; i++)
            node.Stored($"f{i}").ShouldBe(bodies[i]);
    }
}
