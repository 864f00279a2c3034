using System.Reactive.Linq;
using ActorSock.Client.Native;

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
}
