using ActorSock.Journal;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Journal;

/// <summary>Which of several commits is looked after, asked from the last to the first.</summary>
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
        var names = new SupersededNames(StringComparer.Ordinal);

        names.Add(Name(later)).ShouldBeFalse();
        names.Add(Name(earlier)).ShouldBe(superseded);
        names.Add(Name("z")).ShouldBeFalse();
    }

    [Theory, InlineData("a/b", "A/B"), InlineData("a", "A/b"), InlineData("A/b", "a")]
    public void Where_case_does_not_count_names_that_differ_in_it_are_one(string earlier, string later)
    {
        var names = new SupersededNames(StringComparer.OrdinalIgnoreCase);

        names.Add(Name(later)).ShouldBeFalse();
        names.Add(Name(earlier)).ShouldBeTrue();
    }
}
