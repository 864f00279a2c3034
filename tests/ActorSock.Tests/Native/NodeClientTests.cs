using System.Text;
using ActorSock.Client.Native;
using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Native;

/// <summary>The client of the native protocol and a real node.</summary>
public sealed class NodeClientTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(65_537)]
    [InlineData(5_000_001)]
    public async Task A_file_is_stored_and_comes_back_the_same(int size)
    {
        await using var node = await TestNode.Start();
        await using var client = Client(node);
        var body = Bodies.Of(size);

        var stored = await client.PutAsync(new MemoryStream(body), "/a//b.bin");
        var piped = await client.PutAsync(new OneWay(body), "c.bin", new PutOptions { Digest = DigestKind.Sha256 });
        var back = new MemoryStream();
        var got = await client.GetAsync("a/b.bin", back);

        (stored.Name, stored.SizeBytes, stored.Receipt?.Sequence).ShouldBe(("a/b.bin", size, 1));
        (piped.Name, piped.Md5, piped.Receipt?.Sequence).ShouldBe(("c.bin", stored.Md5, 2));
        back.ToArray().AsSpan().SequenceEqual(body).ShouldBeTrue();
        (got.Md5, got.SizeBytes).ShouldBe((stored.Md5, size));
        (await client.StatAsync("c.bin"))!.Md5.ShouldBe(stored.Md5);
        (await client.StatAsync("d.bin")).ShouldBeNull();
    }

    [Theory]
    [InlineData(AckLevel.Received)]
    [InlineData(AckLevel.Verified)]
    public async Task Early_words_come_before_the_last(AckLevel level)
    {
        await using var node = await TestNode.Start();
        await using var client = Client(node);
        var words = new List<AckLevel>();

        foreach (var size in new[] { 5, 3_000_000 })
            await client.PutAsync(new MemoryStream(Bodies.Of(size)), $"{size}", new PutOptions { Ack = level, Acknowledged = words.Add });

        // The node may leave it out when the file is durable already.
        words.ShouldAllBe(word => word == level);
        words.Count.ShouldBeLessThanOrEqualTo(2);
        node.Stored().Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_thousand_small_files_over_one_connection_are_all_listed()
    {
        await using var node = await TestNode.Start();
        await using var client = Client(node);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(number =>
            client.PutAsync(new MemoryStream(BitConverter.GetBytes(number)), $"many/{number:0000}")));
        var entries = new List<ListEntry>();
        await foreach (var entry in client.ListAsync("many/", new ListOptions { PageEntries = 300 })) entries.Add(entry);

        entries.Select(entry => entry.Name).ShouldBe(Enumerable.Range(0, 1000).Select(number => $"many/{number:0000}"));
        entries.ShouldAllBe(entry => entry.SizeBytes == 4 && entry.Md5 != null);
        node.Events.Of<ServerEvent.ConnectionOpened>().ShouldHaveSingleItem();
    }

    [Fact]
    public async Task Files_are_kept_beside_others_renamed_and_deleted()
    {
        await using var node = await TestNode.Start();
        await using var client = Client(node);
        Task<StoredFile> PutAsync(string name, ExistsRule exists) =>
            client.PutAsync(new MemoryStream([1]), name, new PutOptions { Exists = exists });
        await PutAsync("a.tar.gz", ExistsRule.Refuse);
        await PutAsync(".bashrc", ExistsRule.Refuse);

        (await Should.ThrowAsync<NodeRefusedException>(PutAsync("a.tar.gz", ExistsRule.Refuse))).Error.ShouldBe("Exists");
        var kept = await Task.WhenAll(PutAsync("a.tar.gz", ExistsRule.KeepBoth), PutAsync(".bashrc", ExistsRule.KeepBoth));
        var renamed = await client.RenameAsync(".bashrc", "x/y");
        (await Should.ThrowAsync<NodeRefusedException>(client.RenameAsync("x/y", "a.tar.gz", ExistsRule.Refuse))).Error.ShouldBe("Exists");
        (await Should.ThrowAsync<NodeRefusedException>(client.DeleteAsync("x/y", default(Wire.Md5Digest)))).Error.ShouldBe("Changed");
        (await client.DeleteAsync("x/y", kept[1].Md5)).ShouldNotBeNull();

        foreach (var (file, name) in kept.Zip(["a.tar.gz", ".bashrc"])) new Siblings(name).Has(file.Name).ShouldBeTrue($"{file.Name}");
        renamed.Name.ShouldBe("x/y");
        node.Stored().Keys.Order(StringComparer.Ordinal).ShouldBe(new[] { "a.tar.gz" }.Concat(kept.Select(file => file.Name)).Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task A_folder_is_made_the_same_and_the_second_time_nothing_is_sent()
    {
        await using var node = await TestNode.Start();
        await using var client = Client(node);
        var here = Directory.CreateTempSubdirectory("as-here-").FullName;
        try
        {
            for (var number = 0; number < 120; number++)
            {
                var path = Path.Combine(here, "folder", $"{number % 7}", $"{number}.txt");
                Directory.CreateDirectory(Path.GetDirectoryName(path)!);
                File.WriteAllBytes(path, Bodies.Of(number * 997));
            }
            File.WriteAllText(Path.Combine(here, "folder", "e\u0301 报告.txt"), "three");
            using var sync = new FolderSync(client, new FolderSyncOptions { CacheFolder = Path.Combine(here, "cache") });

            var first = await sync.RunAsync(Path.Combine(here, "folder"), "to");
            var second = await sync.RunAsync(Path.Combine(here, "folder"), "to");

            (first.Sent, first.Failed).ShouldBe((121, 0));
            (second.Sent, second.Unchanged, second.Failed).ShouldBe((0, 121, 0));
            node.Stored()["to/\u00e9 报告.txt"].ShouldBe(Encoding.UTF8.GetBytes("three"));
            node.Stored().Count.ShouldBe(121);
        }
        finally
        {
            Directory.Delete(here, recursive: true);
        }
    }

    [Fact]
    public async Task What_the_node_refuses_is_told_by_its_name_and_the_connection_goes_on()
    {
        await using var node = await TestNode.Start("actorsock.wire.file-bytes-max=2MiB");
        await using var client = Client(node);

        (await Should.ThrowAsync<NodeRefusedException>(client.PutAsync(new MemoryStream([1]), "../a"))).Error.ShouldBe("NameRefused");
        (await Should.ThrowAsync<NodeRefusedException>(client.PutAsync(new MemoryStream(new byte[3 << 20]), "a"))).Error.ShouldBe("SizeTooLarge");
        (await Should.ThrowAsync<NodeRefusedException>(client.GetAsync("none", Stream.Null))).Error.ShouldBe("NameUnknown");
        await client.PutAsync(new MemoryStream([1]), "a");
        await client.PutAsync(new MemoryStream(Bodies.Of(1 << 20)), "b");

        node.Stored().Keys.Order().ShouldBe(["a", "b"]);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task An_upload_that_was_stored_and_whose_file_is_gone_is_stored_again_under_its_name(int partsAtOnce)
    {
        await using var node = await TestNode.Start();
        await using var client = Client(node);
        var body = Bodies.Of(3_000_000);
        var path = Path.GetTempFileName();
        try
        {
            File.WriteAllBytes(path, body);
            Task<StoredFile> PutAsync() =>
                client.PutFileAsync(path, "a", new PutOptions { Upload = "mine", PartsAtOnce = partsAtOnce, PartBytes = 1 << 20 });
            var first = await PutAsync();
            (await PutAsync()).Receipt.ShouldBe(first.Receipt);
            await client.DeleteAsync("a");

            (await PutAsync()).Receipt!.Sequence.ShouldBe(3);
            await client.PutAsync(new MemoryStream(new byte[body.Length]), "a");
            (await PutAsync()).Receipt!.Sequence.ShouldBe(5);

            node.Stored()["a"].AsSpan().SequenceEqual(body).ShouldBeTrue();
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public async Task A_node_that_begins_anew_in_the_middle_gets_all_files_once()
    {
        var folder = Directory.CreateTempSubdirectory("as-").FullName;
        try
        {
            var node = await TestNode.Start(folder, store: null);
            var address = $"127.0.0.1:{node.Port}";
            await using var client = new NodeClient(address, new NodeOptions
            {
                Retry = new RetryOptions { AttemptsMax = 1000, DelayFirst = TimeSpan.FromMilliseconds(5), DelayMax = TimeSpan.FromMilliseconds(50) },
            });
            var storing = Enumerable.Range(0, 300).Select(number =>
                client.PutAsync(new MemoryStream(Bodies.Of(number * 1009)), $"{number}")).ToArray();
            await Task.WhenAny(storing);
            await node.DisposeAsync();
            await using var next = await TestNode.Start(folder, store: null, $"actorsock.transfer.endpoint={address}");

            var stored = await Task.WhenAll(storing);

            for (var number = 0; number < 300; number++)
                next.Stored()[$"{number}"].AsSpan().SequenceEqual(Bodies.Of(number * 1009)).ShouldBeTrue();
            stored.Select(file => file.Name).ShouldBe(Enumerable.Range(0, 300).Select(number => $"{number}"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static NodeClient Client(TestNode node) => new($"127.0.0.1:{node.Port}");

    /// <summary>A stream that can only be read.</summary>
    private sealed class OneWay(byte[] content) : MemoryStream(content)
    {
        public override bool CanSeek => false;
    }
}
