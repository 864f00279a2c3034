using System.Runtime.InteropServices;
using System.Runtime.Versioning;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Files;
using ActorSock.Wire;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>Small files that are stored whole, in each of the ways that systems offer.</summary>
public sealed partial class StoreTests : IDisposable
{
    private readonly ScratchRoot _scratch = new();

    /// <summary>How a whole file gets its name.</summary>
    public enum Way { LinkedByDescriptor, LinkedByProc, Renamed, Portable }

    public static TheoryData<Way> Ways => OperatingSystem.IsLinux() ? [.. Enum.GetValues<Way>()] : [Way.Portable];

    public void Dispose() => _scratch.Dispose();

    [Theory, MemberData(nameof(Ways))]
    public void A_stored_file_has_its_bytes_and_leaves_nothing_else(Way way)
    {
        using var volume = Open(way);
        var bytes = Enumerable.Range(0, 64 << 10).Select(i => (byte)(i * 7)).ToArray();

        volume.Store(Name("数据/深/a b.bin"), bytes);
        volume.Store(Name("empty"), []);
        volume.Store(Name("small"), bytes.AsSpan(0, 10));
        volume.SyncAll();

        File.ReadAllBytes(_scratch.Below("数据/深/a b.bin")).ShouldBe(bytes);
        File.ReadAllBytes(_scratch.Below("empty")).ShouldBeEmpty();
        File.ReadAllBytes(_scratch.Below("small")).ShouldBe(bytes[..10]);
        _scratch.Visible().Length.ShouldBe(3);
        Directory.GetFileSystemEntries(_scratch.Staging).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_stored_file_replaces_the_old_one_whole(Way way)
    {
        using var volume = Open(way);
        Store(volume, "a", "the first one, which is longer");
        using var reader = File.OpenRead(_scratch.Below("a"));

        Store(volume, "a", "second");
        Store(volume, "a", "third");

        File.ReadAllText(_scratch.Below("a")).ShouldBe("third");
        new StreamReader(reader).ReadToEnd().ShouldBe("the first one, which is longer");
        Directory.GetFileSystemEntries(_scratch.Staging).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_folder_under_the_name_is_refused_and_nothing_is_left(Way way)
    {
        using var volume = Open(way);
        Store(volume, "a/b", "b");

        var refused = Should.Throw<StorageException>(() => Store(volume, "a", "a"));

        refused.Fault.ShouldBe(StorageFault.NameTaken);
        refused.Message.ShouldBe(
            "cannot store 'a': a folder has this name: send it under another name or remove the folder");
        _scratch.Visible().ShouldBe(["a/b"]);
        Directory.GetFileSystemEntries(_scratch.Staging).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_file_or_a_link_on_the_way_is_refused(Way way)
    {
        using var volume = Open(way);
        Store(volume, "a", "a");
        Directory.CreateSymbolicLink(_scratch.Below("link"), _scratch.Beside(""));

        Should.Throw<StorageException>(() => Store(volume, "a/b", "b")).Fault.ShouldBe(StorageFault.NameTaken);
        Should.Throw<StorageException>(() => Store(volume, "link/b", "b")).Fault.ShouldBe(StorageFault.Linked);

        File.Exists(_scratch.Beside("b")).ShouldBeFalse();
        Directory.GetFileSystemEntries(_scratch.Staging).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_link_under_the_name_is_replaced_not_followed(Way way)
    {
        using var volume = Open(way);
        File.WriteAllText(_scratch.Beside("outside"), "untouched");
        File.CreateSymbolicLink(_scratch.Below("a"), _scratch.Beside("outside"));
        File.CreateSymbolicLink(_scratch.Below("dangling"), _scratch.Beside("nothing"));

        Store(volume, "a", "new");
        Store(volume, "dangling", "new");

        File.ReadAllText(_scratch.Beside("outside")).ShouldBe("untouched");
        File.Exists(_scratch.Beside("nothing")).ShouldBeFalse();
        new FileInfo(_scratch.Below("a")).LinkTarget.ShouldBeNull();
        File.ReadAllText(_scratch.Below("dangling")).ShouldBe("new");
    }

    [Theory, MemberData(nameof(Ways))]
    public void Many_stores_at_once_into_new_folders_all_arrive(Way way)
    {
        using var volume = Open(way);

        Parallel.For(0, 200, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            Store(volume, i % 4 == 0 ? "same" : $"new/{i % 8}/{i}", $"{i}"));

        _scratch.Visible().Length.ShouldBe(151);
        Directory.GetFileSystemEntries(_scratch.Staging).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Ways)), SupportedOSPlatform("linux")]
    public async Task Whoever_reads_sees_no_half_of_a_file(Way way)
    {
        using var volume = Open(way);
        using var done = new CancellationTokenSource();
        Store(volume, "a", new string('0', 50_000));
        var seen = 0;
        var reading = Task.Run(() =>
        {
            for (; !done.IsCancellationRequested; seen++)
            {
                var text = File.ReadAllText(_scratch.Below("a"));
                (text.Length, text.Distinct().Count()).ShouldBe((50_000, 1));
            }
        });

        for (var i = 0; i < 200 || Volatile.Read(ref seen) < 20; i++)
            Store(volume, "a", new string((char)('0' + i % 10), 50_000));

        await done.CancelAsync();
        await reading;
    }

    [LinuxFact]
    public void A_folder_that_is_removed_again_and_again_loses_no_file()
    {
        using var volume = Open(Way.LinkedByDescriptor);
        using var done = new CancellationTokenSource();
        var (folder, removals) = (_scratch.Below("a"), 0);
        var removing = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    Directory.Delete(folder); // only while it is empty
                    Interlocked.Increment(ref removals);
                }
                catch (IOException)
                {
                    // not there, or a file is in it
                }
            }
        });
        removing.Start();

        for (var i = 0; i < 50 || Volatile.Read(ref removals) < 20; i++)
        {
            Store(volume, "a/b", $"{i}");
            File.ReadAllText(_scratch.Below("a/b")).ShouldBe($"{i}");
            File.Delete(_scratch.Below("a/b"));
        }

        done.Cancel();
        removing.Join();
    }

    [Theory, MemberData(nameof(Ways)), SupportedOSPlatform("linux")]
    public void Who_may_read_a_stored_file_follows_the_umask(Way way)
    {
        using var volume = Open(way);
        File.WriteAllText(_scratch.Beside("mine"), "made the ordinary way");

        Store(volume, "a", "a");

        File.GetUnixFileMode(_scratch.Below("a")).ShouldBe(File.GetUnixFileMode(_scratch.Beside("mine")));
    }

    [LinuxFact]
    public void Without_privileges_it_works_as_well()
    {
        _scratch.LetEverybodyIn();
        AsNobody.Run(() =>
        {
            using var volume = Open(Way.LinkedByDescriptor);
            Store(volume, "a", "a");
            Store(volume, "b/c", "c");
        });

        _scratch.Visible().ShouldBe(["a", "b/c"]);
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void No_permission_on_a_folder_is_a_refusal()
    {
        _scratch.LetEverybodyIn();
        AsNobody.Run(() =>
        {
            using var volume = Open(Way.LinkedByDescriptor);
            Store(volume, "a/b", "b");
            File.SetUnixFileMode(_scratch.Below("a"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

            Should.Throw<StorageException>(() => Store(volume, "a/c", "c")).Fault.ShouldBe(StorageFault.Denied);
        });
    }

    [MountTheory, InlineData(Way.LinkedByDescriptor), InlineData(Way.Renamed), InlineData(Way.Portable)]
    public void A_full_disk_is_a_refusal_that_leaves_nothing(Way way)
    {
        using var disk = new TmpFs(_scratch.Path, "size=256k");
        using var volume = Open(way);
        var free = disk.FreeBytes;

        var refused = Should.Throw<StorageException>(() => volume.Store(Name("a"), new byte[300 << 10]));

        refused.Fault.ShouldBe(StorageFault.DiskFull);
        refused.Message.ShouldBe("cannot store 'a': the disk is full: free some space");
        disk.FreeBytes.ShouldBe(free);
        Directory.GetFileSystemEntries(_scratch.Staging).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_file_is_whole_when_size_and_digest_are_right(Way way)
    {
        using var volume = Open(way);
        Store(volume, "a/b", "hello");
        Directory.CreateDirectory(_scratch.Below("folder"));
        Directory.CreateSymbolicLink(_scratch.Below("link"), _scratch.Below("a/b"));

        volume.Check(Name("a/b"), 5, DigestOf("hello")).ShouldBeTrue();
        volume.Check(Name("a/b"), 5, null).ShouldBeTrue();
        volume.Check(Name("a/b"), 4, null).ShouldBeFalse();
        volume.Check(Name("a/b"), 5, DigestOf("hellO")).ShouldBeFalse();
        volume.Check(Name("a/c"), 5, null).ShouldBeFalse();
        volume.Check(Name("c/b"), 5, null).ShouldBeFalse();
        volume.Check(Name("link"), 5, null).ShouldBeFalse();
        Should.Throw<StorageException>(() => volume.Check(Name("a/b/c"), 5, null)).Fault.ShouldBe(StorageFault.NameTaken);
    }

    [LinuxFact]
    public void A_folder_or_a_pipe_is_no_whole_file_and_nobody_waits_for_its_other_end()
    {
        using var volume = Open(Way.LinkedByDescriptor);
        Directory.CreateDirectory(_scratch.Below("folder"));
        mkfifo(_scratch.Below("pipe"), 0x1B6).ShouldBe(0);

        volume.Check(Name("folder"), 4096, null).ShouldBeFalse();
        volume.Check(Name("pipe"), 0, DigestOf("")).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_sealed_part_is_renamed_and_replaces_what_was_there(Way way)
    {
        using var volume = Open(way);
        Store(volume, "a/b", "old");
        using (var part = volume.CreatePart("c-1.part", Name("a/b"), direct: false))
        {
            part.Write("new"u8, 0);
            part.Seal();
        }
        volume.HasPart("c-1.part").ShouldBeTrue();

        volume.PublishPart("c-1.part", Name("a/b"));
        volume.SyncFolder(Name("a/b"));
        volume.SyncAll();

        volume.HasPart("c-1.part").ShouldBeFalse();
        File.ReadAllText(_scratch.Below("a/b")).ShouldBe("new");
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_folder_that_somebody_moved_away_or_replaced_can_be_made_durable_all_the_same(Way way)
    {
        using var volume = Open(way);
        Store(volume, "a/b", "b");
        Store(volume, "c/d", "d");
        Directory.Move(_scratch.Below("a"), _scratch.Below("z"));
        Directory.Move(_scratch.Below("c"), _scratch.Below("y"));
        File.WriteAllText(_scratch.Below("c"), "in its place");

        volume.SyncFolder(Name("a/b"));
        volume.SyncFolder(Name("c/d"));

        _scratch.Visible().ShouldBe(["c", "y/d", "z/b"]);
        Directory.Exists(_scratch.Below("a")).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Ways))]
    public void A_part_that_is_gone_cannot_be_renamed(Way way)
    {
        using var volume = Open(way);

        Should.Throw<StorageException>(() => volume.PublishPart("c-1.part", Name("a/b"))).Fault.ShouldBe(StorageFault.Failed);
        _scratch.Visible().ShouldBeEmpty();
    }

    private IVolume Open(Way way)
    {
        if (way == Way.Portable)
            return PortableVolume.Open(_scratch.Path);
        var volume = LinuxVolume.Open(_scratch.Path);
        volume.WholeFiles.CanBeNameless = way != Way.Renamed;
        volume.WholeFiles.LinksByProc = way == Way.LinkedByProc;
        return volume;
    }

    private static void Store(IVolume volume, string name, string text) => volume.Store(Name(name), Encoding.UTF8.GetBytes(text));

    private static Md5Digest DigestOf(string text) => Md5Digest.FromBytes(MD5.HashData(Encoding.UTF8.GetBytes(text)));

    [LibraryImport("libc", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int mkfifo(string path, uint mode);
}
