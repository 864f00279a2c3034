using System.Text;
using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>A folder and what a node has of it.</summary>
public sealed class FolderSyncTests : IDisposable
{
    private readonly TempFolder _here = new();
    private readonly TempFolder _caches = new();

    public void Dispose()
    {
        _here.Dispose();
        _caches.Dispose();
    }

    [Fact]
    public async Task What_differs_is_sent_and_the_second_time_nothing_is_read_or_sent()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("a.txt", "one");
        Write("b/c.txt", "two");
        Write("b/d/报告.txt", "three");
        Write("same.txt", "same");
        Write("longer.txt", "longer");
        Write("other.txt", "other");
        Write("empty", "");
        foreach (var (name, text) in new[] { ("same.txt", "same"), ("longer.txt", "long"), ("other.txt", "0ther"), ("extra", "x") })
            node.Files["to/" + name] = PaperFile.Of(Encoding.UTF8.GetBytes(text));

        var first = await SyncAsync(client);
        var before = node.Heard.Length;
        var second = await SyncAsync(client);
        node.Files.ShouldContainKey("to/extra");
        var heard = node.Heard[before..];
        node.Files.TryRemove("to/extra", out _);
        var third = await SyncAsync(client, options => options with { TellsUnchanged = false });

        (first.Sent, first.Unchanged, first.Deleted, first.Digested).ShouldBe((6, 1, 0, 2));
        first.SentBytes.ShouldBe(3 + 3 + 5 + 6 + 5);
        foreach (var path in Directory.GetFiles(_here.Path, "*", SearchOption.AllDirectories))
            node.Files["to/" + Path.GetRelativePath(_here.Path, path)].Content.ShouldBeBytes(File.ReadAllBytes(path));
        (second.Sent, second.Unchanged, second.Digested, second.CacheProblem).ShouldBe((0, 7, 0, null));
        // Of a folder that is the same no file is asked for.
        heard.ShouldBe(["folders to/ ", "list to/ "]);
        (third.Sent, third.Unchanged).ShouldBe((0, 7));
        node.Heard[(before + heard.Length)..].ShouldBe(["folders to/ "]);
    }

    [Fact]
    public async Task What_has_changed_is_seen_by_its_stamp_and_sent_again()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("a", "one");
        Write("b", "two");
        Write("c", "three");
        await SyncAsync(client);

        Write("a", "0ne", age: 5);
        Write("b", "two", age: 5);
        var report = await SyncAsync(client);

        (report.Sent, report.Unchanged, report.Digested).ShouldBe((1, 2, 2));
        node.Files["to/a"].Content.ShouldBeBytes("0ne"u8.ToArray());
    }

    [Fact]
    public async Task A_file_that_was_written_just_now_is_not_remembered()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node, options => options with { Clock = TimeProvider.System });
        Write("a", "one");

        await SyncAsync(client);
        var second = await SyncAsync(client);

        (second.Sent, second.Digested).ShouldBe((0, 1));
    }

    [Theory]
    [InlineData("cut")]
    [InlineData("flipped")]
    [InlineData("empty")]
    [InlineData("foreign")]
    [InlineData("gone")]
    public async Task A_cache_that_is_damaged_is_no_cache(string damage)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("a", "one");
        await SyncAsync(client);
        var cache = Directory.GetFiles(_caches.Path, "*.digests").ShouldHaveSingleItem();
        var bytes = File.ReadAllBytes(cache);
        if (damage == "gone") File.Delete(cache);
        else
            File.WriteAllBytes(cache, damage switch
            {
                "cut" => bytes[..^1],
                "flipped" => [.. bytes[..30], (byte)(bytes[30] ^ 1), .. bytes[31..]],
                "empty" => [],
                _ => "ActorSock digests 1\n and something else that is long enough to be one"u8.ToArray(),
            });

        var report = await SyncAsync(client);
        var next = await SyncAsync(client);

        (report.Sent, report.Unchanged, report.Digested).ShouldBe((0, 1, 1));
        next.Digested.ShouldBe(0);
        Directory.GetFiles(_caches.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public async Task A_cache_that_cannot_be_written_is_told_and_does_no_harm()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("a", "one");
        var file = _caches.Write("file", []);

        var report = await SyncAsync(client, options => options with { CacheFolder = file });

        report.Sent.ShouldBe(1);
        report.CacheProblem.ShouldNotBeNull();
        (await SyncAsync(client, options => options with { CacheFolder = null })).Digested.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_here_is_deleted_only_when_that_is_wished()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("b", "two");
        foreach (var name in new[] { "to/a", "to/b", "to/c/d", "to2", "a", "tp" }) node.Files[name] = PaperFile.Of("two"u8.ToArray());

        var dry = await SyncAsync(client, options => options with { Deletes = true, IsDryRun = true });
        node.Files.Count.ShouldBe(6);
        var report = await SyncAsync(client, options => options with { Deletes = true });

        (dry.Deleted, dry.Unchanged).ShouldBe((2, 1));
        (report.Deleted, report.Unchanged).ShouldBe((2, 1));
        node.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(["a", "to/b", "to2", "tp"]);
    }

    [Fact]
    public async Task What_came_here_since_the_walk_was_there_is_not_deleted_on_the_node()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("b", "two");
        foreach (var name in new[] { "to/a", "to/c" }) node.Files[name] = PaperFile.Of("two"u8.ToArray());

        var report = await SyncAsync(client, options => options with { Deletes = true }, step =>
        {
            if (step.Name == "to/b") Write("a", "new");
        });

        (report.Sent, report.Deleted, report.Spared).ShouldBe((1, 1, 1));
        node.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(["to/a", "to/b"]);
    }

    [Fact]
    public async Task A_node_that_cannot_compare_folders_is_told()
    {
        await using var node = new PaperNode { Capabilities = ["resume", "parts"] };
        await using var client = Clients.Of(node);
        Write("a", "one");

        (await Should.ThrowAsync<IOException>(SyncAsync(client))).Message.ShouldContain("older version");
    }

    [Fact]
    public async Task What_was_replaced_since_it_was_listed_is_not_deleted()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["to/a"] = node.Files["to/b"] = PaperFile.Of("two"u8.ToArray());
        node.When<NativeRequest.Delete>(0, () => node.Files["to/a"] = node.Files["to/b"] = PaperFile.Of("new"u8.ToArray()));

        var report = await SyncAsync(client, options => options with { Deletes = true });

        (report.Deleted, report.Failed, node.Files.Count).ShouldBe((0, 2, 2));
    }

    [Fact]
    public async Task A_dry_run_tells_what_would_be_sent_and_sends_nothing()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("a", "one");
        Write("b", "two");
        node.Files["to/a"] = PaperFile.Of("one"u8.ToArray());
        using var sync = new FolderSync(client, Options with { IsDryRun = true });
        var steps = new List<SyncStep>();
        using var _ = sync.Steps.Subscribe(steps.Add);

        var report = await sync.RunAsync(_here.Path, "to");

        (report.Sent, report.SentBytes, report.Unchanged).ShouldBe((1, 3, 1));
        steps.OrderBy(step => step.Name).ShouldBe(
            [new(SyncAction.Unchanged, "to/a", 3, null), new(SyncAction.Sent, "to/b", 3, null)]);
        node.Files.Keys.ShouldBe(["to/a"]);
    }

    [Fact]
    public async Task Digests_that_the_node_does_not_know_are_asked_for()
    {
        await using var node = new PaperNode { KnowsDigests = false };
        await using var client = Clients.Of(node);
        Write("a", "one");
        Write("b", "two");
        node.Files["to/a"] = PaperFile.Of("one"u8.ToArray());
        node.Files["to/b"] = PaperFile.Of("2wo"u8.ToArray());

        var report = await SyncAsync(client);

        (report.Sent, report.Unchanged).ShouldBe((1, 1));
        node.Heard.Count(heard => heard.StartsWith("stat", StringComparison.Ordinal)).ShouldBe(2);
    }

    [Fact]
    public async Task What_the_node_refuses_is_told_and_the_others_go_on()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("a", "one");
        Write("b", "two");
        node.Files["to/c"] = PaperFile.Of([]);
        node.Fail<NativeRequest.Put>(new Fault.Refuse(Rejection.NameRefused), put => put.Name == "to/a");
        using var sync = new FolderSync(client, Options with { Deletes = true });
        var steps = new List<SyncStep>();
        using var _ = sync.Steps.Subscribe(steps.Add);

        var report = await sync.RunAsync(_here.Path, "to");

        // What has failed may be the new name of what would be deleted.
        (report.Sent, report.Failed, report.Deleted, report.Spared, report.IsComplete).ShouldBe((1, 1, 0, 1, false));
        node.Files.ShouldContainKey("to/c");
        steps.Single(step => step.Action == SyncAction.Failed)
            .ShouldBe(new SyncStep(SyncAction.Failed, "to/a", 3, "403 the file name is refused: the test wants it so"));
    }

    [Fact]
    public async Task A_node_that_has_no_room_ends_the_run_and_what_was_digested_is_remembered()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        foreach (var name in new[] { "a", "b" })
        {
            Write(name, "one");
            node.Files["to/" + name] = PaperFile.Of("one"u8.ToArray());
        }
        await SyncAsync(client);
        Write("c", "three");
        for (var attempt = 0; attempt < 4; attempt++) node.Fail<NativeRequest.Put>(new Fault.Refuse(Rejection.DiskFull));

        (await Should.ThrowAsync<NodeRefusedException>(SyncAsync(client))).Status.ShouldBe(507);

        (await SyncAsync(client)).Digested.ShouldBe(0);
    }

    [Fact]
    public async Task Links_are_not_followed_and_names_that_cannot_be_said_are_told()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("a", "one");
        Write("back\\slash", "two");
        File.CreateSymbolicLink(_here.At("link"), _here.At("a"));
        Directory.CreateSymbolicLink(_here.At("round"), _here.Path);
        foreach (var name in new[] { "to/link", "to/extra" }) node.Files[name] = PaperFile.Of("one"u8.ToArray());

        var report = await SyncAsync(client, options => options with { Deletes = true });

        (report.Sent, report.Skipped, report.Failed).ShouldBe((1, 2, 1));
        // With something unread here nobody knows what is not here.
        (report.Deleted, node.Files.Count).ShouldBe((0, 3));
    }

    [Fact]
    public async Task What_is_on_the_node_below_the_name_of_a_link_is_not_deleted()
    {
        if (OperatingSystem.IsWindows()) return;
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Directory.CreateSymbolicLink(_here.At("link"), _caches.Path);
        string[] kept = ["to/link", "to/link/a", "to/link/b/c"], gone = ["to/link.txt", "to/lin", "to/other/link/a"];
        foreach (var name in kept.Concat(gone)) node.Files[name] = PaperFile.Of("one"u8.ToArray());

        var report = await SyncAsync(client, options => options with { Deletes = true });

        (report.Skipped, report.Deleted, report.Spared).ShouldBe((1, 3, 2));
        node.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(kept);
    }

    [Fact]
    public async Task What_cannot_be_looked_at_has_failed_and_is_not_taken_for_no_file()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["to/extra"] = PaperFile.Of("one"u8.ToArray());
        // The path of the folder is one of 4,095 bytes at the most, that of the file in it is not.
        var segment = new string('f', 200);
        string Below(string path, int count) => Path.Combine([path, .. Enumerable.Repeat(segment, count)]);
        var (lower, upper) = (_here.At("lower"), Below(_here.At("upper"), 9));
        Directory.CreateDirectory(Below(lower, 10));
        Directory.CreateDirectory(upper);
        File.WriteAllText(Path.Combine(Below(lower, 10), segment), "x");
        var placed = Path.Combine(upper, new string('m', 4000 - upper.Length - 10 * 201));
        Directory.Move(lower, placed);

        var report = await SyncAsync(client, options => options with { Deletes = true });

        Directory.Move(placed, lower);
        (report.Failed, report.Skipped, report.Deleted, report.Spared).ShouldBe((1, 0, 0, 1));
    }

    [Fact]
    public async Task What_a_download_has_begun_here_is_not_sent()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of(Clients.Bytes(100_000));
        for (var attempt = 0; attempt < 4; attempt++) node.Fail<NativeRequest.Get>(new Fault.CutInAnswer(0));
        await Should.ThrowAsync<NodeLostException>(client.ResumeFileAsync("a", _here.At("a")));
        FileDownload.IsPart(Path.GetFileName(Directory.GetFiles(_here.Path).ShouldHaveSingleItem())).ShouldBeTrue();
        Write(".actorsock-mine.part", "one");

        var report = await SyncAsync(client);

        (report.Sent, report.Skipped, report.Failed).ShouldBe((1, 0, 0));
        node.Files.Keys.Order(StringComparer.Ordinal).ShouldBe(["a", "to/.actorsock-mine.part"]);
    }

    [Fact]
    public async Task A_name_that_is_taken_apart_here_is_the_same_file_on_the_node()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        Write("e\u0301/a", "one");
        node.Files["to/\u00e9/a"] = PaperFile.Of("one"u8.ToArray());

        var report = await SyncAsync(client, options => options with { Deletes = true });

        (report.Unchanged, report.Sent, report.Deleted).ShouldBe((1, 0, 0));
    }

    [Fact]
    public async Task Names_are_compared_in_the_order_of_their_bytes()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        string[] names = ["a", "a-b", "a.b", "a/b", "a0", "ab", "b/a", "b!", "b0/c", "\ue000", "\U0001F600", "z/\U0001F600/x", "z/\uffee", "Z"];
        foreach (var name in names.Where(name => name != "a")) Write(name, name);
        foreach (var name in names.Where(name => name != "a")) node.Files["to/" + name] = PaperFile.Of(Encoding.UTF8.GetBytes(name));

        var report = await SyncAsync(client, options => options with { Deletes = true });

        (report.Unchanged, report.Sent, report.Deleted).ShouldBe((13, 0, 0));
    }

    [Fact]
    public async Task A_folder_that_is_not_there_is_told() =>
        await Should.ThrowAsync<DirectoryNotFoundException>(
            new FolderSync(new NodeClient("127.0.0.1:1")).RunAsync(_here.At("none")));

    private FolderSyncOptions Options => new() { CacheFolder = _caches.Path };

    private async Task<SyncReport> SyncAsync(
        NodeClient client, Func<FolderSyncOptions, FolderSyncOptions>? change = null, Action<SyncStep>? watch = null)
    {
        using var sync = new FolderSync(client, (change ?? (same => same))(Options));
        using var watching = sync.Steps.Subscribe(watch ?? (_ => { }));
        return await sync.RunAsync(_here.Path, "/to/./");
    }

    /// <summary>Writes a file that was last written some minutes ago.</summary>
    private void Write(string name, string text, int age = 10)
    {
        var path = _here.Write(name, Encoding.UTF8.GetBytes(text));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - TimeSpan.FromMinutes(age));
    }
}
