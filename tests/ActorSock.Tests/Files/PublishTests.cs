using System.Text;
using System.Runtime.Versioning;
using ActorSock.Files;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>What becomes of a part file, by Linux's own calls and by the portable ones.</summary>
public sealed class PublishTests : IDisposable
{
    private readonly ScratchRoot _scratch = new();

    public static TheoryData<bool> Volumes => OperatingSystem.IsLinux() ? [false, true] : [true];

    public void Dispose() => _scratch.Dispose();

    [Theory, MemberData(nameof(Volumes))]
    public void A_published_file_has_exactly_the_bytes_written(bool portable)
    {
        using var root = _scratch.Open(portable);
        var bytes = Enumerable.Range(0, 3_000_001).Select(i => (byte)(i * 7)).ToArray();

        using (var file = root.Create("c-1", Name("数据/a b.bin"), bytes.Length))
        {
            foreach (var chunk in bytes.Chunk(64 * 1024 + 1))
                file.Write(chunk);
            _scratch.Visible().ShouldBeEmpty();
            root.Publish(file);
        }

        File.ReadAllBytes(_scratch.Below("数据/a b.bin")).AsSpan().SequenceEqual(bytes).ShouldBeTrue();
        _scratch.Parts().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void An_empty_file_is_a_file(bool portable)
    {
        using var root = _scratch.Open(portable);

        Upload(root, "empty", "");

        File.ReadAllBytes(_scratch.Below("empty")).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_file_shorter_than_announced_ends_where_its_bytes_end(bool portable)
    {
        using var root = _scratch.Open(portable);

        using (var file = root.Create("c-1", Name("short.bin"), 10_000_000))
        {
            file.Write(new byte[1_500_000]);
            root.Publish(file);
        }

        new FileInfo(_scratch.Below("short.bin")).Length.ShouldBe(1_500_000);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void An_abandoned_file_leaves_nothing(bool portable)
    {
        using var root = _scratch.Open(portable);

        using (var file = root.Create("c-1", Name("a/b.bin"), 100))
            file.Write(new byte[50]);

        _scratch.Visible().ShouldBeEmpty();
        _scratch.Parts().ShouldBeEmpty();
        Directory.Exists(_scratch.Below("a")).ShouldBeFalse();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_new_file_replaces_the_old_one_whole(bool portable)
    {
        using var root = _scratch.Open(portable);
        Upload(root, "a.txt", "the first one, which is longer");
        using var reader = File.OpenRead(_scratch.Below("a.txt"));

        Upload(root, "a.txt", "second");

        File.ReadAllText(_scratch.Below("a.txt")).ShouldBe("second");
        new StreamReader(reader).ReadToEnd().ShouldBe("the first one, which is longer");
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_name_that_is_a_folder_is_refused_before_the_body(bool portable)
    {
        using var root = _scratch.Open(portable);
        Upload(root, "a/b.txt", "b");

        var refused = Should.Throw<StorageException>(() => root.Create("c-1", Name("a"), 1));

        refused.Fault.ShouldBe(StorageFault.NameTaken);
        refused.Message.ShouldBe(
            "cannot store 'a': a folder has this name: send it under another name or remove the folder");
        _scratch.Parts().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_folder_that_is_a_file_is_refused_before_the_body(bool portable)
    {
        using var root = _scratch.Open(portable);
        Upload(root, "a", "a");

        var refused = Should.Throw<StorageException>(() => root.Create("c-1", Name("a/b.txt"), 1));

        refused.Fault.ShouldBe(StorageFault.NameTaken);
        refused.Message.ShouldBe(
            "cannot store 'a/b.txt': 'a' is a file, not a folder: "
            + "send it under another name or remove that file");
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_name_taken_while_the_body_came_is_refused_at_the_end(bool portable)
    {
        using var root = _scratch.Open(portable);
        using var onFolder = root.Create("c-1", Name("a"), 1);
        using var belowFile = root.Create("c-2", Name("b/c"), 1);
        Directory.CreateDirectory(_scratch.Below("a"));
        File.WriteAllText(_scratch.Below("b"), "b");

        Should.Throw<StorageException>(() => root.Publish(onFolder)).Fault.ShouldBe(StorageFault.NameTaken);
        Should.Throw<StorageException>(() => root.Publish(belowFile)).Fault.ShouldBe(StorageFault.NameTaken);

        onFolder.Abandon();
        belowFile.Abandon();
        _scratch.Parts().ShouldBeEmpty();
        _scratch.Visible().ShouldBe(["b"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_folder_removed_while_the_body_came_is_made_again(bool portable)
    {
        using var root = _scratch.Open(portable);
        Upload(root, "a/b/one", "1");
        using var file = root.Create("c-1", Name("a/b/two"), 1);
        Directory.Delete(_scratch.Below("a"), recursive: true);

        root.Publish(file);

        _scratch.Visible().ShouldBe(["a/b/two"]);
    }

    [LinuxFact]
    public void A_folder_that_is_removed_again_and_again_loses_no_upload()
    {
        using var root = _scratch.Open();
        using var done = new CancellationTokenSource();
        var (folder, removals) = (_scratch.Below("a"), 0);
        var removing = new Thread(() =>
        {
            while (!done.IsCancellationRequested)
            {
                try
                {
                    Directory.Delete(folder); // only while it is empty
                    removals++;
                }
                catch (IOException)
                {
                    // not there, or a file is in it
                }
            }
        });
        removing.Start();

        for (var i = 0; i < 50; i++)
        {
            Upload(root, "a/b", $"{i}");
            File.ReadAllText(_scratch.Below("a/b")).ShouldBe($"{i}");
            File.Delete(_scratch.Below("a/b"));
        }
        done.Cancel();
        removing.Join();

        removals.ShouldBeGreaterThan(0);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void Many_uploads_into_one_new_folder_all_arrive(bool portable)
    {
        using var root = _scratch.Open(portable);

        Parallel.For(0, 64, new ParallelOptions { MaxDegreeOfParallelism = 4 }, i =>
            Upload(root, $"new/deep/{i % 8}/{i}", $"{i}"));

        _scratch.Visible().Length.ShouldBe(64);
        _scratch.Parts().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void The_last_of_two_uploads_to_one_name_wins_whole(bool portable)
    {
        using var root = _scratch.Open(portable);
        using var first = root.Create("c-1", Name("a"), 5);
        using var second = root.Create("c-2", Name("a"), 6);
        second.Write("second"u8);
        first.Write("first"u8);

        root.Publish(second);
        root.Publish(first);

        File.ReadAllText(_scratch.Below("a")).ShouldBe("first");
    }

    [Theory, MemberData(nameof(Volumes))]
    public void What_is_over_takes_nothing_more(bool portable)
    {
        using var root = _scratch.Open(portable);
        using var file = root.Create("c-1", Name("a"), 5);
        root.Publish(file);

        Should.Throw<InvalidOperationException>(() => file.Write("late"u8));
        Should.Throw<InvalidOperationException>(() => file.Seal());
        file.Abandon();

        _scratch.Visible().ShouldBe(["a"]);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void Abandoning_after_the_root_was_closed_does_not_throw(bool portable)
    {
        var root = _scratch.Open(portable);
        var file = root.Create("c-1", Name("a"), 5);
        root.Dispose();

        Should.NotThrow(file.Abandon);
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void A_part_is_its_owners_alone_and_a_published_file_follows_the_umask()
    {
        using var root = _scratch.Open();
        using var file = root.Create("c-1", Name("a"), 5);
        var mine = Path.Combine(_scratch.Below("mine"));
        File.WriteAllText(mine, "made the ordinary way");

        File.GetUnixFileMode(_scratch.Parts().ShouldHaveSingleItem())
            .ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
        root.Publish(file);

        File.GetUnixFileMode(_scratch.Below("a")).ShouldBe(File.GetUnixFileMode(mine));
    }

    [LinuxFact]
    public void A_part_is_named_for_its_upload()
    {
        using var root = _scratch.Open();
        using var file = root.Create("c-000042-1", Name("a"), 5);

        Path.GetFileName(_scratch.Parts().ShouldHaveSingleItem())
            .ShouldMatch("^c-000042-1-[0-9a-f]{16}[.]part$");
        Should.Throw<ArgumentException>(() => root.Create("../x", Name("b"), 5));
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void No_permission_on_a_folder_is_a_refusal()
    {
        _scratch.LetEverybodyIn();
        AsNobody.Run(() =>
        {
            using var root = _scratch.Open();
            Upload(root, "a/b", "b");
            File.SetUnixFileMode(_scratch.Below("a"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

            var refused = Should.Throw<StorageException>(() => root.Create("c-1", Name("a/c"), 1));

            refused.Fault.ShouldBe(StorageFault.Denied);
            refused.Message.ShouldBe(
                "cannot store 'a/c': no permission: give the server's user the right to write there");
            _scratch.Parts().ShouldBeEmpty();
        });
    }

    [LinuxFact, SupportedOSPlatform("linux")]
    public void Permission_lost_while_the_body_came_is_a_refusal_at_the_end()
    {
        _scratch.LetEverybodyIn();
        AsNobody.Run(() =>
        {
            using var root = _scratch.Open();
            Upload(root, "a/b", "b");
            using var file = root.Create("c-1", Name("a/c"), 1);
            File.SetUnixFileMode(_scratch.Below("a"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

            Should.Throw<StorageException>(() => root.Publish(file)).Fault.ShouldBe(StorageFault.Denied);

            file.Abandon();
            _scratch.Parts().ShouldBeEmpty();
        });
    }

    private static void Upload(FileRoot root, string name, string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        using var file = root.Create("c-1", Name(name), bytes.Length);
        file.Write(bytes);
        root.Publish(file);
    }
}
