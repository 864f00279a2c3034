using ActorSock.Journal;

namespace ActorSock.Tests.Journal;

/// <summary>Which of several commits is looked after.</summary>
public sealed class SupersededNamesTests
{
    [Theory]
    [InlineData("a", "a", true)]
    [InlineData("a", "b", false)]
    [InlineData("a", "a/b", true)] // a was taken away and made a folder
    [InlineData("a/b/c", "a", true)] // the folder was taken away
    [InlineData("a/b/c", "a/b", true)]
    [InlineData("a/b", "a/c", false)]
    [InlineData("a", "ab/c", false)]
    [InlineData("a/b", "A/B", false)]
    public void A_later_commit_stands_in_the_way_of_an_earlier_one_where_both_cannot_be(string earlier, string later, bool superseded)
    {
        Superseded(StringComparer.Ordinal, "z", earlier, later).ShouldBe(superseded ? [earlier] : []);
    }

    [Theory, InlineData("a/b", "A/B"), InlineData("a", "A/b"), InlineData("A/b", "a")]
    public void Where_case_does_not_count_names_that_differ_in_it_are_one(string earlier, string later)
    {
        Superseded(StringComparer.OrdinalIgnoreCase, "z", earlier, later).ShouldBe([earlier]);
    }

    [Fact]
    public void Of_many_commits_each_is_superseded_by_any_later_one()
    {
        Superseded(StringComparer.Ordinal, "a", "a/b", "a/b/c", "x", "a/b", "y/z", "x", "y").ShouldBe(["a", "a/b", "a/b/c", "x", "y/z"]);
    }

    [Fact]
    public void What_was_renamed_is_where_the_last_renaming_put_it()
    {
        var names = new SupersededNames(StringComparer.Ordinal, 8);
        names.AddFile(1, "a"u8);
        names.AddRenaming(2, "a"u8, "b"u8);
        names.AddFile(3, "a"u8, isLogged: false);
        names.AddRenaming(4, "b"u8, "c/d"u8);
        names.AddRenaming(5, "x"u8, "b"u8);

        names.PlaceOf(1).ShouldBe("c/d"u8.ToArray());
        names.PlaceOf(3).ShouldBeNull();
        names.PlaceOf(5).ShouldBe("b"u8.ToArray());
        new[] { names.IsSuperseded(1, "a"u8), names.IsSuperseded(3, "a"u8), names.IsSuperseded(5, "x"u8) }.ShouldAllBe(superseded => !superseded);
        (names.HasMovedLogged(2), names.HasMovedLogged(4), names.HasMovedLogged(5)).ShouldBe((true, true, false));
        (names.HasStayed(2, "a"u8), names.HasStayed(4, "b"u8), names.HasStayed(5, "x"u8)).ShouldBe((false, true, true));
        (names.IsGone("a"u8), names.IsGone("b"u8), names.IsGone("c/d"u8), names.IsGone("x"u8)).ShouldBe((false, false, false, true));
    }

    [Fact]
    public void What_was_deleted_or_replaced_after_it_was_renamed_is_nowhere()
    {
        var names = new SupersededNames(StringComparer.Ordinal, 8);
        names.AddFile(1, "a"u8);
        names.AddRenaming(2, "a"u8, "b"u8);
        names.AddRemoval(3, "b"u8);
        names.AddRenaming(4, "x"u8, "y"u8);
        names.AddFile(5, "y"u8);

        (names.IsSuperseded(1, "a"u8), names.IsSuperseded(4, "x"u8), names.IsSuperseded(5, "y"u8)).ShouldBe((true, true, false));
        (names.HasStayed(2, "a"u8), names.HasStayed(4, "x"u8)).ShouldBe((false, false));
        (names.IsGone("a"u8), names.IsGone("b"u8), names.IsGone("x"u8), names.IsGone("y"u8)).ShouldBe((true, true, true, false));
    }

    [Fact]
    public void A_file_that_was_deleted_is_in_the_way_of_a_folder_of_its_name()
    {
        var names = new SupersededNames(StringComparer.Ordinal, 8);
        names.AddFile(1, "a"u8);
        names.AddRemoval(2, "a"u8);
        names.AddFile(3, "a/b"u8);
        names.AddFolders(1, "a"u8);
        names.AddFolders(3, "a/b"u8);

        (names.IsGone("a"u8), names.IsInTheWay(2, "a"u8)).ShouldBe((true, true));
        names.IsDisplaced(1, "a"u8).ShouldBeFalse();
        names.IsSuperseded(1, "a"u8).ShouldBeTrue();
        names.IsSuperseded(3, "a/b"u8).ShouldBeFalse();
    }

    [Fact]
    public void What_nobody_deleted_and_yet_cannot_be_is_displaced()
    {
        var names = new SupersededNames(StringComparer.Ordinal, 8);
        names.AddFile(1, "a"u8);
        names.AddFile(2, "a/b"u8);
        names.AddFile(3, "c/d/e"u8);
        names.AddFile(4, "c/d"u8);
        names.AddFile(5, "f"u8);
        names.AddFile(6, "f"u8);
        names.AddFolders(2, "a/b"u8);
        names.AddFolders(3, "c/d/e"u8);

        (names.IsDisplaced(1, "a"u8), names.IsDisplaced(2, "a/b"u8)).ShouldBe((true, false));
        (names.IsDisplaced(3, "c/d/e"u8), names.IsDisplaced(4, "c/d"u8)).ShouldBe((true, false));
        (names.IsDisplaced(5, "f"u8), names.IsDisplaced(6, "f"u8)).ShouldBe((false, false));
    }

    /// <summary>Those of the names, in order, in whose way a later one stands.</summary>
    private static List<string> Superseded(StringComparer comparer, params string[] names)
    {
        var commits = names.Select((name, number) => (Number: number + 1, Name: System.Text.Encoding.UTF8.GetBytes(name))).ToList();
        var superseded = new SupersededNames(comparer, names.Length);
        commits.ForEach(commit => superseded.AddFile(commit.Number, commit.Name));
        commits.ForEach(commit => superseded.AddFolders(commit.Number, commit.Name));
        return [.. commits.Where(commit => superseded.IsSuperseded(commit.Number, commit.Name)).Select(commit => names[commit.Number - 1])];
    }
}
