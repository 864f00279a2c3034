using System.Security.Cryptography;
using System.Text;
using ActorSock.Files;
using ActorSock.Testing;
using ActorSock.Wire;
using ActorSock.Wire.Native;
using FsCheck.Fluent;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>Folders that have files, and one digest of all in each.</summary>
public sealed class FolderTourTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 21, 9, 30, 5, TimeSpan.Zero);
    private static readonly FolderQuery s_all = new(null, "", null, 1000);

    private readonly ScratchRoot _scratch = new();
    private readonly PaperFolders _folders = new();
    private readonly FolderMemo _memo = new();

    public void Dispose() => _scratch.Dispose();

    [Theory, InlineData(false), InlineData(true)]
    public void Pages_from_every_place_make_the_whole(bool portable)
    {
        using var root = _scratch.Open(portable);
        var segment = Gen.Elements("a", "a-b", "a.b", "a0", "é", "\uff5e", "😀", "A");
        var path = Gen.Choose(1, 4).SelectMany(depth => segment.ListOf(depth)).Select(segments => string.Join('/', segments));
        var cases =
            from paths in path.ListOf(20)
            from prefix in Gen.Elements("", "", "a/", "a", "a/a-b/", "a/a", "é/", "none/", "../a", "/", "a//")
            from folder in Gen.Elements<string?>(null, null, "client")
            from after in Gen.OneOf<string?>(path.Select(folder => (string?)$"{folder}/"), path.Select(name => (string?)name), Gen.Elements<string?>(null, "", "a", "a/", "a.b/", "zzz"))
            from limit in Gen.Choose(1, 4)
            select (paths, prefix, folder, after, limit);
        Properties.Hold(cases, one =>
        {
            foreach (var name in _scratch.Visible())
                File.Delete(_scratch.Below(name));
            foreach (var below in Directory.GetDirectories(_scratch.Path).Where(each => !each.EndsWith(".actorsock", StringComparison.Ordinal)))
                Directory.Delete(below, recursive: true);
            var names = ListTests.Make(root, one.paths, one.folder);
            var due = Expected(names, one.prefix, one.after);

            var (paged, after) = (new List<string>(), one.after);
            for (var more = true; more;)
            {
                var page = root.Folders(new FolderQuery(one.folder, one.prefix, after, one.limit), null);
                page.Entries.Count.ShouldBeLessThanOrEqualTo(one.limit);
                page.Begun.ShouldBeNull();
                paged.AddRange(page.Entries.Select(entry => entry.Name));
                (after, more) = (page.After, page.HasMore);
            }

            paged.ShouldBe(due);
        }, cases: 150);
    }

    [LinuxFact]
    public void Of_each_folder_its_own_files_count_and_their_digests_that_travel_with_them()
    {
        using var root = _scratch.Open();
        foreach (var (name, content) in new[] { ("a", "1"), ("b/c", "22"), ("b/d", "333"), ("b/e/f", "4444") })
            root.Store(Name(name), Encoding.UTF8.GetBytes(content), new FileStamp(s_now, new FileDigests(Md5(content))));
        File.WriteAllText(_scratch.Below("line\nfeed"), "no client's");
        Directory.CreateDirectory(_scratch.Below("empty/e"));

        root.Folders(s_all, null).Entries.ShouldBe(
        [
            new FolderEntry("", 1, 1, Digest(("a", "1"))),
            new FolderEntry("b/", 2, 5, Digest(("d", "333"), ("c", "22"))),
            new FolderEntry("b/e/", 1, 4, Digest(("f", "4444"))),
        ]);
        root.Folders(s_all with { Folder = "b" }, null).Entries.Select(entry => entry.Name).ShouldBe(["", "e/"]);
        root.Folders(s_all with { Folder = "c" }, null).Entries.ShouldBeEmpty();
    }

    [LinuxFact]
    public void What_was_changed_in_its_place_is_seen()
    {
        using var root = _scratch.Open(time: new FixedTime(DateTimeOffset.UtcNow.AddHours(1))); // so what is here counts as settled
        root.Store(Name("a/b"), "hello"u8, new FileStamp(s_now, new FileDigests(Md5("hello"))));
        var before = root.Folders(s_all, null).Entries.ShouldHaveSingleItem();

        File.WriteAllText(_scratch.Below("a/b"), "jello");
        var changed = root.Folders(s_all, null).Entries.ShouldHaveSingleItem();
        File.Move(_scratch.Below("a/b"), _scratch.Below("a/c"));
        var read = root.Digest(Name("a/c")).ShouldNotBeNull();
        var after = root.Folders(s_all, null).Entries.ShouldHaveSingleItem();

        before.Digest.ShouldBe(Digest(("b", "hello")));
        changed.ShouldBe(new FolderEntry("a/", 1, 5, null), "nobody has read it");
        (read.Md5, after.Digest).ShouldBe((Md5("jello"), Digest(("c", "jello"))));
    }

    [Fact]
    public void A_folder_in_which_nothing_has_changed_is_not_looked_at_for_digests_again()
    {
        _folders.Put("a/1", "one");
        _folders.Put("a/2", "two");
        _folders.Put("b/1", "one");
        Tour().ShouldBe([_folders.Entry("a/"), _folders.Entry("b/")]);
        var stats = _folders.Stats;

        Tour().ShouldBe([_folders.Entry("a/"), _folders.Entry("b/")]);

        (stats, _folders.Stats, _folders.Open).ShouldBe((3, 3, 0));
    }

    public static TheoryData<string> Changes => ["another time", "another file", "longer", "another", "gone", "renamed", "not known"];

    [Theory, MemberData(nameof(Changes))]
    public void A_change_of_any_file_is_a_change_of_its_folder_alone(string change)
    {
        foreach (var name in new[] { "a/1", "a/2", "b/1" })
            _folders.Put(name, "one");
        Tour();
        var stats = _folders.Stats;

        if (change is "gone" or "renamed")
            _folders.Remove("a/2");
        switch (change)
        {
            case "another time": _folders.Put("a/2", "0ne", changedNs: 1); break;
            case "another file": _folders.Put("a/2", "0ne", inode: 8); break;
            case "longer": _folders.Put("a/2", "longer"); break;
            case "another": _folders.Put("a/3", "one"); break;
            case "renamed": _folders.Put("a/3", "one"); break;
            case "not known": _folders.Put("a/2", "one", changedNs: 1, knowsDigest: false); break;
        }

        Tour().ShouldBe([_folders.Entry("a/"), _folders.Entry("b/")]);
        (_folders.Stats - stats).ShouldBe(change == "gone" ? 1 : change == "another" ? 3 : 2, "of a/ alone");
    }

    [Fact]
    public void What_was_changed_just_now_may_be_changed_again_without_another_time()
    {
        _folders.Put("a/1", "one", changedNs: FileFacts.NsOf(s_now) - 1_000_000_000);
        Tour();
        _folders.Put("a/1", "0ne", changedNs: FileFacts.NsOf(s_now) - 1_000_000_000);

        Tour().ShouldBe([_folders.Entry("a/")]);
    }

    public static TheoryData<string> BetweenLooks => ["a file comes", "a file goes", "a file is another", "the folder goes"];

    [Theory, MemberData(nameof(BetweenLooks))]
    public void What_is_changed_between_the_two_looks_is_not_remembered_for_what_was_there_before(string change)
    {
        _folders.Put("a/1", "one");
        _folders.Put("a/2", "two");
        var opened = 0;
        _folders.Opening = path =>
        {
            if (path != "a/" || ++opened != 2)
                return;
            switch (change)
            {
                case "a file comes": _folders.Put("a/3", "three"); break;
                case "a file goes": _folders.Remove("a/2"); break;
                case "a file is another": _folders.Put("a/2", "2wo", changedNs: 1); break;
                case "the folder goes": _folders.RemoveFolder("a/"); break;
            }
        };
        Tour();
        opened.ShouldBe(2);
        _folders.Opening = null;

        // As it was before: only a file that came back has another time.
        if (change == "a file comes")
            _folders.Remove("a/3");
        _folders.Put("a/1", "one");
        _folders.Put("a/2", "two");

        Tour().ShouldBe([_folders.Entry("a/")]);
    }

    [Fact]
    public void A_large_folder_is_looked_at_some_thousand_names_at_a_time()
    {
        const int files = 10_000;
        for (var i = 0; i < files; i++)
            _folders.Put($"a/{i}", $"{i}");
        _folders.Put("b/1", "one");

        var (entries, pages) = (new List<FolderEntry>(), 0);
        for (var page = new FolderPage([], HasMore: true); page.HasMore; pages++)
        {
            var before = _folders.NamesRead;
            page = FolderTour.Of(s_all with { After = page.After }, _folders.OpenFolder, 1024, _memo, s_now, page.Begun);
            (_folders.NamesRead - before).ShouldBeLessThan(5_000);
            _folders.Open.ShouldBe(page.Begun is null ? 0 : 1);
            entries.AddRange(page.Entries);
        }

        entries.ShouldBe([_folders.Entry("a/"), _folders.Entry("b/")]);
        pages.ShouldBeInRange(2 * files / 4_096, 10);
        Tour().ShouldBe(entries, "from what is remembered");
    }

    [Fact]
    public void What_goes_or_comes_while_a_folder_is_looked_at_ends_nothing()
    {
        for (var i = 0; i < 5_000; i++)
            _folders.Put($"b/{i}", $"{i}");
        _folders.Put("c/1", "one");
        var page = FolderTour.Of(s_all, _folders.OpenFolder, 1024, _memo, s_now, null);
        page.Begun.ShouldNotBeNull();

        _folders.RemoveFolder("b/");
        _folders.Put("a/1", "one");
        page = FolderTour.Of(s_all with { After = page.After }, _folders.OpenFolder, 1024, _memo, s_now, page.Begun);
        while (page is { HasMore: true, Entries: [] })
            page = FolderTour.Of(s_all with { After = page.After }, _folders.OpenFolder, 1024, _memo, s_now, page.Begun);

        page.Entries.ShouldBe([_folders.Entry("a/"), _folders.Entry("c/")]);
        page.Begun?.Dispose();
        _folders.Open.ShouldBe(0);
    }

    [Fact]
    public void The_oldest_is_forgotten_and_what_is_asked_for_is_not_old()
    {
        var memo = new FolderMemo(countMax: 10);
        for (var i = 0; i < 1_000; i++)
        {
            memo.Remember(Mark(i), new FolderContent(i, i, null));
            memo.Find(Mark(0))!.Value.Files.ShouldBe(0);
        }

        Enumerable.Range(0, 1_000).Count(i => memo.Find(Mark(i)) is not null).ShouldBeInRange(5, 10);
        memo.Find(Mark(999))!.Value.Files.ShouldBe(999);

        static ContentDigest Mark(int i) => ContentDigest.FromBytes(DigestKind.Sha256, SHA256.HashData(BitConverter.GetBytes(i)));
    }

    private List<FolderEntry> Tour()
    {
        var entries = new List<FolderEntry>();
        for (var page = new FolderPage([], HasMore: true); page.HasMore;)
        {
            page = FolderTour.Of(s_all with { After = page.After }, _folders.OpenFolder, 1024, _memo, s_now, page.Begun);
            entries.AddRange(page.Entries);
        }
        return entries;
    }

    private static List<string> Expected(List<string> names, string prefix, string? after) =>
        [.. names.Select(name => name[..(name.LastIndexOf('/') + 1)]).Distinct()
            .Where(folder => folder.StartsWith(prefix, StringComparison.Ordinal))
            .Select(folder => (folder, bytes: Encoding.UTF8.GetBytes(folder)))
            .Where(one => after is null || one.bytes.AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(after)) > 0)
            .OrderBy(one => one.bytes, Comparer<byte[]>.Create((one, other) => one.AsSpan().SequenceCompareTo(other)))
            .Select(one => one.folder)];

    private static Md5Digest Md5(string content) => Md5Digest.FromBytes(MD5.HashData(Encoding.UTF8.GetBytes(content)));

    private static ContentDigest Digest(params (string Name, string Content)[] files)
    {
        var digest = new FolderDigest();
        foreach (var (name, content) in files)
            digest.Add(name, content.Length, Md5(content));
        return digest.Current;
    }
}
