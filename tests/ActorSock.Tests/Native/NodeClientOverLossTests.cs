using System.Buffers.Binary;
using ActorSock.Client.Native;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Wire.Native;
using static ActorSock.Testing.CuttingProxy;

namespace ActorSock.Tests.Native;

/// <summary>The client and a real node, and between them a line that is cut.</summary>
public sealed class NodeClientOverLossTests
{
    private const int Large = 5_000_001;

    [Theory]
    [InlineData(DigestKind.Md5)]
    [InlineData(DigestKind.Sha256)]
    public async Task A_large_upload_goes_on_where_it_was(DigestKind kind)
    {
        await using var node = await TestNode.Start();
        await using var proxy = new CuttingProxy(() => node.Port, new Cut(2_000_000, All), new Cut(1_000_000, All), new Cut(100, All));
        await using var client = Client(proxy);

        var stored = await client.PutAsync(new MemoryStream(Bodies.Of(Large)), "a", new PutOptions { Digest = kind });

        node.Stored()["a"].AsSpan().SequenceEqual(Bodies.Of(Large)).ShouldBeTrue();
        (stored.Receipt?.Sequence).ShouldBe(1);
        var offsets = node.Events.Of<ServerEvent.UploadResumed>().Select(resumed => resumed.Offset).ToArray();
        offsets[0].ShouldBeGreaterThan(1_900_000); // what had arrived, but for the last page, and what the line still held
        offsets.ShouldBeInOrder();
    }

    [Theory]
    [InlineData(5, ExistsRule.Replace)]
    [InlineData(5, ExistsRule.Refuse)]
    [InlineData(5, ExistsRule.KeepBoth)]
    [InlineData(Large, ExistsRule.Replace)]
    [InlineData(Large, ExistsRule.Refuse)]
    [InlineData(Large, ExistsRule.KeepBoth)]
    public async Task An_upload_whose_answer_is_lost_is_stored_once(int size, ExistsRule exists)
    {
        await using var node = await TestNode.Start();
        await using var first = new NodeClient($"127.0.0.1:{node.Port}");
        if (exists == ExistsRule.KeepBoth) await first.PutAsync(new MemoryStream([9]), "a.txt");
        var before = node.Stored().Count; // the event of it may come later
        // The greeting gets through, and what is asked; behind the beginning of the next answer the line is dead.
        await using var proxy = new CuttingProxy(() => node.Port, new Cut(All, await AnswerBytesAsync(node, size)));
        await using var client = Client(proxy);

        var stored = await client.PutAsync(new MemoryStream(Bodies.Of(size)), "a.txt", new PutOptions { Exists = exists });

        proxy.Connections.ShouldBeGreaterThan(1);
        stored.Name.ShouldBe(exists == ExistsRule.KeepBoth ? "a (2).txt" : "a.txt");
        node.Stored()[stored.Name].AsSpan().SequenceEqual(Bodies.Of(size)).ShouldBeTrue();
        node.Stored().Count.ShouldBe(before + 1);
        node.Events.Of<ServerEvent.Stored>().Count().ShouldBe(before + 1);
    }

    [Fact]
    public async Task What_is_deleted_and_renamed_without_a_word_is_done_once()
    {
        await using var node = await TestNode.Start();
        await using var direct = new NodeClient($"127.0.0.1:{node.Port}");
        foreach (var name in new[] { "a", "b" }) await direct.PutAsync(new MemoryStream(Bodies.Of(5)), name);
        // The file is looked at before.
        var cut = new Cut(All, await AnswerBytesAsync(node, 5) + await LookBytesAsync(node));
        await using var proxy = new CuttingProxy(() => node.Port, cut, new Cut(All, All));
        await using var other = new CuttingProxy(() => node.Port, cut, new Cut(All, All));
        await using var deleting = Client(proxy);
        await using var renaming = Client(other);

        (await deleting.DeleteAsync("a")).ShouldBeNull();
        (await renaming.RenameAsync("b", "c/d", ExistsRule.Refuse)).ShouldBe(new RenamedFile("c/d", null));

        node.Stored().Keys.ShouldBe(["c/d"]);
    }

    [Fact]
    public async Task Parts_arrive_whole_over_lines_that_are_cut()
    {
        await using var node = await TestNode.Start();
        await using var proxy = new CuttingProxy(
            () => node.Port, new Cut(All, All), new Cut(700_000, All), new Cut(1_500_000, All), new Cut(300, All));
        await using var client = Client(proxy);
        using var file = new TempFile(Bodies.Of(Large));

        var stored = await client.PutFileAsync(file.Path, "a", new PutOptions { PartsAtOnce = 3, PartBytes = 1 << 20 });

        node.Stored()["a"].AsSpan().SequenceEqual(Bodies.Of(Large)).ShouldBeTrue();
        stored.SizeBytes.ShouldBe(Large);
    }

    [Fact]
    public async Task A_large_upload_outlives_the_node()
    {
        var folder = Directory.CreateTempSubdirectory("as-").FullName;
        try
        {
            var node = await TestNode.Start(folder, store: null);
            var port = node.Port;
            await using var proxy = new CuttingProxy(() => Volatile.Read(ref port), new Cut(3_000_000, All));
            await using var client = Client(proxy);
            var begun = node.Events.Until<ServerEvent.UploadStarted>();
            var waiting = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            using var watching = client.Transfers.Subscribe(new Told(waiting));

            var storing = client.PutAsync(new MemoryStream(Bodies.Of(Large)), "a");
            await begun;
            await waiting.Task;
            await node.DisposeAsync();
            await using var next = await TestNode.Start(folder, store: null);
            Volatile.Write(ref port, next.Port);
            await storing;

            next.Stored()["a"].AsSpan().SequenceEqual(Bodies.Of(Large)).ShouldBeTrue();
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public async Task A_folder_is_the_same_in_the_end_whatever_is_cut()
    {
        const int Seed = 20_261_121;
        Console.WriteLine($"seed {Seed}");
        var random = new Random(Seed);
        var cuts = Enumerable.Range(0, 40).Select(_ => new Cut(random.Next(200, 400_000), random.Next(300, 20_000))).ToArray();
        await using var node = await TestNode.Start();
        await using var proxy = new CuttingProxy(() => node.Port, cuts);
        await using var client = Client(proxy);
        var here = Directory.CreateTempSubdirectory("as-here-").FullName;
        try
        {
            for (var number = 0; number < 150; number++)
            {
                var path = Path.Combine(here, $"{number % 5}", $"{number}");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, Bodies.Of(number % 10 == 0 ? 300_000 : number * 100, number));
            }
            using var sync = new FolderSync(client, new FolderSyncOptions { CacheFolder = null });

            var report = await sync.RunAsync(here);

            (report.Sent, report.Failed).ShouldBe((150, 0));
            for (var number = 0; number < 150; number++)
                node.Stored()[$"{number % 5}/{number}"].AsSpan().SequenceEqual(Bodies.Of(number % 10 == 0 ? 300_000 : number * 100, number)).ShouldBeTrue();
            (await sync.RunAsync(here)).Unchanged.ShouldBe(150);
        }
        finally
        {
            Directory.Delete(here, recursive: true);
        }
    }

    [Fact]
    public async Task A_download_goes_on_where_it_was()
    {
        await using var node = await TestNode.Start();
        await using var direct = new NodeClient($"127.0.0.1:{node.Port}");
        await direct.PutAsync(new MemoryStream(Bodies.Of(Large)), "a");
        await using var proxy = new CuttingProxy(() => node.Port, new Cut(All, 2_000_000), new Cut(All, 1_000_000));
        await using var client = Client(proxy);
        var back = new MemoryStream();

        await client.GetAsync("a", back);

        back.ToArray().AsSpan().SequenceEqual(Bodies.Of(Large)).ShouldBeTrue();
        proxy.Connections.ShouldBe(3);
    }

    private static NodeClient Client(CuttingProxy proxy) => new(proxy.Address, new NodeOptions
    {
        Retry = new RetryOptions { AttemptsMax = 1000, DelayFirst = TimeSpan.FromMilliseconds(1), DelayMax = TimeSpan.FromMilliseconds(20) },
    });

    /// <summary>What a node says until it has stored an upload, but for the last of it: the greeting, of a large one the answer to
    /// resume, and the beginning of the next.</summary>
    private static async Task<long> AnswerBytesAsync(TestNode node, int size)
    {
        using var wire = await node.Connect();
        await wire.Send(NativePeer.Frame(new { action = "hello", versions = new[] { 1 } }));
        var greetingBytes = sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(await wire.ReadBytes(sizeof(int)));
        return greetingBytes + (size == Large ? 300 : 10);
    }

    private static async Task<long> LookBytesAsync(TestNode node)
    {
        using var wire = await node.Connect();
        await wire.Send(NativePeer.Frame(new { action = "hello", versions = new[] { 1 } }));
        await wire.ReadBytes(BinaryPrimitives.ReadInt32LittleEndian(await wire.ReadBytes(sizeof(int))));
        await wire.Send(NativePeer.Frame(new { id = 1, action = "get", name = "a", length = 0 }));
        return sizeof(int) + BinaryPrimitives.ReadInt32LittleEndian(await wire.ReadBytes(sizeof(int)));
    }

    private sealed class Told(TaskCompletionSource waiting) : IObserver<TransferProgress>
    {
        public void OnNext(TransferProgress value)
        {
            if (value.State == TransferState.Waiting) waiting.TrySetResult();
        }

        public void OnError(Exception error) => waiting.TrySetException(error);

        public void OnCompleted() => waiting.TrySetCanceled();
    }

    private sealed class TempFile : IDisposable
    {
        public TempFile(byte[] content) => File.WriteAllBytes(Path, content);

        public string Path { get; } = System.IO.Path.GetTempFileName();

        public void Dispose() => File.Delete(Path);
    }
}
