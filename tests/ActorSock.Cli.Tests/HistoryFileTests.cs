using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Tests;

public sealed class HistoryFileTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("as-history-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void Lines_are_there_again_the_next_time()
    {
        var path = Path.Combine(_folder, "state", "talk.history");
        var first = HistoryFile.At(path);
        first.Add("你好");
        first.Add(" ");
        first.Add("second");

        var second = HistoryFile.At(path);

        Lines(second).ShouldBe(["你好", "second"]);
        if (!OperatingSystem.IsWindows())
            File.GetUnixFileMode(path).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite);
    }

    [Fact]
    public void A_long_file_is_cut_to_its_end()
    {
        var path = Path.Combine(_folder, "talk.history");
        File.WriteAllLines(path, Enumerable.Range(0, 5000).Select(n => $"{n}"));

        var history = HistoryFile.At(path);
        history.Add("new");

        Lines(history).ShouldBe([.. Enumerable.Range(4001, 999).Select(n => $"{n}"), "new"]);
        File.ReadAllLines(path).ShouldBe([.. Enumerable.Range(4000, 1000).Select(n => $"{n}"), "new"]);
    }

    [Fact]
    public void Where_no_file_can_be_there_is_a_history_all_the_same()
    {
        var history = HistoryFile.At(_folder);

        history.Add("line").ShouldBeTrue();

        Lines(history).ShouldBe(["line"]);
    }

    private static IEnumerable<string> Lines(History history) =>
        Enumerable.Range(0, history.Count).Select(at => history[at]);
}
