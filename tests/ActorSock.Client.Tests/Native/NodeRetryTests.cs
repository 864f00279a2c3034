using System.Net.Sockets;
using System.Reactive.Linq;
using System.Security.Cryptography;
using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>What a client does when something goes wrong: it goes on, and does nothing twice.</summary>
public sealed class NodeRetryTests
{
    private const int Large = 3_000_000;

    public static TheoryData<string> WorthRetrying => [.. Rejection.All
        .Where(rejection => rejection.Code is 408 or 500 or 503 or 507).Select(rejection => rejection.Name)];

    public static TheoryData<string> NotWorthRetrying => [.. Rejection.All
        .Where(rejection => rejection.Code is not (408 or 500 or 503 or 507)).Select(rejection => rejection.Name)];

    [Theory]
    [MemberData(nameof(WorthRetrying))]
    public async Task What_may_go_well_the_next_time_is_tried_again(string name)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Put>(new Fault.Refuse(Named(name)));
        node.Fail<NativeRequest.Stat>(new Fault.Refuse(Named(name)), stat => stat.Name == "b");

        await client.PutAsync(new MemoryStream([1]), "a");
        await client.StatAsync("b");

        node.Files.ShouldContainKey("a");
        node.Heard.Count(heard => heard == "stat b").ShouldBe(2);
    }

    [Theory]
    [MemberData(nameof(NotWorthRetrying))]
    public async Task What_would_be_refused_again_is_not(string name)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Put>(new Fault.Refuse(Named(name)));

        var refused = await Should.ThrowAsync<NodeRefusedException>(client.PutAsync(new MemoryStream([1]), "a"));

        refused.Error.ShouldBe(name);
        node.Heard.ShouldBe(["put a 0+1"]);
    }

    [Fact]
    public async Task After_so_many_attempts_the_last_failure_is_told()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        for (var attempt = 0; attempt < 4; attempt++) node.Fail<NativeRequest.Ping>(new Fault.Refuse(Rejection.Draining));

        (await Should.ThrowAsync<NodeRefusedException>(client.PingAsync())).Status.ShouldBe(503);

        node.Heard.Length.ShouldBe(4);
    }

    [Fact]
    public async Task A_node_that_is_not_there_is_told_as_lost()
    {
        var node = new PaperNode();
        var address = node.Address;
        await node.DisposeAsync();
        await using var client = Clients.Of(address);

        (await Should.ThrowAsync<NodeLostException>(client.PingAsync())).InnerException.ShouldBeOfType<SocketException>();
    }

    [Fact]
    public async Task A_file_that_was_never_sent_is_not_looked_for()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of([1]);
        await client.PingAsync();
        node.Fail<NativeRequest.Put>(new Fault.Refuse(Rejection.ServerBusy));

        // Neither behind a refusal nor behind a connection that was not there.
        (await client.PutAsync(new MemoryStream([1]), "a")).Receipt.ShouldNotBeNull();

        node.Heard.ShouldBe(["Ping", "put a 0+1", "put a 0+1"]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_large_upload_goes_on_where_the_connection_was_lost(bool sha256)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var content = Clients.Bytes(Large);
        foreach (var bytes in new[] { 1_000_000, 500_000, 0 }) node.Fail<NativeRequest.Put>(new Fault.CutInBody(bytes));

        await client.PutAsync(new MemoryStream(content), "a",
            new PutOptions { Digest = sha256 ? DigestKind.Sha256 : DigestKind.Md5 });

        node.Files["a"].Content.ShouldBeBytes(content);
        node.Heard.ShouldBe([
            "resume a", "put a 0+3000000", "resume a", "put a 1000000+2000000",
            "resume a", "put a 1500000+1500000", "resume a", "put a 1500000+1500000"]);
    }

    [Fact]
    public async Task A_large_file_goes_on_from_any_byte_of_it()
    {
        using var here = new TempFolder();
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var content = Clients.Bytes(12_345_678);
        foreach (var bytes in new[] { 1_000_001, 4096, 3_000_000, 7 }) node.Fail<NativeRequest.Put>(new Fault.CutInBody(bytes));

        await client.PutFileAsync(here.Write("a", content), "a");

        node.Files["a"].Content.ShouldBeBytes(content);
        node.Heard.ShouldContain("put a 4004104+8341574");
    }

    [Fact]
    public async Task An_upload_that_gets_on_is_never_given_up()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        for (var cut = 0; cut < 10; cut++) node.Fail<NativeRequest.Put>(new Fault.CutInBody(280_000));

        await client.PutAsync(new MemoryStream(Clients.Bytes(Large)), "a");

        node.Files["a"].Content.ShouldBeBytes(Clients.Bytes(Large));
    }

    [Fact]
    public async Task A_node_that_takes_bytes_and_keeps_none_is_given_up()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        for (var attempt = 0; attempt < 10; attempt++)
            node.Fail<NativeRequest.Put>(new Fault.RefuseInBody(Large - 1, Rejection.DiskFull));

        (await Should.ThrowAsync<NodeRefusedException>(client.PutAsync(new MemoryStream(Clients.Bytes(Large)), "a"))).Status.ShouldBe(507);

        node.Heard.Count(heard => heard.StartsWith("put", StringComparison.Ordinal)).ShouldBe(4);
    }

    [Fact]
    public async Task A_part_is_tried_as_long_as_others_arrive()
    {
        const int Bytes = 409_600, Failures = 6;
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        using var folder = new TempFolder();
        // Of the first part each attempt ends when another part is there, and that is not there before the attempt has begun.
        TaskCompletionSource[] tried = New(), came = New();
        for (var number = 1; number <= Failures; number++)
        {
            var (attempt, before) = (tried[number], came[number - 1]);
            node.Fail<NativeRequest.Put>(new Fault.Event(attempt.SetResult), part => part.Offset == 0);
            node.Fail<NativeRequest.Put>(new Fault.Hold(came[number].Task, Cuts: true), part => part.Offset == 0);
            node.Fail(new Fault.Event(before.SetResult), Is(number));
            node.Fail(new Fault.Hold(attempt.Task, Cuts: false), Is(number));
        }
        node.Fail(new Fault.Event(came[Failures].SetResult), Is(Failures + 1));

        await client.PutFileAsync(folder.Write("a", Clients.Bytes(Large)), "a", new PutOptions { PartsAtOnce = 2, PartBytes = Bytes });

        node.Files["a"].Content.ShouldBeBytes(Clients.Bytes(Large));

        static TaskCompletionSource[] New() => [.. Enumerable.Range(0, Failures + 1)
            .Select(_ => new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously))];
        static Func<NativeRequest.Put, bool> Is(int number) => part => part.Offset == number * Bytes;
    }

    [Fact]
    public async Task A_file_that_has_changed_meanwhile_begins_anew()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var content = Clients.Bytes(Large);
        node.Fail<NativeRequest.Put>(new Fault.CutInBody(1_000_000));
        // The bytes that the node keeps are those of another version.
        using var _ = client.Transfers.Where(each => each.State == TransferState.Waiting)
            .Subscribe(_ => node.Uploads.Values.Single().Bytes[17] ^= 1);

        await client.PutAsync(new MemoryStream(content), "a");

        node.Heard.ShouldBe(["resume a", "put a 0+3000000", "resume a", "put a 0+3000000"]);
        node.Files["a"].Content.ShouldBeBytes(content);
    }

    [Theory]
    [InlineData(ExistsRule.Replace)]
    [InlineData(ExistsRule.Refuse)]
    [InlineData(ExistsRule.KeepBoth)]
    public async Task A_large_upload_whose_reply_was_lost_is_not_sent_again(ExistsRule exists)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Put>(new Fault.CutBeforeReply());

        var stored = await client.PutAsync(new MemoryStream(Clients.Bytes(Large)), "a.bin", new PutOptions { Exists = exists });

        stored.Receipt.ShouldBe(new Receipt(1, "ab"));
        node.Heard.ShouldBe(["resume a.bin", "put a.bin 0+3000000", "resume a.bin"]);
        node.Files.Keys.ShouldBe(["a.bin"]);
    }

    [Fact]
    public async Task A_large_upload_that_the_node_has_stored_and_forgotten_is_known_by_its_digest()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Put>(new Fault.CutBeforeReply());
        node.Fail<NativeRequest.Put>(new Fault.CutBeforeReply());
        using var _ = client.Transfers.Where(each => each.State == TransferState.Waiting).Subscribe(waiting =>
        {
            node.Uploads.Clear();
            if (waiting.Name == "b") node.Files["b"] = PaperFile.Of(new byte[Large]);
        });
        var refuse = new PutOptions { Exists = ExistsRule.Refuse };

        (await client.PutAsync(new MemoryStream(Clients.Bytes(Large)), "a", refuse)).Receipt.ShouldBeNull();
        (await Should.ThrowAsync<NodeRefusedException>(client.PutAsync(new MemoryStream(Clients.Bytes(Large)), "b", refuse)))
            .Status.ShouldBe(412);
    }

    [Theory]
    [InlineData(ExistsRule.Replace, false)]
    [InlineData(ExistsRule.Refuse, false)]
    [InlineData(ExistsRule.Refuse, true)]
    [InlineData(ExistsRule.KeepBoth, false)]
    [InlineData(ExistsRule.KeepBoth, true)]
    public async Task A_small_upload_whose_reply_was_lost_is_not_stored_twice(ExistsRule exists, bool forgets)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        if (exists == ExistsRule.KeepBoth) node.Files["a.txt"] = PaperFile.Of([9]);
        node.Fail<NativeRequest.Put>(new Fault.CutBeforeReply());
        using var _ = client.Transfers.Where(each => each.State == TransferState.Waiting && forgets)
            .Subscribe(_ => node.Uploads.Clear());

        var stored = await client.PutAsync(new MemoryStream([1, 2, 3]), "a.txt", new PutOptions { Exists = exists });

        stored.Md5.ShouldBe(PaperFile.Of([1, 2, 3]).Md5);
        stored.Name.ShouldBe(exists == ExistsRule.KeepBoth ? "a (2).txt" : "a.txt");
        (stored.Receipt is null).ShouldBe(forgets || exists == ExistsRule.Replace);
        node.Heard.Count(heard => heard.StartsWith("put", StringComparison.Ordinal)).ShouldBe(1);
        node.Files.Count.ShouldBe(exists == ExistsRule.KeepBoth ? 2 : 1);
    }

    [Theory]
    [InlineData(5, ExistsRule.Refuse)]
    [InlineData(5, ExistsRule.KeepBoth)]
    [InlineData(Large, ExistsRule.Refuse)]
    [InlineData(Large, ExistsRule.KeepBoth)]
    public async Task A_node_that_ends_the_connection_has_not_said_that_nothing_was_stored(int size, ExistsRule exists)
    {
        // It remembers no uploads, as when it was started again.
        await using var node = new PaperNode { Capabilities = [] };
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Put>(new Fault.CloseBeforeReply(Rejection.Draining));

        var stored = await client.PutAsync(new MemoryStream(Clients.Bytes(size)), "a.bin", new PutOptions { Exists = exists });

        stored.Name.ShouldBe("a.bin");
        node.Files.Keys.ShouldBe(["a.bin"]);
    }

    [Theory]
    [InlineData(5, ExistsRule.Replace)]
    [InlineData(5, ExistsRule.KeepBoth)]
    [InlineData(Large, ExistsRule.Replace)]
    [InlineData(Large, ExistsRule.Refuse)]
    [InlineData(Large, ExistsRule.KeepBoth)]
    public async Task A_node_that_resumes_nothing_is_sent_the_whole_again_and_stores_it_once(int size, ExistsRule exists)
    {
        await using var node = new PaperNode { Capabilities = [] };
        await using var client = Clients.Of(node);
        using var folder = new TempFolder();
        var path = folder.Write("a.bin", Clients.Bytes(size));
        node.Fail<NativeRequest.Put>(new Fault.CutInBody(size / 2));
        node.Fail<NativeRequest.Put>(new Fault.CutBeforeReply());

        await client.PutFileAsync(path, "a.bin", new PutOptions { Exists = exists, PartsAtOnce = 2, PartBytes = 4096 });

        node.Files.Keys.ShouldBe(["a.bin"]);
        node.Files["a.bin"].Content.ShouldBeBytes(Clients.Bytes(size));
        node.Heard.Count(heard => heard == $"put a.bin 0+{size}").ShouldBe(2);
    }

    [Fact]
    public async Task A_small_upload_that_did_not_arrive_is_sent_again()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of([9]);
        node.Fail<NativeRequest.Put>(new Fault.CutInBody(1));

        await client.PutAsync(new MemoryStream([1, 2, 3]), "a");

        node.Files["a"].Content.ShouldBeBytes([1, 2, 3]);
        node.Heard.ShouldBe(["put a 0+3", "stat a", "put a 0+3"]);
    }

    [Fact]
    public async Task What_cannot_be_read_again_is_not_sent_again()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Put>(new Fault.RefuseInBody(100_000, Rejection.DiskFull));

        (await Should.ThrowAsync<NodeRefusedException>(client.PutAsync(new PipeStream(Clients.Bytes(Large)), "a")))
            .Status.ShouldBe(507);

        node.Heard.ShouldBe(["put a 0+chunked"]);
    }

    [Fact]
    public async Task What_the_node_says_in_the_middle_of_a_body_is_why_it_fails()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Put>(new Fault.RefuseInBody(100_000, Rejection.TakenOver));

        (await Should.ThrowAsync<NodeRefusedException>(client.PutAsync(new MemoryStream(Clients.Bytes(Large)), "a")))
            .Error.ShouldBe(nameof(Rejection.TakenOver));

        await client.PutAsync(new MemoryStream(Clients.Bytes(Large)), "b");
        node.Files.ShouldContainKey("b");
    }

    [Fact]
    public async Task A_download_goes_on_where_the_connection_was_lost()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of(Clients.Bytes(Large));
        node.Fail<NativeRequest.Get>(new Fault.CutInAnswer(1_000_000));
        node.Fail<NativeRequest.Get>(new Fault.CutInAnswer(7));
        var back = new MemoryStream();

        await client.GetAsync("a", back);

        back.ToArray().ShouldBeBytes(Clients.Bytes(Large));
        node.Heard.ShouldBe(["get a 0", "get a 1000000", "get a 1000007"]);
    }

    [Theory]
    [InlineData(true, Large)]
    [InlineData(true, 500_000)]
    [InlineData(false, Large)]
    [InlineData(false, 2_000_000)]
    public async Task A_download_of_what_changes_meanwhile_begins_anew(bool knowsDigests, int newSize)
    {
        await using var node = new PaperNode { KnowsDigests = knowsDigests };
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of(Clients.Bytes(Large));
        node.Fail<NativeRequest.Get>(new Fault.CutInAnswer(1_000_000));
        var changed = new PaperFile(new byte[newSize], DateTimeOffset.UnixEpoch);
        using var _ = client.Transfers.Where(each => each.State == TransferState.Waiting)
            .Subscribe(_ => node.Files["a"] = changed);
        var target = new MemoryStream();
        target.Write([1, 2, 3]);

        await client.GetAsync("a", target);

        target.ToArray().ShouldBeBytes([1, 2, 3, .. changed.Content]);
    }

    [Fact]
    public async Task Pages_of_a_list_that_were_lost_are_asked_for_again()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        foreach (var number in Enumerable.Range(0, 30)) node.Files[$"{number:00}"] = PaperFile.Of([]);
        node.Fail<NativeRequest.List>(new Fault.CutInAnswer(100), list => list.After == "09");

        var names = await Clients.AllAsync(client.ListAsync(options: new ListOptions { PageEntries = 10 }));

        names.Select(entry => entry.Name).ShouldBe(Enumerable.Range(0, 30).Select(number => $"{number:00}"));
    }

    [Fact]
    public async Task What_was_deleted_or_renamed_without_a_word_is_taken_for_done()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        foreach (var name in new[] { "a", "b", "c" }) node.Files[name] = PaperFile.Of([1]);
        node.Fail<NativeRequest.Delete>(new Fault.CutBeforeReply());
        node.Fail<NativeRequest.Rename>(new Fault.CutBeforeReply());
        node.Fail<NativeRequest.Rename>(new Fault.CutBeforeReply(), rename => rename.Name == "c");

        (await client.DeleteAsync("a")).ShouldBeNull();
        (await client.RenameAsync("b", "d", ExistsRule.Refuse)).ShouldBe(new RenamedFile("d", null));
        (await Should.ThrowAsync<NodeRefusedException>(client.RenameAsync("c", "e", ExistsRule.KeepBoth))).Status.ShouldBe(404);

        node.Files.Keys.Order().ShouldBe(["d", "e"]);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_deletion_is_not_repeated_on_a_file_that_came_meanwhile(bool knowsDigests)
    {
        await using var node = new PaperNode { KnowsDigests = knowsDigests };
        await using var client = Clients.Of(node);
        node.Files["a"] = PaperFile.Of([1]);
        node.Fail<NativeRequest.Delete>(new Fault.CutBeforeReply());
        node.When<NativeRequest.Get>(1, () => node.Files["a"] = new PaperFile([2], DateTimeOffset.UnixEpoch));

        (await client.DeleteAsync("a")).ShouldBeNull();

        node.Files["a"].Content.ShouldBe([2]);
    }

    [Fact]
    public async Task A_deletion_that_did_not_arrive_is_repeated_and_one_of_a_file_that_was_replaced_just_now_as_well()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = node.Files["b"] = PaperFile.Of([1]);
        node.Fail<NativeRequest.Delete>(new Fault.Refuse(Rejection.Crashed), delete => delete.Name == "a");
        node.When<NativeRequest.Delete>(2, () => node.Files["b"] = PaperFile.Of([2]));

        (await client.DeleteAsync("a")).ShouldNotBeNull();
        (await client.DeleteAsync("b")).ShouldNotBeNull();

        node.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_renaming_is_not_repeated_on_a_file_that_came_meanwhile()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["a"] = node.Files["c"] = PaperFile.Of([1]);
        node.Fail<NativeRequest.Rename>(new Fault.CutBeforeReply());
        node.Fail<NativeRequest.Rename>(new Fault.CutBeforeReply());
        node.When<NativeRequest.Get>(1, () => node.Files["a"] = PaperFile.Of([2]));
        node.When<NativeRequest.Get>(4, () => node.Files["c"] = node.Files["d"] = PaperFile.Of([2]));

        (await client.RenameAsync("a", "b")).ShouldBe(new RenamedFile("b", null));
        (await Should.ThrowAsync<IOException>(client.RenameAsync("c", "d"))).Message.ShouldContain("cannot be told");

        node.Files["a"].Content.ShouldBe([2]);
        node.Files["b"].Content.ShouldBe([1]);
        node.Files["c"].Content.ShouldBe([2]);
    }

    [Fact]
    public async Task What_never_was_there_is_not_taken_for_renamed()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Files["b"] = PaperFile.Of([1]);
        node.Fail<NativeRequest.Get>(new Fault.CutInAnswer(0));
        node.Fail<NativeRequest.Rename>(new Fault.CutBeforeReply());

        (await Should.ThrowAsync<NodeRefusedException>(client.RenameAsync("a", "b"))).Status.ShouldBe(404);
    }

    [Fact]
    public async Task A_node_that_says_nothing_is_left_after_a_while()
    {
        await using var node = new PaperNode();
        var clock = new ClockThatStrikes();
        await using var client = Clients.Of(node, options => options with { Clock = clock });
        node.Fail<NativeRequest.Ping>(new Fault.Silence());

        var pinging = client.PingAsync();
        await clock.SetAsync(); // for the connection
        await clock.SetAsync(); // for the answer
        clock.Strike();
        await pinging;

        node.Heard.ShouldBe(["Ping", "Ping"]);
        node.Connections.ShouldBe(2);
    }

    [Fact]
    public async Task Who_gives_up_gets_rid_of_it_at_once_and_others_go_on()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Stat>(new Fault.Silence());
        using var cancel = new CancellationTokenSource();
        using var blocked = new BlockedStream();

        var asking = client.StatAsync("a", cancel.Token);
        var sending = client.PutAsync(blocked, "b", size: Large, cancel: cancel.Token);
        await blocked.Reached;
        await cancel.CancelAsync();

        await Should.ThrowAsync<OperationCanceledException>(asking);
        await Should.ThrowAsync<OperationCanceledException>(sending);
        await client.PingAsync();
    }

    [Fact]
    public async Task Files_in_parts_arrive_whole_over_several_connections_that_are_lost()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        using var folder = new TempFolder();
        var path = folder.Write("big", Clients.Bytes(Large));
        node.Fail<NativeRequest.Put>(new Fault.CutInBody(1000), part => part.Offset == 4096 * 100);
        node.Fail<NativeRequest.Put>(new Fault.CutBeforeReply(), part => part.Offset == 4096 * 300);
        node.Fail<NativeRequest.Join>(new Fault.CutBeforeReply());
        var told = new List<TransferProgress>();
        using var _ = client.Transfers.Subscribe(told.Add);

        var stored = await client.PutFileAsync(path, "big", new PutOptions { PartsAtOnce = 3, PartBytes = 4096 * 100 });

        node.Files["big"].Content.ShouldBeBytes(Clients.Bytes(Large));
        (stored.Md5, stored.Receipt).ShouldBe((Md5Digest.FromBytes(MD5.HashData(Clients.Bytes(Large))), new Receipt(1, "ab")));
        node.Heard.Count(heard => heard.StartsWith("part", StringComparison.Ordinal)).ShouldBe(8 + 2);
        node.Heard.Count(heard => heard.StartsWith("join", StringComparison.Ordinal)).ShouldBe(1);
        node.Connections.ShouldBeGreaterThanOrEqualTo(3);
        (told[^1].State, told[^1].DoneBytes).ShouldBe((TransferState.Done, Large));
    }

    [Fact]
    public async Task Another_process_goes_on_with_an_upload_by_its_name()
    {
        await using var node = new PaperNode();
        using var folder = new TempFolder();
        var path = folder.Write("big", Clients.Bytes(Large));
        var whole = new PutOptions { Upload = "mine" };
        var parts = new PutOptions { Upload = "ours", PartsAtOnce = 2, PartBytes = 4096 * 100 };
        await using (var first = Clients.Of(node, options => options with { Retry = RetryOptions.None }))
        {
            node.Fail<NativeRequest.Put>(new Fault.CutInBody(1_000_000), put => put.Upload == "mine");
            await Should.ThrowAsync<NodeLostException>(first.PutFileAsync(path, "a", whole));
        }
        // Of the other it has all parts but the last, and the first is that of another version.
        var there = node.Uploads["ours"] = new PaperUpload();
        for (var part = 0; part < 7; part++) there.Parts[part * 409_600] = Clients.Bytes(Large)[(part * 409_600)..((part + 1) * 409_600)];
        there.Parts[0][0] ^= 1;
        var before = node.Heard.Length;

        await using var second = Clients.Of(node);
        await second.PutFileAsync(path, "a", whole);
        await second.PutFileAsync(path, "b", parts);

        node.Heard.Skip(before).Take(3).ShouldBe(["resume a", "put a 1000000+2000000", "resume b"]);
        node.Heard.Skip(before + 3).Order().ShouldBe(["join b", "part b 0+409600", $"part b 2867200+{Large - 2_867_200}"]);
        node.Files["a"].Content.ShouldBeBytes(Clients.Bytes(Large));
        node.Files["b"].Content.ShouldBeBytes(Clients.Bytes(Large));
    }

    private static Rejection Named(string name) => Rejection.All.Single(rejection => rejection.Name == name);

    /// <summary>A stream that begins and never goes on.</summary>
    private sealed class BlockedStream : Stream
    {
        private readonly TaskCompletionSource _reached = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private bool _hasBegun;

        public Task Reached => _reached.Task;

        public override bool CanRead => true;

        public override bool CanSeek => false;

        public override bool CanWrite => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            if (!_hasBegun)
            {
                _hasBegun = true;
                return buffer.Length;
            }
            _reached.SetResult();
            await Task.Delay(Timeout.Infinite, cancellationToken);
            return 0;
        }

        public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException();

        public override void Flush() => throw new NotSupportedException();

        public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

        public override void SetLength(long value) => throw new NotSupportedException();

        public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
    }
}
