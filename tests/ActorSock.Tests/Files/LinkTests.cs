using System.Runtime.InteropServices;
using ActorSock.Files;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>Links that somebody with access to the folder lays, to make the node write elsewhere.</summary>
public sealed partial class LinkTests : IDisposable
{
    private const int AtWorkingFolder = -100;
    private const uint Exchange = 2;

    private readonly ScratchRoot _scratch = new();
    private readonly string _outside;

    public LinkTests()
    {
        _outside = _scratch.Beside("outside");
        Directory.CreateDirectory(_outside);
        Directory.CreateDirectory(_scratch.Path);
    }

    public static TheoryData<bool> Volumes => PublishTests.Volumes;

    public void Dispose() => _scratch.Dispose();

    [Theory, MemberData(nameof(Volumes))]
    public void A_linked_folder_is_refused_before_the_body(bool portable)
    {
        using var root = _scratch.Open(portable);
        Directory.CreateSymbolicLink(_scratch.Below("a"), _outside);

        var refused = Should.Throw<StorageException>(() => root.Create("c-1", Name("a/b"), 1));

        refused.Fault.ShouldBe(StorageFault.Linked);
        refused.Message.ShouldBe("cannot store 'a/b': 'a' is a link, and no link is followed: "
            + "replace the link by a folder or send it under another name");
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_link_within_the_root_is_not_followed_either(bool portable)
    {
        using var root = _scratch.Open(portable);
        Directory.CreateDirectory(_scratch.Below("real"));
        Directory.CreateSymbolicLink(_scratch.Below("a"), "real");

        Should.Throw<StorageException>(() => root.Create("c-1", Name("a/b"), 1))
            .Fault.ShouldBe(StorageFault.Linked);
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_folder_swapped_for_a_link_while_the_body_came_leads_nowhere(bool portable)
    {
        using var root = _scratch.Open(portable);
        Directory.CreateDirectory(_scratch.Below("a"));
        using var file = root.Create("c-1", Name("a/b"), 6);
        file.Write("secret"u8);
        Directory.Move(_scratch.Below("a"), _scratch.Below("a-before"));
        Directory.CreateSymbolicLink(_scratch.Below("a"), _outside);

        Should.Throw<StorageException>(() => root.Publish(file)).Fault.ShouldBe(StorageFault.Linked);

        file.Abandon();
        Directory.GetFileSystemEntries(_outside).ShouldBeEmpty();
        _scratch.Parts().ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_link_under_the_final_name_is_replaced_not_followed(bool portable)
    {
        using var root = _scratch.Open(portable);
        var target = Path.Combine(_outside, "target");
        File.WriteAllText(target, "untouched");
        File.CreateSymbolicLink(_scratch.Below("a"), target);
        Directory.CreateSymbolicLink(_scratch.Below("b"), _outside);

        foreach (var name in new[] { "a", "b" })
        {
            using var file = root.Create("c-1", Name(name), 3);
            file.Write("new"u8);
            root.Publish(file);
        }

        File.ReadAllText(target).ShouldBe("untouched");
        Directory.GetFileSystemEntries(_outside).ShouldBe([target]);
        new FileInfo(_scratch.Below("a")).LinkTarget.ShouldBeNull();
        File.ReadAllText(_scratch.Below("b")).ShouldBe("new");
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_linked_node_folder_is_refused(bool portable)
    {
        Directory.CreateSymbolicLink(_scratch.Below(".actorsock"), _outside);

        var refused = Should.Throw<StorageException>(() => _scratch.Open(portable));

        refused.Fault.ShouldBe(StorageFault.Linked);
        Directory.GetFileSystemEntries(_outside).ShouldBeEmpty();
    }

    [Theory, MemberData(nameof(Volumes))]
    public void A_linked_root_is_the_operators_choice(bool portable)
    {
        Directory.Delete(_scratch.Path);
        Directory.CreateSymbolicLink(_scratch.Path, _outside);
        using var root = _scratch.Open(portable);

        using var file = root.Create("c-1", Name("a"), 1);
        root.Publish(file);

        File.Exists(Path.Combine(_outside, "a")).ShouldBeTrue();
    }

    [LinuxFact]
    public void However_a_folder_is_swapped_during_uploads_nothing_gets_out()
    {
        using var root = _scratch.Open();
        var (folder, link) = (_scratch.Below("a"), _scratch.Beside("link"));
        Directory.CreateDirectory(folder);
        Directory.CreateSymbolicLink(link, _outside);
        var (swaps, failures) = (0, 0);
        using var done = new CancellationTokenSource();
        var swapping = new Thread(() =>
        {
            for (; !done.IsCancellationRequested; swaps++)
                failures += renameat2(AtWorkingFolder, folder, AtWorkingFolder, link, Exchange) == 0 ? 0 : 1;
        });
        swapping.Start();
        var (stored, refused) = (0, 0);
        for (var i = 0; i < 1_000; i++)
        {
            try
            {
                using var file = root.Create("c-1", Name($"a/{i}"), 1);
                root.Publish(file);
                stored++;
            }
            catch (StorageException e) when (e.Fault is StorageFault.Linked or StorageFault.NameTaken)
            {
                refused++;
            }
        }
        done.Cancel();
        swapping.Join();

        Directory.GetFileSystemEntries(_outside).ShouldBeEmpty();
        (stored + refused).ShouldBe(1_000);
        swaps.ShouldBeGreaterThan(0);
        failures.ShouldBe(0);
        _scratch.Parts().ShouldBeEmpty();
    }

    [LibraryImport("libc", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int renameat2(int fromFolder, string from, int toFolder, string to, uint flags);
}
