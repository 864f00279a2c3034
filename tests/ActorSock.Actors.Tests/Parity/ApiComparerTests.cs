using ActorSock.EngineTests.Parity.Samples;

namespace ActorSock.EngineTests.Parity;

/// <summary>The comparer itself: it must find what is different, and nothing else.</summary>
public class ApiComparerTests
{
    private const string Samples = "ActorSock.EngineTests.Parity.Samples.";

    [Fact]
    public void Nothing_is_found_where_all_is_as_listed() => Differences("""
        abstract class Akka.Sample : Akka.ISample, System.IDisposable
          protected new(int count)
          abstract string Title { get; }
          int Count { get; set; }
          protected virtual System.TimeSpan? Wait<T>(System.Func<T, bool> until, string hint = , int? times = default)
          static System.Collections.Generic.IReadOnlyList<long> Sizes
          void Dispose()
          void Do(params object[] all)
          void Try(ref Akka.Sample.Kind kind)
          string NotThere()
        interface Akka.ISample
          void Do(params object[] all)
        enum Akka.Sample.Kind
          Small, Large
        static class Akka.SampleExtensions
          static void Twice(this Akka.ISample sample, bool really = True)
        """).ShouldBeEmpty();

    [Theory]
    [InlineData("  int Count { get; }", "int Count { get; set; }")] // a setter that is not listed
    [InlineData("  long Count { get; set; }", "int Count")]
    [InlineData("  static int Count { get; set; }", "int Count")]
    [InlineData("  string Title { get; }", "abstract string Title")]
    [InlineData("  virtual void Do(params object[] all)", "void Do")]
    [InlineData("  protected void Do(params object[] all)", "void Do")]
    [InlineData("  void Do(object[] all)", "params")]
    [InlineData("  void Do(params object[] every)", "all")]
    [InlineData("  void Do(params string[] all)", "object[]")]
    [InlineData("  int Do(params object[] all)", "void Do")]
    [InlineData("  protected virtual System.TimeSpan? Wait<T>(System.Func<T, bool> until, string hint = default, int? times = default)", "hint = ,")]
    [InlineData("  protected virtual System.TimeSpan? Wait<T>(System.Func<T, bool> until, string hint = , int? times)", "times = default")]
    [InlineData("  protected virtual System.TimeSpan Wait<T>(System.Func<T, bool> until, string hint = , int? times = default)", "TimeSpan?")]
    [InlineData("  protected virtual System.TimeSpan? Wait<T>(System.Predicate<T> until, string hint = , int? times = default)", "Func<T, bool>")]
    [InlineData("  protected virtual System.TimeSpan? Wait(System.Func<T, bool> until, string hint = , int? times = default)", "Wait<T>")]
    [InlineData("  void Try(Akka.Sample.Kind kind)", "ref Akka.Sample.Kind")]
    [InlineData("  new(int count)", "protected new")]
    [InlineData("  System.Collections.Generic.IReadOnlyList<long> Sizes", "static")]
    [InlineData("  static System.Collections.Generic.IReadOnlyList<long> Sizes { get; }", "Sizes")]
    public void A_member_that_is_different_is_found(string listed, string found)
    {
        var differences = Differences($"abstract class Akka.Sample : Akka.ISample, System.IDisposable\n{listed}\n{Others(listed)}");

        differences.ShouldHaveSingleItem().ShouldStartWith("Akka.Sample: ");
        differences.Single().ShouldContain(found);
        differences.Single().ShouldContain("listed is:");
    }

    [Fact]
    public void A_member_that_is_not_listed_is_found() => Differences("""
        interface Akka.ISample
          void DoNothing()
        """).ShouldBe(["Akka.ISample: member that is not listed: void Do(params object[] all)"]);

    [Fact]
    public void Another_kind_of_type_is_found() => Differences("""
        class Akka.ISample
          void Do(params object[] all)
        """).ShouldContain("Akka.ISample: is interface, listed is class");

    [Fact]
    public void Other_names_of_an_enumeration_are_found() => Differences("""
        enum Akka.Sample.Kind
          Large, Small
        """).ShouldHaveSingleItem().ShouldContain("Small, Large");

    [Fact]
    public void A_base_that_is_not_listed_and_one_that_is_missing_are_found()
    {
        var members = Others("");

        Differences($"abstract class Akka.Sample : Akka.ISample\n{members}\nclass Akka.Other : System.IDisposable")
            .ShouldBe(["Akka.Sample: has the base System.IDisposable, which is not listed"]);
        Differences($"abstract class Akka.Sample : Akka.ISample, System.IDisposable, Akka.SampleExtensions\n{members}")
            .ShouldBe(["Akka.Sample: has not the base Akka.SampleExtensions"]);
    }

    [Fact]
    public void A_member_may_be_listed_on_a_base() => Differences($$"""
        abstract class Akka.Sample : Akka.ISample, System.IDisposable
        {{Others("void Do(")}}
        interface Akka.ISample
          void Do(params object[] all)
        """).ShouldBeEmpty();

    [Fact]
    public void A_function_stands_for_an_expression()
    {
        var line = "  void Run(System.Linq.Expressions.Expression<System.Func<T>> factory, System.Linq.Expressions.Expression<System.Action> then)";

        ListedType.Parse("class Akka.X\n" + line).Single().Members
            .ShouldBe(["void Run(System.Func<T> factory, System.Action then)"]);
    }

    [Fact]
    public void A_line_that_is_no_listing_is_refused() =>
        Should.Throw<FormatException>(() => ListedType.Parse("something else"));

    private static string[] Differences(string listing)
    {
        var notation = new ApiNotation(static name =>
            name.Replace(Samples, "Akka.", StringComparison.Ordinal));
        return [.. new ApiComparer(ListedType.Parse(listing), notation)
            .Differences([typeof(Sample), typeof(ISample), typeof(Sample.Kind), typeof(SampleExtensions)])];
    }

    /// <summary>The right lines for all members of the sample but the one that is listed otherwise.</summary>
    private static string Others(string otherwise)
    {
        string[] right =
        [
            "  protected new(int count)", "  abstract string Title { get; }", "  int Count { get; set; }",
            "  protected virtual System.TimeSpan? Wait<T>(System.Func<T, bool> until, string hint = , int? times = default)",
            "  static System.Collections.Generic.IReadOnlyList<long> Sizes", "  void Dispose()",
            "  void Do(params object[] all)",
            "  void Try(ref Akka.Sample.Kind kind)",
        ];
        string[] names = ["new(", "Title", "Count", "Wait", "Sizes", "Dispose", "Do(", "Try"];
        return string.Join('\n', right.Where((_, i) =>
            !otherwise.Contains(names[i], StringComparison.Ordinal)));
    }
}
