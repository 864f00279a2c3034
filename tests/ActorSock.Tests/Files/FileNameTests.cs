using System.Text;
using ActorSock.Files;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Tests.Files;

public sealed class FileNameTests
{
    private const int BytesMax = 1024;

    [Theory]
    [InlineData("a.txt", "a.txt")]
    [InlineData("a/b/c.txt", "a/b/c.txt")]
    [InlineData(@"a\b\c.txt", "a/b/c.txt")]
    [InlineData("/a/b", "a/b")]
    [InlineData(@"\\server\share\f", "server/share/f")]
    [InlineData("a//b", "a/b")]
    [InlineData("./a/./b", "a/b")]
    [InlineData("...", "...")]
    [InlineData("..a", "..a")]
    [InlineData(".hidden", ".hidden")]
    [InlineData("报告 2024.pdf", "报告 2024.pdf")]
    [InlineData("naïve 😀.txt", "naïve 😀.txt")]
    [InlineData("C:\\dir\\f.txt", "C:/dir/f.txt")]
    [InlineData("a/.actorsock", "a/.actorsock")]
    [InlineData(".actorsocks", ".actorsocks")]
    [InlineData("%2e%2e", "%2e%2e")]
    public void A_name_is_brought_below_the_root(string raw, string confined)
    {
        FileName.TryConfine(raw, BytesMax, windows: false, out var name, out var why).ShouldBeTrue(why);

        name.Value.ShouldBe(confined);
        name.ToString().ShouldBe(confined);
        string.Join('/', [.. name.Folders, name.Leaf]).ShouldBe(confined);
    }

    [Theory]
    [InlineData("", "it is empty")]
    [InlineData("/", "it is empty")]
    [InlineData(".", "it is empty")]
    [InlineData("././/", "it is empty")]
    [InlineData("a/", "it ends like a folder")]
    [InlineData("a/.", "it ends like a folder")]
    [InlineData("..", "it has a '..'")]
    [InlineData("../a", "it has a '..'")]
    [InlineData("a/../b", "it has a '..'")]
    [InlineData(@"a\..\b", "it has a '..'")]
    [InlineData("a\0b", "it has a control character")]
    [InlineData("a\nb", "it has a control character")]
    [InlineData("a\u007fb", "it has a control character")]
    [InlineData("a\u0085b", "it has a control character")]
    [InlineData("a\u2028b", "it has a line or paragraph separator")]
    [InlineData("a\u2029b", "it has a line or paragraph separator")]
    [InlineData(".actorsock", ".actorsock is the node's own folder")]
    [InlineData("/.actorsock/lock", ".actorsock is the node's own folder")]
    [InlineData(@".\.ActorSock\staging\x", ".actorsock is the node's own folder")]
    [InlineData(".actor\u017fock/x", ".actorsock is the node's own folder")]
    [InlineData(".actorsoc\u212a/x", ".actorsock is the node's own folder")]
    [InlineData(".actor\u200csock/x", ".actorsock is the node's own folder")]
    [InlineData(".actor\ufe0fsock/x", ".actorsock is the node's own folder")]
    public void A_name_that_cannot_be_is_refused_with_the_reason(string raw, string reason)
    {
        FileName.TryConfine(raw, BytesMax, windows: false, out _, out var why).ShouldBeFalse();

        why.ShouldBe(reason);
    }

    [Fact]
    public void Half_a_character_is_refused()
    {
        foreach (var raw in new[] { "a\ud800b", "\udc00", "x\ud83d", "\ud83d\ud83d\ude00" })
        {
            FileName.TryConfine(raw, BytesMax, out _, out var why).ShouldBeFalse();
            why.ShouldBe("it has half a character");
        }
    }

    [Theory]
    [InlineData("CON")]
    [InlineData("nul.txt")]
    [InlineData("aux .tar.gz")]
    [InlineData("dir/com1")]
    [InlineData("LPT³.log")]
    [InlineData("CONIN$")]
    [InlineData("a:stream")]
    [InlineData("what?")]
    [InlineData("dot.")]
    [InlineData("space /x")]
    [InlineData("ACTORS~1/lock")]
    public void On_Windows_what_it_would_take_for_something_else_is_refused_too(string raw)
    {
        FileName.TryConfine(raw, BytesMax, windows: true, out _, out _).ShouldBeFalse();
        FileName.TryConfine(raw, BytesMax, windows: false, out _, out _).ShouldBeTrue();
    }

    [Theory]
    [InlineData("console.txt")]
    [InlineData("com10")]
    [InlineData("null")]
    [InlineData("communication")]
    public void On_Windows_names_that_only_begin_like_devices_are_fine(string raw) =>
        FileName.TryConfine(raw, BytesMax, windows: true, out _, out _).ShouldBeTrue();

    [Fact]
    public void Lengths_are_counted_in_bytes_of_utf_8()
    {
        Fits(new string('a', 255), BytesMax).ShouldBeTrue();
        Fits(new string('a', 256), BytesMax).ShouldBeFalse();
        Fits(new string('文', 85), BytesMax).ShouldBeTrue();
        Fits(new string('文', 86), BytesMax).ShouldBeFalse();
        Fits("文/文", 7).ShouldBeTrue();
        Fits("文/文", 6).ShouldBeFalse();
        Fits(new string('/', 5_000) + "a", BytesMax).ShouldBeFalse();
    }

    [Fact]
    public void Both_spellings_of_an_accent_are_one_name()
    {
        var composed = ScratchRoot.Name("r\u00e9sum\u00e9.pdf");
        var decomposed = ScratchRoot.Name("re\u0301sume\u0301.pdf");

        decomposed.ShouldBe(composed);
        decomposed.Value.ShouldBe("r\u00e9sum\u00e9.pdf");
    }

    [Fact]
    public void The_default_names_nothing() =>
        Should.Throw<InvalidOperationException>(() => default(FileName).Value);

    [Fact]
    public void Whatever_a_peer_sends_stays_below_the_root()
    {
        const string root = "/srv/inbox";

        CheckNames(raw =>
        {
            if (!FileName.TryConfine(raw, BytesMax, windows: false, out var name, out var why))
                return why.Length > 0;
            var path = Path.GetFullPath($"{root}/{name.Value}");
            return path == $"{root}/{name.Value}"
                && !name.Value.Any(char.IsControl)
                && Encoding.UTF8.GetByteCount(name.Value) <= BytesMax
                && !name.Value.StartsWith(NodeFolder.Name + "/", StringComparison.OrdinalIgnoreCase);
        });
    }

    [Fact]
    public void Confining_twice_is_confining_once() => CheckNames(raw =>
        !FileName.TryConfine(raw, BytesMax, windows: false, out var once, out _)
        || (FileName.TryConfine(once.Value, BytesMax, windows: false, out var twice, out _)
            && twice == once));

    private static bool Fits(string raw, int bytesMax) =>
        FileName.TryConfine(raw, bytesMax, windows: false, out _, out _);

    /// <summary>Checks a property on names put together from what has ever led out of a folder.</summary>
    private static void CheckNames(Func<string, bool> property)
    {
        var piece = Gen.Elements(
            "/", "/", @"\", ".", "..", "...", "a", "b.txt", " ", "文件", "😀", "e\u0301", "\u0301",
            "\u212a", "\u1100\u1161", "\u200c", "\u202e", "\uff0e\uff0e", "\u2024", "\u2025", "\u2215",
            "\ufe52", "%2e%2e%2f", "\0", "\n", "\ud83d",
            ".actorsock", ".ActorSock", "~", "C:", "con", new string('x', 254), new string('é', 127));
        var names = piece.ListOf().Select(string.Concat).ToArbitrary();
        var config = FsCheck.Config.QuickThrowOnFailure.WithReplay(20_240_607, 7).WithMaxTest(5_000);
        Check.One(config, Prop.ForAll(names, property));
    }
}
