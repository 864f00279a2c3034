using System.Reactive.Linq;
using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>Files that are written while they are sent.</summary>
public sealed class ChangingSourceTests : IDisposable
{
    private const int Large = 3_000_000;
    private static readonly PutOptions s_parts = new() { PartsAtOnce = 2, PartBytes = 4096 * 100 };

    private readonly TempFolder _here = new();

    public void Dispose() => _here.Dispose();

    public static TheoryData<string, int, bool, DigestTold> Ways()
    {
        var ways = new TheoryData<string, int, bool, DigestTold>();
        foreach (var how in new[] { "longer", "shorter", "other" })
        {
            ways.Add(how, 5, false, DigestTold.After);
            ways.Add(how, Large, true, DigestTold.After);
            foreach (var told in Enum.GetValues<DigestTold>()) ways.Add(how, Large, false, told);
        }
        return ways;
    }

    [Theory]
    [MemberData(nameof(Ways))]
    public async Task What_changes_once_is_sent_once_more_and_only_that_is_stored(string how, int size, bool inParts, DigestTold told)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var path = Write(size);
        using var _ = client.Transfers.Where(each => each.State == TransferState.Moving && each.DoneBytes >= size / 2 - 2).Take(1)
            .Subscribe(_ => Change(path, how));

        var stored = await client.PutFileAsync(path, "a", (inParts ? s_parts : new PutOptions()) with { DigestTold = told });

        node.Files["a"].Content.ShouldBeBytes(File.ReadAllBytes(path));
        stored.Receipt!.Sequence.ShouldBe(1);
    }

    [Theory]
    [InlineData(5, false)]
    [InlineData(Large, false)]
    [InlineData(Large, true)]
    public async Task What_changes_all_the_time_is_told_and_not_stored(int size, bool inParts)
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var path = Write(size);
        using var _ = client.Transfers.Subscribe(_ => Change(path, "longer"));

        (await Should.ThrowAsync<IOException>(client.PutFileAsync(path, "a", inParts ? s_parts : null)))
            .Message.ShouldBe("it changed while it was sent");

        node.Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task What_changes_behind_the_last_look_is_found_by_the_node_and_sent_once_more()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var path = Write(Large);
        node.Fail<NativeRequest.Put>(new Fault.Refuse(Rejection.DigestDiffers));
        using var _ = client.Transfers.Where(each => each.State == TransferState.Moving && each.DoneBytes == Large).Take(1)
            .Subscribe(_ => Change(path, "other"));

        await client.PutFileAsync(path, "a");

        node.Files["a"].Content.ShouldBeBytes(File.ReadAllBytes(path));
    }

    [Fact]
    public async Task What_changes_and_has_a_digest_that_was_known_is_told_at_once()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var path = Write(Large);
        using var _ = client.Transfers.Where(each => each.State == TransferState.Moving && each.DoneBytes > 0).Take(1)
            .Subscribe(_ => Change(path, "shorter"));

        (await Should.ThrowAsync<IOException>(client.PutFileAsync(path, "a", new PutOptions { Known = BodyDigest.Of(DigestKind.Md5, Clients.Bytes(Large)) })))
            .Message.ShouldBe("it changed while it was sent");

        node.Files.ShouldBeEmpty();
        node.Heard.Count(heard => heard.StartsWith("put")).ShouldBe(1);
    }

    [Fact]
    public async Task What_a_class_of_its_own_reads_is_sent_and_not_what_is_in_its_file()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        await using var upsideDown = new InvertedFile(Write(Large));

        await client.PutAsync(upsideDown, "a");

        node.Files["a"].Content.ShouldBeBytes([.. Clients.Bytes(Large).Select(each => (byte)~each)]);
    }

    [Fact]
    public async Task What_the_node_finds_wrong_in_a_file_that_has_not_changed_is_told()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        node.Fail<NativeRequest.Put>(new Fault.Refuse(Rejection.DigestDiffers));

        (await Should.ThrowAsync<NodeRefusedException>(client.PutFileAsync(Write(Large), "a"))).Status.ShouldBe(204);
    }

    [Fact]
    public async Task Of_a_stream_so_many_bytes_are_sent_whatever_comes_behind_them()
    {
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);
        var path = Write(Large);
        using var _ = client.Transfers.Take(1).Subscribe(_ => Change(path, "longer"));
        await using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite);

        await client.PutAsync(file, "a", size: Large);

        node.Files["a"].Content.ShouldBeBytes(Clients.Bytes(Large));
    }

    [Fact]
    public async Task What_the_system_makes_up_as_it_is_read_has_no_length_and_is_sent_all_the_same()
    {
        if (!OperatingSystem.IsLinux()) return;
        await using var node = new PaperNode();
        await using var client = Clients.Of(node);

        await client.PutFileAsync("/proc/version", "a");
        await client.PutFileAsync(_here.Write("empty", []), "b");

        node.Files["a"].Content.ShouldBeBytes(File.ReadAllBytes("/proc/version"));
        node.Heard.ShouldContain("put b 0+0");
    }

    /// <summary>Writes a file whose time is not that of the change which comes.</summary>
    private string Write(int size)
    {
        var path = _here.Write("a", Clients.Bytes(size));
        File.SetLastWriteTimeUtc(path, DateTime.UtcNow - TimeSpan.FromMinutes(10));
        return path;
    }

    private static void Change(string path, string how)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.ReadWrite, FileShare.ReadWrite);
        if (how == "shorter") file.SetLength(file.Length / 2);
        if (how == "longer") file.Seek(0, SeekOrigin.End);
        file.Write([255, 254, 253]);
    }

    private sealed class InvertedFile(string path) : FileStream(path, FileMode.Open, FileAccess.Read)
    {
        public override int Read(Span<byte> buffer)
        {
            var count = base.Read(buffer);
            foreach (ref var each in buffer[..count]) each = (byte)~each;
            return count;
        }

        public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
        {
            await Task.Yield();
            return Read(buffer.Span);
        }
    }
}
