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
