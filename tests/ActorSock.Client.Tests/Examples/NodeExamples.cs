using System.Reactive.Linq;
using ActorSock.Client.Native;
using ActorSock.Client.Tests.Native;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Examples;

/// <summary>The examples of src/ActorSock.Client/README.md. They run, and a test compares.</summary>
internal static class NodeExamples
{
    public static async Task StoreAsync(string address, string path)
    {
        await using var client = new NodeClient(address);

        var stored = await client.PutFileAsync(path, "photos/2026/001.jpg");

        Console.WriteLine($"{stored.Name}: {stored.SizeBytes} bytes, md5 {stored.Md5}, line {stored.Receipt?.Sequence}");
    }

    public static async Task FetchAsync(NodeClient client, string folder)
    {
        await foreach (var file in client.ListAsync("photos/"))
            await client.GetFileAsync(file.Name, Path.Combine(folder, Path.GetFileName(file.Name)));

        if (await client.StatAsync("photos/2026/001.jpg") is { } there)
            await client.DeleteAsync(there.Name, onlyIf: there.Md5);
    }

    public static async Task KeepBothAsync(NodeClient client, Stream report)
    {
        var stored = await client.PutAsync(report, "report.pdf", new PutOptions
        {
            Exists = ExistsRule.KeepBoth,
            Digest = DigestKind.Sha256,
            Ack = AckLevel.Verified,
            Acknowledged = level => Console.WriteLine($"the node has it, {level}"),
        });

        Console.WriteLine($"on stable storage as {stored.Name}");
    }

    public static async Task WatchAsync(NodeClient client, string path)
    {
        using var watching = client.Transfers
            .Sample(TimeSpan.FromSeconds(1))
            .Subscribe(now => Console.WriteLine($"{now.Name}: {now.DoneBytes} of {now.TotalBytes}, {now.State} {now.Problem}"));

        await client.PutFileAsync(path, "big.iso", new PutOptions { PartsAtOnce = 3, Upload = "big-iso-of-today" });
    }

    public static async Task<StoredFile> ResumeTomorrowAsync(NodeClient client, string path, string notes)
    {
        var pending = new PendingUploads(notes);
        var stored = await pending.PutFileAsync(client, path, "big.iso");
        return stored;
    }

    public static async Task<bool> RefusedAsync(NodeClient client, string path)
    {
        try
        {
            await client.PutFileAsync(path, "a.txt", new PutOptions { Exists = ExistsRule.Refuse });
            return true;
        }
        catch (NodeRefusedException no) when (no.Error == "Exists")
        {
            return false;
        }
    }

    public static async Task SyncAsync(NodeClient client, string folder)
    {
        using var sync = new FolderSync(client, new FolderSyncOptions { Deletes = true });
        using var watching = sync.Steps
            .Where(step => step.Action != SyncAction.Unchanged)
            .Subscribe(step => Console.WriteLine($"{step.Action} {step.Name} {step.Problem}"));

        var report = await sync.RunAsync(folder, to: "backup");

        Console.WriteLine($"{report.Sent} sent, {report.Unchanged} unchanged, {report.Failed} failed");
    }

    public static NodeClient Patient(string address) =>
        new(address, new NodeOptions
        {
            Key = ClientKey.ReadFile("config/key"),
            Retry = new RetryOptions { AttemptsMax = 100, DelayMax = TimeSpan.FromMinutes(5) },
        });
}
