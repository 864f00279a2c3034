using System.Text.RegularExpressions;
using ActorSock.Client.Native;
using ActorSock.Client.Tests.Native;

namespace ActorSock.Client.Tests.Examples;

/// <summary>The examples do what the document says of them, and are those of the document.</summary>
public sealed class NodeExamplesTests : IDisposable
{
    private readonly TempFolder _here = new();

    public void Dispose() => _here.Dispose();

    [Fact]
    public async Task Files_are_stored_fetched_and_deleted()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);

        await NodeExamples.StoreAsync(node.Address, _here.Write("001.jpg", [1, 2, 3]));
        File.Delete(_here.At("001.jpg"));
        await NodeExamples.FetchAsync(client, _here.Path);

        File.ReadAllBytes(_here.At("001.jpg")).ShouldBe([1, 2, 3]);
        node.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task Files_are_kept_beside_others_watched_and_refused()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["report.pdf"] = node.Files["a.txt"] = PaperFile.Of([9]);

        await NodeExamples.KeepBothAsync(client, new MemoryStream([1]));
        await NodeExamples.WatchAsync(client, _here.Write("big.iso", new byte[100_000]));
        (await NodeExamples.ResumeTomorrowAsync(client, _here.Write("big.iso", new byte[2_000_000]), _here.At("notes"))).SizeBytes.ShouldBe(2_000_000);
        (await NodeExamples.RefusedAsync(client, _here.Write("a.txt", [1]))).ShouldBeFalse();
        (await NodeExamples.RefusedAsync(client, _here.Write("missing", [1]))).ShouldBeFalse();

        node.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(["a.txt", "big.iso", "report (2).pdf", "report.pdf"]);
    }

    [Fact]
    public async Task A_folder_is_made_the_same()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        _here.Write("a/b.txt", [1]);
        node.Files["backup/old"] = PaperFile.Of([9]);

        await NodeExamples.SyncAsync(client, _here.Path);

        node.Files.Keys.ShouldBe(["backup/a/b.txt"]);
    }

    [Fact]
    public void The_examples_of_the_document_are_these()
    {
        var document = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Client.README.md"));
        var examples = Flat(File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "NodeExamples.cs")));

        var quoted = Regex.Matches(document, "```csharp\n(.*?)```", RegexOptions.Singleline).Select(match => match.Groups[1].Value).ToArray();

        quoted.Length.ShouldBe(8);
        foreach (var example in quoted) examples.ShouldContain(Flat(example));
    }

    // How far it is indented says nothing.
    private static string Flat(string code) => string.Join('\n', code.Split('\n').Select(line => line.Trim())).Trim();
}
