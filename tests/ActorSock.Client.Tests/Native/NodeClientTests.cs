using System.Reactive.Linq;
using System.Text;
using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>What a client asks, and what it makes of the answers, when nothing goes wrong.</summary>
public sealed class NodeClientTests
{
    private const int Large = 3_000_000;

    [Theory]
    [InlineData(0)]
    [InlineData(5)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(Large)]
    public async Task A_file_is_stored_as_it_is_and_comes_back_the_same(int size)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var content = Clients.Bytes(size);

        var stored = await client.PutAsync(new MemoryStream(content), "a/b.bin");
        var back = new MemoryStream();
        var got = await client.GetAsync("a/b.bin", back);

        node.Files["a/b.bin"].Content.ShouldBeBytes(content);
        stored.Name.ShouldBe("a/b.bin");
        stored.SizeBytes.ShouldBe(size);
        stored.Md5.ShouldBe(node.Files["a/b.bin"].Md5);
        stored.Receipt.ShouldBe(new Receipt(1, "ab"));
        back.ToArray().ShouldBeBytes(content);
        got.Md5.ShouldBe(stored.Md5);
    }

    [Theory]
    [InlineData(5, DigestKind.Sha256, DigestTold.After)]
    [InlineData(5, DigestKind.Md5, DigestTold.Never)]
    [InlineData(Large, DigestKind.Sha256, DigestTold.After)]
    [InlineData(Large, DigestKind.Sha256, DigestTold.Before)]
    [InlineData(Large, DigestKind.Md5, DigestTold.Before)]
    [InlineData(Large, DigestKind.Md5, DigestTold.Never)]
    public async Task Digests_are_told_as_is_wished(int size, DigestKind kind, DigestTold told)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var content = Clients.Bytes(size);

        await client.PutAsync(new MemoryStream(content), "a", new PutOptions { Digest = kind, DigestTold = told });

        node.Files["a"].Content.ShouldBeBytes(content);
    }

    public static TheoryData<string, int, DigestKind> Known()
    {
        var all = new TheoryData<string, int, DigestKind>();
        foreach (var kind in Enum.GetValues<DigestKind>())
            foreach (var (from, size) in new[] { ("memory", 5), ("memory", Large), ("pipe", 5), ("pipe", Large), ("file", 0), ("file", Large), ("parts", Large) })
                all.Add(from, size, kind);
        return all;
    }

    [Theory]
    [MemberData(nameof(Known))]
    public async Task Against_a_digest_that_is_known_the_node_compares(string from, int size, DigestKind kind)
    {
        using var here = new TempFolder();
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var content = Clients.Bytes(size);
        var path = here.Write("a", content);
        if (from is "memory" or "file" && size == Large) node.Fail<NativeRequest.Put>(new Fault.CutInBody(1_000_000)); // it is gone on with

        var stored = await PutAsync(content);

        node.Files["a"].Content.ShouldBeBytes(content);
        stored.Md5.ShouldBe(node.Files["a"].Md5);
        var other = await Should.ThrowAsync<NodeRefusedException>(PutAsync([1]));
        other.Error.ShouldBe("DigestDiffers");

        async Task<StoredFile> PutAsync(byte[] known)
        {
            var order = new PutOptions { Digest = kind, Known = BodyDigest.Of(kind, known) };
            if (from == "parts") order = order with { PartsAtOnce = 2, PartBytes = 4096 * 100 };
            if (from is "file" or "parts") return await client.PutFileAsync(path, "a", order);
            return await client.PutAsync(from == "pipe" ? new PipeStream(content) : new MemoryStream(content), "a", order);
        }
    }

    [Fact]
    public async Task A_digest_of_another_kind_than_is_asked_for_is_a_mistake()
    {
        await using var client = new NodeClient("127.0.0.1:1");
        var order = new PutOptions { Known = BodyDigest.Of(DigestKind.Sha256, [1]) };

        (await Should.ThrowAsync<ArgumentException>(() => client.PutAsync(new MemoryStream([1]), "a", order))).ParamName.ShouldBe("Known");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(65_536)]
    [InlineData(65_537)]
    [InlineData(Large)]
    public async Task What_comes_from_a_pipe_is_sent_without_knowing_its_end(int size)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var content = Clients.Bytes(size);

        await client.PutAsync(new PipeStream(content), "a.log");

        node.Files["a.log"].Content.ShouldBeBytes(content);
        node.Heard.ShouldBe([size > 65_536 ? "put a.log 0+chunked" : $"put a.log 0+{size}"]);
        // What was sent in chunks leaves a connection that can be gone on with.
        await client.PutAsync(new PipeStream(content), "b.log");
        node.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Of_a_stream_only_what_is_wanted_is_sent()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var body = new MemoryStream(Encoding.UTF8.GetBytes("hello world")) { Position = 6 };

        await client.PutAsync(body, "a", size: 3);

        node.Files["a"].Content.ShouldBeBytes("wor"u8.ToArray());
        await Should.ThrowAsync<EndOfStreamException>(client.PutAsync(new MemoryStream(new byte[2]), "a", size: 3));
        await Should.ThrowAsync<EndOfStreamException>(client.PutAsync(new MemoryStream(new byte[Large]), "a", size: Large + 1));
    }

    [Fact]
    public async Task A_thousand_small_files_go_over_one_connection_at_once()
    {
        await using var node = new PaperNode { RequestsMax = 8 };
        await using var client = Clients.Of(node);

        await Task.WhenAll(Enumerable.Range(0, 1000).Select(number =>
            client.PutAsync(new MemoryStream(BitConverter.GetBytes(number)), $"{number}")));

        node.Files.Count.ShouldBe(1000);
        for (var number = 0; number < 1000; number++) node.Files[$"{number}"].Content.ShouldBeBytes(BitConverter.GetBytes(number));
        node.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Large_files_wait_for_a_connection_and_use_it_again()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node, options => options with { ConnectionsMax = 3 });
        var content = Clients.Bytes(Large);

        await Task.WhenAll(Enumerable.Range(0, 8).Select(number => client.PutAsync(new MemoryStream(content), $"{number}")));

        node.Files.Values.ShouldAllBe(file => file.Content.Length == Large);
        node.Files.Count.ShouldBe(8);
        node.Connections.ShouldBeLessThanOrEqualTo(2);
    }

    [Theory]
    [InlineData(5)]
    [InlineData(Large)]
    public async Task An_early_word_is_passed_on_before_the_last(int size)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var words = new List<AckLevel>();

        var stored = await client.PutAsync(new MemoryStream(Clients.Bytes(size)), "a",
            new PutOptions { Ack = AckLevel.Verified, Acknowledged = words.Add });

        words.ShouldBe([AckLevel.Verified]);
        stored.Receipt.ShouldNotBeNull();
    }

    [Fact]
    public async Task A_file_that_is_there_is_replaced_refused_or_kept()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Task<StoredFile> PutAsync(string text, ExistsRule exists) =>
            client.PutAsync(new MemoryStream(Encoding.UTF8.GetBytes(text)), "a.txt", new PutOptions { Exists = exists });
        await PutAsync("one", ExistsRule.Replace);

        (await PutAsync("two", ExistsRule.KeepBoth)).Name.ShouldBe("a (2).txt");
        var refused = await Should.ThrowAsync<NodeRefusedException>(PutAsync("three", ExistsRule.Refuse));
        await PutAsync("four", ExistsRule.Replace);

        (refused.Status, refused.Error, refused.IsWorthRetrying).ShouldBe((412, nameof(Rejection.Exists), false));
        node.Files["a.txt"].Content.ShouldBeBytes("four"u8.ToArray());
        node.Files["a (2).txt"].Content.ShouldBeBytes("two"u8.ToArray());
    }

    [Fact]
    public async Task A_part_of_a_file_is_fetched()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of("hello world"u8.ToArray());
        var part = new MemoryStream();

        await client.GetAsync("a", part, new GetOptions { Offset = 6, Length = 3 });

        part.ToArray().ShouldBeBytes("wor"u8.ToArray());
    }

    [Fact]
    public async Task A_list_has_all_pages_in_order()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        foreach (var number in Enumerable.Range(0, 25)) node.Files[$"a/{number:00}"] = PaperFile.Of([(byte)number]);
        node.Files["b"] = PaperFile.Of([]);

        var names = await Clients.AllAsync(client.ListAsync("a/", new ListOptions { PageEntries = 10 }));
        var top = await Clients.AllAsync(client.ListAsync("", new ListOptions { Recursive = false }));
        var behind = await Clients.AllAsync(client.ListAsync("a/", new ListOptions { After = "a/23" }));

        names.Select(entry => entry.Name).ShouldBe(Enumerable.Range(0, 25).Select(number => $"a/{number:00}"));
        names[3].Md5.ShouldBe(node.Files["a/03"].Md5);
        top.Select(entry => (entry.Name, entry.IsFolder)).ShouldBe([("a/", true), ("b", false)]);
        behind.Select(entry => entry.Name).ShouldBe(["a/24"]);
    }

    [Fact]
    public async Task A_list_that_nobody_reads_to_its_end_leaves_the_client_usable()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        foreach (var number in Enumerable.Range(0, 50)) node.Files[$"{number:00}"] = PaperFile.Of([]);

        await foreach (var entry in client.ListAsync(options: new ListOptions { PageEntries = 5 }))
            if (entry.Name == "07") break;

        (await client.StatAsync("49")).ShouldNotBeNull();
        node.Connections.ShouldBe(1);
    }

    [Fact]
    public async Task Files_are_looked_at_renamed_and_deleted()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of([1, 2, 3]);

        (await client.StatAsync("a"))!.ShouldBe(new RemoteFile("a", 3, node.Files["a"].Modified, node.Files["a"].Md5));
        (await client.StatAsync("b")).ShouldBeNull();
        (await client.RenameAsync("a", "b")).Name.ShouldBe("b");
        (await Should.ThrowAsync<NodeRefusedException>(client.DeleteAsync("b", default(Md5Digest)))).Status.ShouldBe(412);
        (await client.DeleteAsync("b", node.Files["b"].Md5)).ShouldNotBeNull();
        (await Should.ThrowAsync<NodeRefusedException>(client.DeleteAsync("b"))).Error.ShouldBe(nameof(Rejection.NameUnknown));
        (await client.PingAsync()).ShouldBeGreaterThanOrEqualTo(TimeSpan.Zero);
        node.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task Transfers_are_told_from_beginning_to_end()
    {
        await using var node = new PaperNode();
        var told = new List<TransferProgress>();
        await using (var client = Clients.Of(node))
        {
            using var _ = client.Transfers.Synchronize().Subscribe(told.Add);
            await client.PutAsync(new MemoryStream(Clients.Bytes(Large)), "a");
            await client.GetAsync("a", new MemoryStream());
            await Should.ThrowAsync<NodeRefusedException>(client.GetAsync("b", Stream.Null));
        }

        foreach (var (transfer, direction, name) in new[] { (1, TransferDirection.Up, "a"), (2, TransferDirection.Down, "a") })
        {
            var one = told.Where(each => each.Transfer == transfer).ToArray();
            one.ShouldAllBe(each => each.Direction == direction && each.Name == name && each.Attempt == 1);
            one.Select(each => each.DoneBytes).ShouldBeInOrder();
            one.Length.ShouldBeGreaterThan(Large / new NodeOptions().BlockBytes);
            (one[^1].State, one[^1].DoneBytes, one[^1].TotalBytes).ShouldBe((TransferState.Done, Large, Large));
        }
        told[^1].State.ShouldBe(TransferState.Failed);
        told[^1].Problem.ShouldBe("404 there is no such file");
    }

    [Theory]
    [InlineData(true, true)]
    [InlineData(true, false)]
    [InlineData(false, true)]
    [InlineData(false, false)]
    public async Task What_arrives_is_compared_also_when_the_node_names_no_digest_with_it(bool isKnown, bool knowsDigests)
    {
        await using var node = new PaperNode { KnowsDigests = knowsDigests };
        await using var client = Clients.Of(node);
        using var folder = new TempFolder();
        node.Files["a"] = PaperFile.Of([1, 2, 3]);
        node.Fail<NativeRequest.Get>(new Fault.Lie((reply, body) => (reply, [.. body[..^1], 0])));

        await Should.ThrowAsync<DigestDiffersException>(isKnown
            ? client.ResumeFileAsync("a", folder.At("a"), await client.StatAsync("a"))
            : client.GetFileAsync("a", folder.At("a")));

        Directory.GetFiles(folder.Path).ShouldBeEmpty();
        (await client.GetFileAsync("a", folder.At("a"))).Md5.ShouldBe(node.Files["a"].Md5);
    }

    [Fact]
    public async Task What_was_changed_before_its_digest_could_be_asked_for_is_not_taken()
    {
        await using var node = new PaperNode { KnowsDigests = false };
        await using var client = Clients.Of(node);
        using var folder = new TempFolder();
        node.Files["a"] = PaperFile.Of([1, 2, 3]);
        using var _ = client.Transfers.Where(each => each.DoneBytes == 3).Take(1).Subscribe(_ => node.Files["a"] = PaperFile.Of([4, 5]));

        (await Should.ThrowAsync<IOException>(client.GetFileAsync("a", folder.At("a")))).Message.ShouldContain("was changed");

        Directory.GetFiles(folder.Path).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("short")]
    [InlineData("long")]
    [InlineData("offset")]
    public async Task Bytes_that_were_not_asked_for_are_asked_for_again(string lie)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of([1, 2, 3, 4, 5]);
        node.Fail<NativeRequest.Get>(new Fault.Lie((reply, body) => lie switch
        {
            "short" => (reply, body[..^1]),
            "long" => (reply, [.. body, 6]),
            _ => (reply with { Offset = 0 }, body),
        }));
        var back = new MemoryStream();

        await client.GetAsync("a", back, new GetOptions { Offset = 1, Length = 3 });

        back.ToArray().ShouldBe([2, 3, 4]);
        node.Heard.ShouldBe(["get a 1", "get a 1"]);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(Large, false)]
    [InlineData(Large, true)]
    [InlineData(-Large, false)]
    public async Task What_the_node_says_to_have_stored_must_be_what_was_sent(int size, bool inParts)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node, options => options with { Retry = RetryOptions.None });
        using var folder = new TempFolder();
        var path = folder.Write("a", Clients.Bytes(Math.Abs(size)));
        // The node knows no digest of a file that it has joined.
        Func<NativeReply, NativeReply>[] lies = [reply => reply with { Size = reply.Size - 1 }, reply => reply with { Status = NativeReply.Done },
            .. inParts ? [] : new Func<NativeReply, NativeReply>[] { reply => reply with { Md5 = default(Md5Digest) } }];

        foreach (var lie in lies)
        {
            var fault = new Fault.Lie((reply, body) => (lie(reply), body));
            if (inParts) node.Fail<NativeRequest.Join>(fault);
            else node.Fail<NativeRequest.Put>(fault);
            await Should.ThrowAsync<IOException>(size < 0
                ? client.PutAsync(new PipeStream(Clients.Bytes(-size)), "a")
                : client.PutFileAsync(path, "a", new PutOptions { PartsAtOnce = inParts ? 2 : 1, PartBytes = 409_600 }));
        }
    }

    [Fact]
    public async Task A_file_on_disk_is_fetched_whole_or_not_at_all()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        using var folder = new TempFolder();
        var path = folder.Write("up.bin", Clients.Bytes(100_000));
        await client.PutFileAsync(path, "a");

        await client.GetFileAsync("a", folder.At("down.bin"));
        await Should.ThrowAsync<NodeRefusedException>(client.GetFileAsync("b", folder.At("none.bin")));

        File.ReadAllBytes(folder.At("down.bin")).ShouldBeBytes(Clients.Bytes(100_000));
        Directory.GetFiles(folder.Path).Select(Path.GetFileName).Order().ShouldBe(["down.bin", "up.bin"]);
    }

    [Fact]
    public void Options_out_of_their_range_are_the_callers_fault()
    {
        NodeOptions[] wrong =
        [
            new() { ConnectionsMax = 1 },
            new() { SmallBytesMax = -1 },
            new() { BlockBytes = 0 },
            new() { Retry = new RetryOptions { AttemptsMax = 0 } },
            new() { Retry = new RetryOptions { DelayMax = TimeSpan.Zero } },
        ];
        foreach (var options in wrong)
            Should.Throw<ArgumentException>(() => new NodeClient("localhost:1", options));
    }
}
