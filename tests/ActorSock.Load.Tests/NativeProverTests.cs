using ActorSock.Client.Native;
using ActorSock.Load.Bodies;
using ActorSock.Load.Measures;
using ActorSock.Load.Proving;

namespace ActorSock.Load.Tests;

/// <summary>What the node can still do while it is asked.</summary>
public sealed class NativeProverTests
{
    private const int FilesCount = 20;

    [Fact]
    public async Task A_file_that_is_listed_and_cannot_be_fetched_is_missing()
    {
        await using var node = await TestNode.Start();

        var proof = await Prove(node, listed: names => File.Delete(Path.Combine(node.Root, names[0])));

        (proof.Missing, proof.Compared, proof.Holds).ShouldBe((1, 9, false));
        proof.Complaints.ShouldBe([$"1 of {FilesCount} acknowledged files are not there"]);
    }

    [Fact]
    public async Task Bytes_that_nobody_could_compare_prove_nothing()
    {
        await using var node = await TestNode.Start();
        using var interrupt = new CancellationTokenSource();

        var proof = await Prove(node, listed: _ => interrupt.Cancel(), cancel: interrupt.Token);

        (proof.Checked, proof.Compared, proof.Holds).ShouldBe((FilesCount, 0, false));
        proof.Complaints.ShouldBe([$"the bytes of 10 of {FilesCount} acknowledged files were not compared: it was interrupted"]);
    }

    [Fact]
    public async Task What_is_wrong_is_counted_once()
    {
        await using var node = await TestNode.Start();

        var proof = await Prove(node, stored: names =>
        {
            File.WriteAllText(Path.Combine(node.Root, names[0]), "something else");
            File.Delete(Path.Combine(node.Root, names[^1]));
        });

        (proof.Missing, proof.Different, proof.Checked, proof.Compared).ShouldBe((1, 1, FilesCount, 8));
    }

    private static async Task<Proof> Prove(
        TestNode node, Action<string[]>? stored = null, Action<string[]>? listed = null, CancellationToken cancel = default)
    {
        await using var client = new NodeClient($"127.0.0.1:{node.Port}", new NodeOptions { Retry = RetryOptions.None });
        using var bodies = new FileBodies(Loads.Scenario("size=100"), "proof-");
        var ledger = new AckLedger();
        for (var number = 0; number < FilesCount; number++)
        {
            var file = bodies.FileOf(number);
            var body = new byte[file.Size];
            bodies.Copy(file, 0, body);
            await client.PutAsync(new MemoryStream(body), bodies.NameOf(number), cancel: cancel);
            ledger.Add(number);
        }
        string[] names = [.. ledger.Numbers().Select(bodies.NameOf)];
        stored?.Invoke(names);
        return await new NativeProver(client, bodies, ledger, sampleCount: 10).ProveAsync(0, looked =>
        {
            if (looked == FilesCount) listed?.Invoke(names);
        }, cancel);
    }
}
