using System.Runtime.InteropServices;
using System.Security.Cryptography;
using System.Text;
using ActorSock.Files;
using ActorSock.Testing;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using FsCheck;
using FsCheck.Fluent;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>Files named a page at a time.</summary>
public sealed partial class ListTests : IDisposable
{
    // What stands around '/' in the order of bytes, and what is in another order in UTF-16.
    private static readonly string[] s_segments =
        ["a", "a-b", "a.b", "a b", "a0", "aa", "b", ".x", "é", "数", "\uff5e", "😀", "a😀", "A", "~"];

    private readonly ScratchRoot _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public void Names_are_in_the_order_of_their_bytes_in_UTF8(bool portable)
    {
        using var root = _scratch.Open(portable);
        string[] names = ["a b", "a-b", "a.b", "a/b", "a/b.c", "a/b/c".Replace("b/", "b0/"), "a0", "aa", "é", "\uff5e", "😀"];
        foreach (var name in names.Reverse())
            root.Store(Name(name), "x"u8);

        List(root, new FileQuery(null, "", null, 100, true)).ShouldBe(names);
        List(root, new FileQuery(null, "a", null, 100, false)).ShouldBe(["a b", "a-b", "a.b", "a/", "a0", "aa"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Pages_from_every_place_make_the_whole(bool portable)
    {
        using var root = _scratch.Open(portable);
        var segment = Gen.Elements(s_segments);
        var path = Gen.Choose(1, 4).SelectMany(depth => segment.ListOf(depth)).Select(segments => string.Join('/', segments));
        var cases =
            from paths in path.ListOf(25)
            from prefix in Gen.OneOf(Gen.Constant(""), Gen.Elements("a", "a/", "a/a", "b/", "a.", "é", "none", "a/b/", "a//", "../a", "/"))
            from folder in Gen.Elements<string?>(null, null, "client")
            from recursive in Gen.Elements(true, false)
            from after in Gen.OneOf(path, Gen.Elements("a/", "a.b/", "", "é/", "a/b", "zzz"))
            from limit in Gen.Choose(1, 7)
            select (paths, prefix, folder, recursive, after, limit);
        Properties.Hold(cases, one =>
        {
            foreach (var name in _scratch.Visible())
                File.Delete(_scratch.Below(name));
            foreach (var below in Directory.GetDirectories(_scratch.Path).Where(each => !each.EndsWith(".actorsock", StringComparison.Ordinal)))
                Directory.Delete(below, recursive: true);
            var names = Make(root, one.paths, one.folder);

            var whole = Expected(names, one.prefix, one.after, one.recursive);
            List(root, new FileQuery(one.folder, one.prefix, one.after, 1000, one.recursive)).ShouldBe(whole);

            var paged = new List<string>();
            for (var (last, more) = ((string?)one.after, true); more;)
            {
                var page = root.List(new FileQuery(one.folder, one.prefix, last, one.limit, one.recursive));
                page.Entries.Count.ShouldBeLessThanOrEqualTo(one.limit);
                if (page.HasMore)
                    page.Entries.Count.ShouldBe(one.limit);
                paged.AddRange(page.Entries.Select(entry => entry.Name));
                (last, more) = (paged.LastOrDefault(), page.HasMore);
            }
            paged.ShouldBe(whole);
        }, cases: 150);
    }

    [LinuxFact]
    public void What_no_client_could_have_named_is_not_listed()
    {
        using var root = _scratch.Open();
        root.Store(Name("a/ordinary"), "x"u8);
        foreach (var odd in new[] { "a\\b", "line\nfeed", "e\u0301" /* not in normal form */, "bell\a", "\u2028" })
            File.WriteAllText(_scratch.Below(odd), "x");
        Directory.CreateDirectory(_scratch.Below("tab\t"));
        File.WriteAllText(_scratch.Below("tab\t/b"), "x");
        using var first = new OddName(_scratch.Path, [0xFF, 0xFE, (byte)'x']);
        using var second = new OddName(_scratch.Path, [(byte)'a', 0xC3]);
        File.CreateSymbolicLink(_scratch.Below("link"), _scratch.Below("a/ordinary"));
        Directory.CreateSymbolicLink(_scratch.Below("folder-link"), _scratch.Below("a"));

        List(root, new FileQuery(null, "", null, 100, true)).ShouldBe(["a/ordinary"]);
        List(root, new FileQuery(null, "", null, 100, false)).ShouldBe(["a/"]);
        List(root, new FileQuery(null, ".actorsock/", null, 100, true)).ShouldBeEmpty();
        List(root, new FileQuery(null, "folder-link/", null, 100, true)).ShouldBeEmpty();
    }

    [Theory, InlineData(false), InlineData(true)]
    public void A_folder_without_any_file_is_no_thing_of_its_own(bool portable)
    {
        using var root = _scratch.Open(portable);
        root.Store(Name("a/b/c/d"), "x"u8);
        Directory.CreateDirectory(_scratch.Below("empty/e/f"));
        Directory.CreateDirectory(_scratch.Below("a/empty"));
        for (var i = 0; i < 600; i++)
            Directory.CreateDirectory(_scratch.Below($"many/{i}"));
        root.Store(Name("much/599/x"), "x"u8);
        for (var i = 0; i < 599; i++)
            Directory.CreateDirectory(_scratch.Below($"much/{i}"));

        List(root, new FileQuery(null, "", null, 100, false)).ShouldBe(["a/", "much/"]);
        List(root, new FileQuery(null, "a/", null, 100, false)).ShouldBe(["a/b/"]);
        root.List(new FileQuery(null, "", "a/", 1, false)).HasMore.ShouldBeFalse();
        List(root, new FileQuery(null, "", null, 1, true)).ShouldBe(["a/b/c/d"]);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void An_entry_says_what_is_known_of_a_file(bool portable)
    {
        using var root = _scratch.Open(portable);
        var (noon, digest) = (new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero), Md5Digest.FromBytes(MD5.HashData("hello"u8)));
        root.Store(Name("a/b"), "hello"u8, new FileStamp(noon, new FileDigests(digest)));
        if (portable)
            File.SetLastWriteTimeUtc(_scratch.Below("a/b"), noon.UtcDateTime);

        root.List(new FileQuery(null, "", null, 10, true)).Entries.ShouldBe(
            [ListEntry.File("a/b", 5, noon, portable ? null : digest)]);
        root.List(new FileQuery("a", "", null, 10, true)).Entries.Single().Name.ShouldBe("b");
        root.List(new FileQuery("c", "", null, 10, true)).Entries.ShouldBeEmpty();
    }

    [Fact]
    public void Memory_is_bounded_by_the_page_with_100_000_files_in_a_folder()
    {
        var folder = new ManyFiles(100_000);
        var whole = Walk(folder, 10_000);

        whole.Count.ShouldBe(100_000);
        whole.ShouldBe(whole.Order(StringComparer.Ordinal));
        // Names are in memory as arrays of some 40 bytes, twice the page at most; entries are counted in as well.
        Allocated(() => FileListing.Of(new FileQuery(null, "", null, 100, true), folder.Open, 1024)).ShouldBeLessThan(1 << 20);
        folder.AreClosed.ShouldBeTrue();
    }

    [Fact]
    public void Folders_in_folders_do_not_add_up()
    {
        var tree = new DeepFolders(200, 500);

        var page = FileListing.Of(new FileQuery(null, "", null, 1000, true), tree.Open, 1024);

        page.Entries.Count.ShouldBe(1000);
        page.HasMore.ShouldBeTrue();
        tree.OpenMax.ShouldBe(1);
        Allocated(() => FileListing.Of(new FileQuery(null, "", null, 1000, true), tree.Open, 1024)).ShouldBeLessThan(64 << 20);
    }

    [Theory, InlineData(false), InlineData(true)]
    public void Empty_folders_cost_no_look_at_all_of_them_each(bool recursive)
    {
        var folders = new EmptyFolders(20_000);
        var query = new FileQuery(null, "", null, 1, recursive);

        var pages = 0;
        for (var more = true; more; pages++)
        {
            folders.NamesRead = 0;
            var page = FileListing.Of(query, folders.Open, 1024);
            page.Entries.ShouldBeEmpty();
            folders.NamesRead.ShouldBeLessThanOrEqualTo(2 * 20_000, "of one page"); // on from a folder may need a second look
            more = page.HasMore;
            page.After.ShouldBe(more ? page.After.ShouldNotBeNull() : null);
            query = query with { After = page.After };
        }
        pages.ShouldBeInRange(2, 6);
    }

    [Fact]
    public void A_page_that_ends_early_says_where_to_go_on_in_any_folder()
    {
        using var root = _scratch.Open();
        string[] names = ["a/b/c/one", "a/b/z/two", "a/zz/three", "b/four", "x/y/z/five"];
        foreach (var name in names)
            root.Store(Name(name), "x"u8);
        foreach (var folder in new[] { "a/b/c", "a/b/m", "a/c", "b", "x/y" })
        {
            for (var i = 0; i < 2500; i++)
                Directory.CreateDirectory(_scratch.Below($"{folder}/empty-{i}"));
        }

        var (listed, early) = (new List<string>(), 0);
        var query = new FileQuery(null, "", null, 100, true);
        for (var more = true; more;)
        {
            var page = root.List(query);
            listed.AddRange(page.Entries.Select(entry => entry.Name));
            early += page.After is null ? 0 : 1;
            more = page.HasMore;
            query = query with { After = page.After ?? listed[^1] };
        }
        listed.ShouldBe(names);
        early.ShouldBeGreaterThan(1);
    }

    [Fact]
    public void Whether_a_folder_has_a_file_is_not_looked_for_in_very_many()
    {
        using var root = _scratch.Open();
        for (var i = 0; i < 5000; i++)
            Directory.CreateDirectory(_scratch.Below($"a/b/{i}"));

        List(root, new FileQuery(null, "", null, 100, false)).ShouldBe(["a/"]);
    }

    private static long Allocated(Action what)
    {
        what();
        var before = GC.GetAllocatedBytesForCurrentThread();
        what();
        return GC.GetAllocatedBytesForCurrentThread() - before;
    }

    private static List<string> Walk(ManyFiles folder, int limit)
    {
        var names = new List<string>();
        for (var more = true; more;)
        {
            var page = FileListing.Of(new FileQuery(null, "", names.LastOrDefault(), limit, true), folder.Open, 1024);
            names.AddRange(page.Entries.Select(entry => entry.Name));
            more = page.HasMore;
        }
        return names;
    }

    /// <summary>Stores what of the paths can be: a file is no folder.</summary>
    internal static List<string> Make(FileRoot root, IEnumerable<string> paths, string? folder)
    {
        var names = new List<string>();
        foreach (var path in paths.Distinct())
        {
            try
            {
                root.Store(folder is null ? Name(path) : Name(path).Below(folder), "x"u8);
                names.Add(path);
            }
            catch (StorageException e) when (e.Fault == StorageFault.NameTaken)
            {
                // it is a folder, or one of its folders is a file
            }
        }
        return names;
    }

    private static List<string> Expected(List<string> names, string prefix, string after, bool recursive) =>
        [.. names.Where(name => name.StartsWith(prefix, StringComparison.Ordinal))
            .Select(name => recursive || name.IndexOf('/', prefix.Length) is var end && end < 0 ? name : name[..(end + 1)])
            .Distinct()
            .Select(name => (name, bytes: Encoding.UTF8.GetBytes(name)))
            .Where(one => one.bytes.AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(after)) > 0)
            .OrderBy(one => one.bytes, Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)))
            .Select(one => one.name)];

    private static List<string> List(FileRoot root, FileQuery query) => [.. root.List(query).Entries.Select(entry => entry.Name)];

    /// <summary>A file whose name is bytes that .NET cannot say.</summary>
    private sealed partial class OddName : IDisposable
    {
        private readonly byte[] _path;

        public OddName(string folder, byte[] name)
        {
            _path = [.. Encoding.UTF8.GetBytes(folder + "/"), .. name, 0];
            Close(Create(_path, 0x1B6)).ShouldBe(0);
        }

        public void Dispose() => Unlink(_path).ShouldBe(0);

        [LibraryImport("libc", EntryPoint = "creat")]
        private static partial int Create(byte[] path, uint mode);

        [LibraryImport("libc", EntryPoint = "close")]
        private static partial int Close(int descriptor);

        [LibraryImport("libc", EntryPoint = "unlink")]
        private static partial int Unlink(byte[] path);
    }
}
