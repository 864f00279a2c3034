using System.Reactive.Linq;
using ActorSock.Logging;

namespace ActorSock.Tests.Logging;

public sealed class LogTailTests : IDisposable
{
    private const int Seed = 20_261_121;

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("actorsock-tail-");

    public void Dispose() => _folder.Delete(recursive: true);

    [Fact]
    public void Lines_come_as_they_are_written_across_new_files()
    {
        Write("node-20250101.log", "a", "b");
        using var tail = Follow();
        Messages(tail).ShouldBe(["a", "b"]);
        Messages(tail).ShouldBeEmpty();

        Write("node-20250101.log", "c");
        Messages(tail).ShouldBe(["c"]);

        Write("node-20250101.log", "d");
        Write("node-20250101_001.log", "e");
        Write("node-20250102.log", "f");
        Messages(tail).ShouldBe(["d", "e", "f"]);
        Write("node-20250102.log", "g");
        Messages(tail).ShouldBe(["g"]);
    }

    [Fact]
    public void A_line_that_is_cut_by_a_new_file_is_shown_all_the_same()
    {
        Append("node-20250101.log", "half a");
        using var tail = Follow();
        Messages(tail).ShouldBeEmpty();

        Append("node-20250101.log", " line");
        Messages(tail).ShouldBeEmpty();
        Write("node-20250102.log", "b");

        Messages(tail).ShouldBe(["half a line", "b"]);
    }

    [Fact]
    public void A_log_that_is_not_there_yet_is_waited_for()
    {
        var family = LogFamily.OfSink(Path.Combine(_folder.FullName, "later", "node-.log"));
        using var tail = LogTail.Follow(family, null, LogFilter.All, 10);
        tail.Look().ShouldBe(new LogBatch([], IsAtEnd: true), new SameLines());

        _folder.CreateSubdirectory("later");
        Write("later/node-20250101.log", "a");

        Messages(tail).ShouldBe(["a"]);
    }

    [Fact]
    public void A_file_that_is_moved_away_is_read_to_its_end_and_then_the_new_one()
    {
        Write("node.log", "a");
        using var tail = LogTail.Follow(LogFamily.OfSink(At("node.log")), null, LogFilter.All, null);
        Messages(tail).ShouldBe(["a"]);

        File.AppendAllText(At("node.log"), "b\n");
        File.Move(At("node.log"), At("node.log.1"));
        File.AppendAllText(At("node.log.1"), "c\n");
        Messages(tail).ShouldBe(["b", "c"]);
        Write("node.log", "d");

        Messages(tail).ShouldBe(["d"]);
        Write("node.log", "e");
        Messages(tail).ShouldBe(["e"]);
    }

    [Fact]
    public void A_file_that_is_cut_is_read_from_its_beginning()
    {
        Write("node.log", "a", "b", "c");
        using var tail = LogTail.Follow(LogFamily.OfSink(At("node.log")), null, LogFilter.All, null);
        Messages(tail).ShouldBe(["a", "b", "c"]);

        File.WriteAllText(At("node.log"), "d\n");

        Messages(tail).ShouldBe(["d"]);
    }

    [Fact]
    public void An_exception_that_comes_late_stays_with_its_line()
    {
        Write("node.log", "first");
        using var tail = LogTail.Follow(LogFamily.OfSink(At("node.log")), null, LogFilter.All, null);
        Messages(tail).ShouldBe(["first"]);

        Write("node.log", "2026-11-21 09:30:07.120 +00:00 ERR it failed");
        Messages(tail).ShouldBeEmpty("an exception may follow");
        Write("node.log", "    at a", "    at b");
        Messages(tail).ShouldBeEmpty("more of it may follow");
        var line = tail.Look().Lines.ShouldHaveSingleItem();

        (line.Message, line.Exception).ShouldBe(("it failed", "    at a\n    at b"));
    }

    [Fact]
    public void Files_that_are_not_followed_are_read_to_their_end_in_the_order_given()
    {
        Write("b.log", "1");
        Append("a.log", "2026-11-21 09:30:07.120 +00:00 ERR 2\n    half an excep");
        using var tail = LogTail.Read([LogFamily.OfFile(At("b.log")).File, LogFamily.OfFile(At("a.log")).File], LogFilter.All, null);

        var lines = tail.Watch(TimeSpan.FromHours(1), TimeProvider.System).ToEnumerable().SelectMany(batch => batch.Lines).ToList();

        lines.Select(line => line.Message).ShouldBe(["1", "2"]);
        lines[1].Exception.ShouldBe("    half an excep");
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(7)]
    [InlineData(4_000)]
    [InlineData(100_000)]
    public void The_last_lines_that_are_wanted_are_the_same_as_of_the_whole(int last)
    {
        var random = new Random(Seed);
        var wanted = new LogFilter { Connection = "c-000007" };
        string[] names = ["node-20250101.log", "node-20250101_001.log", "node-20250102.log"];
        foreach (var name in names)
        {
            Write(name, [.. Enumerable.Range(0, 6_000).Select(i =>
                $$"""{"message":"{{name}} {{i}} {{new string('x', random.Next(200))}}","connection":"c-{{random.Next(10):000000}}"}""")]);
        }
        var all = names.SelectMany(name => File.ReadAllLines(At(name))).Where(line => line.Contains("\"c-000007\"")).ToList();

        using var tail = LogTail.Follow(Family, null, wanted, last);
        var found = tail.Watch(TimeSpan.FromHours(1), TimeProvider.System).Matching(wanted).LastAndOn(last)
            .TakeUntil(batch => batch.IsAtEnd).ToEnumerable().SelectMany(batch => batch.Lines).Select(line => line.Json).ToList();

        found.ShouldBe(all.TakeLast(last), $"seed {Seed}");
    }

    [Fact]
    public void With_none_of_what_is_there_only_what_comes_is_shown()
    {
        Write("node-20250101.log", "a", "b");
        using var tail = LogTail.Follow(Family, null, LogFilter.All, 0);
        Messages(tail).ShouldBeEmpty();

        Write("node-20250101.log", "c");

        Messages(tail).ShouldBe(["c"]);
    }

    [Fact]
    public void Files_from_before_the_time_that_is_wanted_are_passed_over()
    {
        Write("node-20250101.log", "old");
        File.SetLastWriteTimeUtc(At("node-20250101.log"), new DateTime(2025, 1, 1, 23, 0, 0, DateTimeKind.Utc));
        Write("node-20250102.log", "new");

        using var tail = LogTail.Follow(Family, null, new LogFilter { Since = new DateTimeOffset(2025, 1, 2, 0, 0, 0, TimeSpan.Zero) }, null);

        Messages(tail).ShouldBe(["new"]);
    }

    [Fact]
    public void The_files_of_a_log_are_those_that_Serilog_would_name_so_in_their_order()
    {
        foreach (var name in (string[])["node-20250102.log", "node-20250101_010.log", "node-20250101_002.log", "node-20250101.log", "node-2025010107.txt",
            "node-old.log", "node-20250101.log.gz", "nodes-20250101.log"])
            Write(name, "");

        Family.Files().Select(file => Path.GetFileName(file.Path))
            .ShouldBe(["node-20250101.log", "node-20250101_002.log", "node-20250101_010.log", "node-20250102.log"]);
        LogFamily.OfFile(At("node-20250101_002.log")).ShouldBe((Family, new LogFile(At("node-20250101_002.log"), "20250101", 2)));
        LogFamily.OfFile(At("x.json")).ShouldBe((new LogFamily(_folder.FullName, "x", ".json"), new LogFile(At("x.json"), "", 0)));
    }

    [Fact]
    public void The_shipped_configuration_says_where_the_files_are() =>
        LogFamily.OfConfiguration(Path.Combine(Repository.Root, "config", "serilog.json")).ShouldHaveSingleItem()
            .ShouldBe(LogFamily.OfSink("logs/actorsock-.log"));

    private LogFamily Family => LogFamily.OfSink(At("node-.log"));

    private LogTail Follow() => LogTail.Follow(Family, null, LogFilter.All, null);

    private static List<string> Messages(LogTail tail) => [.. tail.Look().Lines.Select(line => line.Message)];

    private string At(string name) => Path.Combine(_folder.FullName, name);

    private void Append(string name, string text) => File.AppendAllText(At(name), text);

    private void Write(string name, params string[] lines) => File.AppendAllLines(At(name), lines);

    private sealed class SameLines : IEqualityComparer<LogBatch>
    {
        public bool Equals(LogBatch? x, LogBatch? y) => x!.IsAtEnd == y!.IsAtEnd && x.Lines.SequenceEqual(y.Lines);

        public int GetHashCode(LogBatch batch) => batch.Lines.Count;
    }
}
