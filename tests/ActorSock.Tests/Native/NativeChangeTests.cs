using ActorSock.Events;
using ActorSock.Testing;
using ActorSock.Testing.Doubles;
using ActorSock.Tests.Commands;
using static ActorSock.Testing.NativePeer;

namespace ActorSock.Tests.Native;

/// <summary>Files that are deleted, renamed, or stored beside others of their name.</summary>
public sealed class NativeChangeTests
{
    private static readonly byte[] s_hello = "hello"u8.ToArray();

    [Fact]
    public async Task A_file_is_renamed_and_deleted_and_each_has_a_receipt()
    {
        await using var node = await TestNode.Start();
        using var peer = await With(node, "a");

        var renamed = await peer.Ask("""{"id":1,"action":"rename","name":"a","to":"b/c"}""");
        node.Stored().Keys.ShouldBe(["b/c"]);
        var deleted = await peer.Ask("""{"id":1,"action":"delete","name":"b/c"}""");

        (renamed.Status, (string?)renamed.Header["name"], (long)renamed.Header["receipt"]!["sequence"]!).ShouldBe((200, "b/c", 2));
        (deleted.Status, (long)deleted.Header["receipt"]!["sequence"]!).ShouldBe((200, 3));
        node.Stored().ShouldBeEmpty();
        var events = (await node.Events.Until<ServerEvent.FileRenamed>(), await node.Events.Until<ServerEvent.FileDeleted>());
        (events.Item1.File, events.Item1.Now, events.Item2.File).ShouldBe(("a", "b/c", "b/c"));
    }

    [Theory]
    [InlineData("""{"id":1,"action":"delete","name":"none"}""", "NameUnknown")]
    [InlineData("""{"id":1,"action":"delete","name":"none","md5":"5d41402abc4b2a76b9719d911017c592"}""", "NameUnknown")]
    [InlineData("""{"id":1,"action":"delete","name":"../a"}""", "NameRefused")]
    [InlineData("""{"id":1,"action":"delete","name":"a","md5":"5d41402abc4b2a76b9719d911017c593"}""", "Changed")]
    [InlineData("""{"id":1,"action":"rename","name":"none","to":"b"}""", "NameUnknown")]
    [InlineData("""{"id":1,"action":"rename","name":"none","to":"b","md5":"5d41402abc4b2a76b9719d911017c592"}""", "NameUnknown")]
    [InlineData("""{"id":1,"action":"rename","name":"a","to":"b","md5":"5d41402abc4b2a76b9719d911017c593"}""", "Changed")]
    [InlineData("""{"id":1,"action":"rename","name":"a","to":"b","md5":"5d41"}""", "FieldType")]
    [InlineData("""{"id":1,"action":"rename","name":"a","to":"b","sha256":"5d41"}""", "FieldType")]
    [InlineData("""{"id":1,"action":"rename","name":"a","to":"../b"}""", "NameRefused")]
    [InlineData("""{"id":1,"action":"rename","name":"a","to":"there","exists":"refuse"}""", "Exists")]
    [InlineData("""{"id":1,"action":"rename","name":"a","to":"there/below"}""", "NameTaken")]
    [InlineData("""{"id":1,"action":"put","name":"a","body":0,"exists":"refuse"}""", "Exists")]
    public async Task What_cannot_be_is_refused_and_changes_nothing(string asked, string error)
    {
        await using var node = await TestNode.Start();
        using var peer = await With(node, "a", "there");

        (await peer.Ask(asked)).Error.ShouldBe(error);

        node.Stored().Keys.Order().ShouldBe(["a", "there"]);
        (await node.Events.Until<ServerEvent.Refused>()).Rejection.ShouldBe(error);
        (await peer.Ask("""{"id":1,"action":"ping"}""")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Only_the_file_that_was_meant_is_deleted()
    {
        await using var node = await TestNode.Start();
        using var peer = await With(node, "a");
        await File.WriteAllTextAsync(Path.Combine(node.Root, "foreign"), "hello");

        (await peer.Ask("""{"id":1,"action":"delete","name":"a","md5":"5d41402abc4b2a76b9719d911017c592"}""")).Status.ShouldBe(200);
        (await peer.Ask("""{"id":1,"action":"delete","name":"foreign","md5":"5d41402abc4b2a76b9719d911017c592"}""")).Status.ShouldBe(200);

        node.Stored().ShouldBeEmpty();
    }

    [Fact]
    public async Task Only_the_file_that_was_meant_is_renamed()
    {
        await using var node = await TestNode.Start();
        using var peer = await With(node, "a");
        await File.WriteAllTextAsync(Path.Combine(node.Root, "foreign"), "hello");

        var known = await peer.Ask("""{"id":1,"action":"rename","name":"a","to":"b","md5":"5d41402abc4b2a76b9719d911017c592"}""");
        var read = await peer.Ask(
            """{"id":1,"action":"rename","name":"foreign","to":"b","exists":"keep-both","md5":"5d41402abc4b2a76b9719d911017c592"}""");

        (known.Status, (string?)known.Header["name"], read.Status, (string?)read.Header["name"]).ShouldBe((200, "b", 200, "b (2)"));
        node.Stored().Keys.Order().ShouldBe(["b", "b (2)"]);
    }

    [Fact]
    public async Task Whoever_wants_both_gets_another_name()
    {
        await using var node = await TestNode.Start();
        using var peer = await With(node, "a.txt");

        await peer.Wire.Send([.. Enumerable.Range(0, 3).Select(id => Frame(new { id, action = "put", name = "a.txt", body = 5, exists = "keep-both" }, s_hello))]);
        var names = (await peer.Read(3)).OrderBy(reply => reply.Id).Select(reply => (string?)reply.Header["name"]);

        names.ShouldBe(["a (2).txt", "a (3).txt", "a (4).txt"]);
        node.Stored().Count.ShouldBe(4);
    }

    [Theory]
    [InlineData("")]
    [InlineData(",\"upload\":\"u\"")]
    [InlineData(",\"ack\":\"received\"")]
    public async Task Whoever_wants_to_keep_what_is_there_is_told_of_it_before_the_body(string more)
    {
        await using var node = await TestNode.Start();
        using var peer = await With(node, "a.txt");

        await peer.Send($$"""{"id":1,"action":"put","name":"a.txt","body":100000,"exists":"refuse"{{more}}}""");
        var refused = await peer.Read();
        await peer.Wire.Send(new byte[100_000], Put(2, "b", s_hello));

        (refused.Id, refused.Status, refused.Error, refused.Closes).ShouldBe((1, 412, "Exists", false));
        (await peer.Read()).Status.ShouldBe(201);
        node.Stored().Keys.Order().ShouldBe(["a.txt", "b"]);
        await node.NothingIsLeft();
    }

    [LinuxTheory]
    [InlineData("link")]
    [InlineData("folder/link")]
    public async Task What_is_no_plain_file_keeps_its_name(string name)
    {
        await using var node = await TestNode.Start();
        using var peer = await With(node, "a", "folder/b");
        File.CreateSymbolicLink(Path.Combine(node.Root, name), Path.Combine(node.Root, "a"));

        foreach (var asked in new object[]
        {
            new { id = 1, action = "put", name, body = 0 },
            new { id = 1, action = "rename", name = "a", to = name },
            new { id = 1, action = "delete", name },
        })
            (await peer.Ask(asked)).Error.ShouldBe("NameTaken");
        await peer.Send(new { id = 1, action = "put", name, body = 100_000 }, new byte[100_000]);
        (await peer.Read()).Error.ShouldBe("NameTaken");
        (await peer.Ask(new { id = 1, action = "get", name })).Error.ShouldBe("NameUnknown");

        File.ResolveLinkTarget(Path.Combine(node.Root, name), returnFinalTarget: false).ShouldNotBeNull();
        await node.NothingIsLeft();
    }

    [Fact]
    public async Task What_is_under_way_at_a_crash_is_answered_all_the_same()
    {
        var disk = new DiskScript();
        await using var node = await TestNode.Start(null, disk.Around);
        using var peer = await With(node, "a", "b");
        var held = disk.Hold(DiskStep.LogWrite);

        await peer.Wire.Send(Frame("""{"id":1,"action":"delete","name":"a"}"""), Frame("""{"id":2,"action":"rename","name":"b","to":"c"}"""));
        await held.Reached;
        await Bodies.Until("both are under way", async () => (await node.Node.Tree()).Children.Single(c => c.Name == "connections")
            .Children[0].Note.Contains("2 requests under way", StringComparison.Ordinal));
        node.Node.System.ActorSelection("/user/server/connections/c-000001").Tell(Kill.Instance, ActorRefs.NoSender);
        await node.Events.Until<ServerEvent.Restarted>();
        held.Release();

        (await peer.Read(2)).Select(reply => (reply.Id, reply.Status)).Order().ShouldBe([(1, 200), (2, 200)]);
        node.Stored().Keys.ShouldBe(["c"]);
    }

    private static async Task<NativePeer> With(TestNode node, params string[] names)
    {
        var peer = await Connect(node);
        await peer.Wire.Send([.. names.Select((name, id) => Put(id, name, s_hello))]);
        await peer.Read(names.Length);
        return peer;
    }
}
