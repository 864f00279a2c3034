using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Files;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>Digests that travel with files, and stand for what is in them or for nothing.</summary>
public sealed partial class DigestTests : IDisposable
{
    private static readonly DateTimeOffset s_noon = new(2026, 11, 20, 12, 0, 0, TimeSpan.Zero);

    private readonly ScratchRoot _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [LinuxFact]
    public void Whoever_looks_at_a_stored_file_finds_the_digests_that_it_was_stored_with()
    {
        using var root = _scratch.Open();
        root.Store(Name("a/b"), "hello"u8, Stamp("hello", withSha256: true));
        root.Store(Name("c"), "hello"u8, Stamp("hello"));
        root.Store(Name("c"), "world"u8, Stamp("world")); // in place of another
        root.Store(Name("d"), "hello"u8);

        Look(root, "a/b").ShouldBe(new StoredFile(5, s_noon, Stamp("hello", withSha256: true).Digests));
        Look(root, "c").ShouldBe(new StoredFile(5, s_noon, Stamp("world").Digests));
        root.Stat(Name("d"))!.Value.Digests.ShouldBe(default);
        using var opened = root.Open(Name("a/b"));
        opened!.Found.ShouldBe(root.Stat(Name("a/b"))!.Value);
    }

    [LinuxFact]
    public void A_part_file_has_its_digests_before_it_has_its_name()
    {
        using var root = _scratch.Open(time: new FixedTime(s_noon));
        foreach (var (name, bytes) in new[] { ("small", 10), ("direct", 3 << 20), ("odd", (1 << 20) + 77) })
        {
            var body = RandomNumberGenerator.GetBytes(bytes);
            using var file = root.Create("c-1", Name(name), bytes);
            file.Write(body);

            root.PublishPart(file.Seal(DigestsOf(body)), Name(name));

            Look(root, name).ShouldBe(new StoredFile(bytes, s_noon, DigestsOf(body)));
        }
    }

    [LinuxFact]
    public void A_change_of_content_voids_the_digest_however_soon_it_comes()
    {
        using var root = _scratch.Open();
        for (var i = 0; i < 200; i++)
        {
            root.Store(Name("a"), "hello"u8, new FileStamp(TimeProvider.System.GetUtcNow(), Stamp("hello").Digests));
            using (var file = File.OpenHandle(_scratch.Below("a"), access: FileAccess.Write))
                RandomAccess.Write(file, "j"u8, 0); // in place, and of the same size

            root.Stat(Name("a"))!.Value.Digests.ShouldBe(default);
            root.Digest(Name("a"))!.Value.Md5.ShouldBe(Md5Of("jello"));
        }
    }

    [LinuxFact]
    public void Another_time_or_size_voids_the_digest_and_the_right_ones_bring_it_back()
    {
        using var root = _scratch.Open();
        root.Store(Name("a"), "hello"u8, Stamp("hello"));

        File.SetLastWriteTimeUtc(_scratch.Below("a"), s_noon.UtcDateTime.AddTicks(1));
        Look(root, "a").ShouldBe(new StoredFile(5, s_noon.AddTicks(1), default));
        File.SetLastWriteTimeUtc(_scratch.Below("a"), s_noon.UtcDateTime);
        root.Stat(Name("a"))!.Value.Md5.ShouldBe(Md5Of("hello"));
        File.AppendAllText(_scratch.Below("a"), "!");
        File.SetLastWriteTimeUtc(_scratch.Below("a"), s_noon.UtcDateTime);
        Look(root, "a").ShouldBe(new StoredFile(6, s_noon, default));
    }

    [LinuxFact]
    public void A_digest_that_was_asked_for_is_remembered_once_the_file_has_come_to_rest()
    {
        using var root = _scratch.Open();
        File.WriteAllText(_scratch.Below("fresh"), "hello");
        File.WriteAllText(_scratch.Below("old"), "hello");
        File.SetLastWriteTimeUtc(_scratch.Below("old"), s_noon.UtcDateTime);

        root.Digest(Name("fresh"))!.Value.Md5.ShouldBe(Md5Of("hello"));
        root.Digest(Name("old"))!.Value.Md5.ShouldBe(Md5Of("hello"));

        root.Stat(Name("fresh"))!.Value.Digests.ShouldBe(default, "it might be changed again without its time telling");
        Look(root, "old").ShouldBe(new StoredFile(5, s_noon, new FileDigests(Md5Of("hello"))));
        File.GetLastWriteTimeUtc(_scratch.Below("old")).ShouldBe(s_noon.UtcDateTime);
    }

    [LinuxFact]
    public void A_digest_that_was_asked_for_joins_the_one_that_is_there()
    {
        using var root = _scratch.Open();
        var sha256 = Stamp("hello", withSha256: true).Digests.Sha256;
        root.Store(Name("a"), "hello"u8, new FileStamp(s_noon, new FileDigests(null, sha256)));

        root.Stat(Name("a"))!.Value.Digests.ShouldBe(new FileDigests(null, sha256));
        root.Digest(Name("a"));

        root.Stat(Name("a"))!.Value.Digests.ShouldBe(new FileDigests(Md5Of("hello"), sha256));
    }

    [LinuxFact]
    public void An_attribute_that_is_none_of_ours_is_no_digest()
    {
        using var root = _scratch.Open();
        root.Store(Name("a"), "hello"u8, Stamp("hello"));
        var whole = new byte[DigestAttribute.BytesMax];
        var length = Get(_scratch.Below("a"), "user.actorsock", whole, whole.Length);
        length.ShouldBe(36);

        for (var cut = 0; cut < length; cut++)
        {
            SetAttribute("a", whole[..cut]);
            root.Stat(Name("a"))!.Value.Digests.ShouldBe(default);
        }
        byte[][] others = [[.. whole[..36], 0], [2, .. whole[1..36]], [1, 4, .. whole[2..36]], new byte[500], [1, 0, .. whole[2..20]]];
        foreach (var other in others)
        {
            SetAttribute("a", other);
            root.Stat(Name("a"))!.Value.Digests.ShouldBe(default);
            root.List(new FileQuery(null, "", null, 10, true)).Entries.Single().Md5.ShouldBeNull();
        }
        SetAttribute("a", whole[..36]);
        root.Stat(Name("a"))!.Value.Md5.ShouldBe(Md5Of("hello"));
    }

    [MountFact]
    public void Where_no_attributes_are_kept_the_digest_is_computed()
    {
        using var disk = new TmpFs(_scratch.Path, "", "ramfs");
        using var root = _scratch.Open();

        root.Store(Name("a"), "hello"u8, Stamp("hello"));

        root.Stat(Name("a"))!.Value.Digests.ShouldBe(default);
        root.Digest(Name("a"))!.Value.Md5.ShouldBe(Md5Of("hello"));
    }

    [Theory, InlineData(false), InlineData(true)]
    public void What_is_no_file_is_not_there(bool portable)
    {
        using var root = _scratch.Open(portable);
        root.Store(Name("a/b"), "b"u8);
        File.WriteAllText(_scratch.Beside("outside"), "secret");
        File.CreateSymbolicLink(_scratch.Below("link"), _scratch.Beside("outside"));
        Directory.CreateSymbolicLink(_scratch.Below("folder"), _scratch.Beside(""));
        if (OperatingSystem.IsLinux() && !portable)
            MakePipe(_scratch.Below("pipe"), 0x1B6).ShouldBe(0);

        foreach (var name in new[] { "a", "c", "c/d", "a/b/c", "link", "folder/outside", "pipe", new string('n', 255) })
        {
            root.Stat(Name(name)).ShouldBeNull(name);
            root.Digest(Name(name)).ShouldBeNull(name);
            root.Open(Name(name)).ShouldBeNull(name);
            root.List(new FileQuery(null, name, null, 10, true)).Entries.Where(entry => entry.Name != "a/b").ShouldBeEmpty(name);
        }
        root.Exists(Name("a")).ShouldBeTrue();
        root.Exists(Name("link")).ShouldBeTrue();
        root.Exists(Name("folder/outside")).ShouldBeFalse();
        root.Exists(Name("a/b/c")).ShouldBeFalse();
    }

    [Theory, InlineData(false), InlineData(true)]
    public void What_is_read_is_one_version_also_when_another_takes_its_name(bool portable)
    {
        using var root = _scratch.Open(portable);
        root.Store(Name("a"), "the first"u8, Stamp("the first"));
        using var file = root.Open(Name("a"))!;
        var bytes = new byte[100];

        root.Store(Name("a"), "the second"u8, Stamp("the second"));

        file.Found.Size.ShouldBe(9);
        file.Read(bytes, 4).ShouldBe(5);
        Encoding.UTF8.GetString(bytes, 0, 5).ShouldBe("first");
        file.Read(bytes, 9).ShouldBe(0);
        root.Remove(Name("a")).ShouldBeTrue();
        file.Read(bytes, 0).ShouldBe(9);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_removed_file_is_gone_and_its_folder_stays(bool portable)
    {
        using var root = _scratch.Open(portable);
        root.Store(Name("a/b"), "b"u8);
        Directory.CreateSymbolicLink(_scratch.Below("link"), _scratch.Below("a"));

        root.Remove(Name("link/b")).ShouldBeFalse("no link is followed");
        Should.Throw<StorageException>(() => root.Remove(Name("a"))).Fault.ShouldBe(StorageFault.NameTaken);
        root.Remove(Name("a/b")).ShouldBeTrue();

        root.Remove(Name("a/b")).ShouldBeFalse();
        root.Remove(Name("c/d")).ShouldBeFalse();
        root.Remove(Name("a/b/c")).ShouldBeFalse();
        Directory.Exists(_scratch.Below("a")).ShouldBeTrue();
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_renamed_file_takes_its_digest_along_and_replaces_what_was_there(bool portable)
    {
        using var root = _scratch.Open(portable);
        root.Store(Name("a"), "hello"u8, Stamp("hello"));
        root.Store(Name("x/y"), "other"u8, Stamp("other"));

        root.Rename(Name("a"), Name("x/y"));
        root.SyncFolder(Name("x/y"));
        root.SyncAll();

        _scratch.Visible().ShouldBe(["x/y"]);
        File.ReadAllText(_scratch.Below("x/y")).ShouldBe("hello");
        if (OperatingSystem.IsLinux() && !portable)
            Look(root, "x/y").ShouldBe(new StoredFile(5, s_noon, Stamp("hello").Digests));
        root.Rename(Name("x/y"), Name("new/folder/z"));
        _scratch.Visible().ShouldBe(["new/folder/z"]);
        root.Rename(Name("new/folder/z"), Name("new/folder/z"));
        _scratch.Visible().ShouldBe(["new/folder/z"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void What_cannot_be_renamed_stays_what_it_is(bool portable)
    {
        using var root = _scratch.Open(portable);
        root.Store(Name("a"), "a"u8);
        root.Store(Name("folder/b"), "b"u8);
        File.CreateSymbolicLink(_scratch.Below("link"), _scratch.Below("a"));

        foreach (var (name, to, fault) in new[]
        {
            ("c", "d", StorageFault.NameUnknown), ("folder", "d", StorageFault.NameUnknown), ("link", "d", StorageFault.NameUnknown),
            ("folder/c", "d", StorageFault.NameUnknown), ("a/b", "d", StorageFault.NameUnknown),
            ("a", "folder", StorageFault.NameTaken), ("folder/b", "a/b", StorageFault.NameTaken),
        })
        {
            Should.Throw<StorageException>(() => root.Rename(Name(name), Name(to))).Fault.ShouldBe(fault, $"{name} to {to}");
        }
        _scratch.Visible().ShouldBe(["a", "folder/b", "link"]);
    }

    [LinuxFact]
    public void One_file_with_two_names_that_is_renamed_to_the_other_has_one_name()
    {
        using var root = _scratch.Open();
        root.Store(Name("a"), "a"u8);
        Link(_scratch.Below("a"), _scratch.Below("b")).ShouldBe(0);

        root.Rename(Name("a"), Name("b"));

        _scratch.Visible().ShouldBe(["b"]);
        File.ReadAllText(_scratch.Below("b")).ShouldBe("a");
    }

    private static StoredFile? Look(FileRoot root, string name) =>
        root.Stat(Name(name)) is { } found && found.Inode != 0 ? found with { Inode = 0 } : null;

    private static FileStamp Stamp(string text, bool withSha256 = false)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        return new FileStamp(s_noon, DigestsOf(bytes) with
        {
            Sha256 = withSha256 ? ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData(bytes)) : null,
        });
    }

    private static FileDigests DigestsOf(byte[] bytes) => new(Md5Digest.FromBytes(MD5.HashData(bytes)));

    private static Md5Digest Md5Of(string text) => Md5Digest.FromBytes(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    private void SetAttribute(string name, byte[] value) =>
        Set(_scratch.Below(name), "user.actorsock", value, value.Length, 0).ShouldBe(0);

    [LibraryImport("libc", EntryPoint = "mkfifo", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int MakePipe(string path, uint mode);

    [LibraryImport("libc", EntryPoint = "link", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Link(string path, string other);

    [LibraryImport("libc", EntryPoint = "setxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Set(string path, string name, byte[] value, nint size, int flags);

    [LibraryImport("libc", EntryPoint = "getxattr", StringMarshalling = StringMarshalling.Utf8)]
    private static partial nint Get(string path, string name, [Out] byte[] value, nint size);
}
