using ActorSock.Client.Native;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>Digests that are remembered from one run to the next.</summary>
public sealed class DigestCacheTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 9, 30, 5, TimeSpan.Zero);

    private readonly TempFolder _caches = new();

    public void Dispose() => _caches.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(1000)]
    public void What_was_digested_in_any_order_is_found_in_that_of_names(int heldMax)
    {
        var names = Names(100);
        using var first = Open(heldMax);
        foreach (var name in names) Find(first, name, Stamp(name)).ShouldBeNull();
        var mixed = names.ToArray();
        new Random(7).Shuffle(mixed);
        foreach (var name in mixed) first.Remember("", name, Stamp(name), Md5(name), s_now);
        first.Save(isWhole: true);

        // Each third has changed since, each fifth is gone.
        using var second = Open(heldMax);
        for (var i = 0; i < names.Length; i++)
        {
            if (i % 5 == 0) continue;
            var stamp = Stamp(names[i]) with { Inode = i % 3 == 0 ? 2UL : 1 };
            Find(second, names[i], stamp).ShouldBe(i % 3 == 0 ? null : Md5(names[i]));
            if (i % 3 == 0) second.Remember("", names[i], stamp, default, s_now);
        }
        second.Save(isWhole: true);

        using var third = Open(heldMax);
        for (var i = 0; i < names.Length; i++)
            Find(third, names[i], Stamp(names[i]) with { Inode = i % 3 == 0 ? 2UL : 1 })
                .ShouldBe(i % 5 == 0 ? null : i % 3 == 0 ? default(Md5Digest) : Md5(names[i]));
        third.Save(isWhole: true);
        Directory.GetFiles(_caches.Path).ShouldHaveSingleItem();
    }

    [Fact]
    public void That_its_folder_is_removed_meanwhile_is_told_and_no_more()
    {
        var cache = Open(heldMax: 1);
        Find(cache, "a", Stamp("a"));
        cache.Remember("", "a", Stamp("a"), Md5("a"), s_now);
        Directory.Delete(_caches.Path, recursive: true);

        Should.Throw<IOException>(() => cache.Save(isWhole: true));

        cache.Dispose();
        Directory.CreateDirectory(_caches.Path);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void What_a_run_that_failed_has_not_come_to_is_not_forgotten(bool isWhole)
    {
        var names = Names(10);
        Fill(names);
        using var cache = Open();
        Find(cache, names[4], Stamp(names[4])).ShouldNotBeNull();
        cache.Remember("", names[4], Stamp(names[4]), default, s_now);
        cache.Save(isWhole);

        using var next = Open();

        Find(next, names[4], Stamp(names[4])).ShouldBe(default(Md5Digest));
        Find(next, names[9], Stamp(names[9])).ShouldBe(isWhole ? null : Md5(names[9]));
    }

    [Fact]
    public void It_is_read_as_it_is_asked_for_and_never_held()
    {
        Fill(Names(50_000));

        var before = GC.GetAllocatedBytesForCurrentThread();
        using var cache = Open();

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBeLessThan(1 << 20);
        Find(cache, "00100", Stamp("00100")).ShouldBe(Md5("00100"));
        cache.Save(isWhole: false);
    }

    [Fact]
    public void The_digest_of_a_folder_is_remembered_with_those_of_its_files()
    {
        Fill(["a", "b"]);
        using (var cache = Open())
        {
            cache.Remember("f/", "c", Stamp("c"), Md5("c"), s_now);
            cache.Save(isWhole: false);
        }

        using var next = Open();

        var digest = new FolderDigest();
        digest.Add("a", 1, Md5("a"));
        digest.Add("b", 1, Md5("b"));
        next.Find("", "a", Stamp("a"))!.Folder.Digest.ShouldBe(digest.Current);
        next.Find("", "b", Stamp("b"))!.Folder.Files.ShouldBe(2);
        next.Find("f/", "c", Stamp("c"))!.Folder.Files.ShouldBe(1);
    }

    [Fact]
    public void The_files_of_a_folder_come_before_the_folders_in_it_and_those_in_the_order_of_their_bytes()
    {
        (string Folder, string Name)[] walk = [("", "z"), ("a-b/", "x"), ("a/", "x"), ("a/b/", "x"), ("ab/", "x"), ("￮/", "x"), ("😀/", "x")];
        using (var cache = Open(heldMax: 3))
        {
            foreach (var (folder, name) in walk.Reverse()) cache.Remember(folder, name, Stamp(name), Md5(folder), s_now);
            cache.Save(isWhole: true);
        }

        using var next = Open();

        foreach (var (folder, name) in walk) next.Find(folder, name, Stamp(name))?.Md5.ShouldBe(Md5(folder));
    }

    [Fact]
    public void What_has_not_changed_is_not_written_again()
    {
        var names = Names(10);
        Fill(names);
        var file = Directory.GetFiles(_caches.Path).ShouldHaveSingleItem();
        File.SetLastWriteTimeUtc(file, s_now.UtcDateTime);
        using (var cache = Open())
        {
            foreach (var name in names) Find(cache, name, Stamp(name)).ShouldNotBeNull();
            cache.Save(isWhole: true);
        }

        Directory.GetFiles(_caches.Path).ShouldBe([file]);
        File.GetLastWriteTimeUtc(file).ShouldBe(s_now.UtcDateTime);
    }

    private static Md5Digest? Find(DigestCache cache, string name, FileStamp stamp) => cache.Find("", name, stamp)?.Md5;

    private void Fill(string[] names)
    {
        using var cache = Open();
        foreach (var name in names) cache.Remember("", name, Stamp(name), Md5(name), s_now);
        cache.Save(isWhole: true);
    }

    private DigestCache Open(int heldMax = 1 << 16) => DigestCache.Open(_caches.Path, "/folder", heldMax);

    private static string[] Names(int count) => [.. Enumerable.Range(0, count).Select(number => $"{number:00000}")];

    private static FileStamp Stamp(string name) => new(name.Length, 5, 6, 1);

    private static Md5Digest Md5(string name) =>
        Md5Digest.FromBytes(System.Security.Cryptography.MD5.HashData(System.Text.Encoding.UTF8.GetBytes(name)));
}
