using System.Text.Json;

namespace ActorSock.EndToEnd.Tests;

public sealed class JournalCommandTests : IDisposable
{
    private readonly HandMadeJournal _journal = new();

    public void Dispose() => _journal.Dispose();

    [Fact]
    public async Task List_shows_a_row_for_each_record()
    {
        _journal.Store("a/b.txt", "hello");
        _journal.BeginFile();
        _journal.Store("数据.bin", "");

        var ended = await _journal.Run("list");

        ended.ShouldBe(new Executable.Ended(0, """
            2026-11-20T12:01:00.000Z        1            5 5d41402abc4b2a76b9719d911017c592 stored  tcp://192.0.2.7:5000  a/b.txt
            2026-11-20T12:02:00.000Z        2            0 d41d8cd98f00b204e9800998ecf8427e stored  tcp://192.0.2.7:5000  数据.bin

            """, ""));
    }

    [Fact]
    public async Task List_shows_what_was_deleted_and_renamed()
    {
        _journal.Add("a", content: "hello");
        _journal.Add("a", content: "hello", more: "\"did\":\"renamed\",\"to\":\"b/c\"");
        _journal.Add("b/c", md5: "null", more: "\"did\":\"deleted\"");

        (await _journal.Run("list")).Output.ShouldBe("""
            2026-11-20T12:01:00.000Z        1            5 5d41402abc4b2a76b9719d911017c592 stored  tcp://192.0.2.7:5000  a
            2026-11-20T12:02:00.000Z        2            5 5d41402abc4b2a76b9719d911017c592 renamed tcp://192.0.2.7:5000  a -> b/c
            2026-11-20T12:03:00.000Z        3            0 -                                deleted tcp://192.0.2.7:5000  b/c

            """);
        (await _journal.Run("list", "--name", "b/", "--json")).Output.ShouldBe($"{_journal.Lines[1]}\n{_journal.Lines[2]}\n");
        (await _journal.Run("verify")).ExitCode.ShouldBe(0);
    }

    [Fact]
    public async Task List_gives_the_lines_of_the_journal_to_programs()
    {
        for (var i = 0; i < 5; i++)
            _journal.Add($"{i}");

        var ended = await _journal.Run("list", "--json", "--root", _journal.Root);

        ended.ShouldBe(new Executable.Ended(0, string.Concat(_journal.Lines.Select(line => line + "\n")), ""));
    }

    [Theory]
    [InlineData("3 4 5 6", "--last", "4")]
    [InlineData("", "--last", "0")]
    [InlineData("1 2 3 4 5 6", "--last", "1000")]
    [InlineData("1 3 5", "--name", "a/")]
    [InlineData("3 5", "--name", "a/", "--last", "2")]
    [InlineData("4 5 6", "--client", "unix:")]
    [InlineData("5", "--client", "unix:", "--name", "a")]
    [InlineData("2 3 4 5 6", "--since", "2026-11-20T12:02:00Z")]
    [InlineData("6", "--since", "2026-11-20T13:05:01+01:00")]
    [InlineData("1 2 3 4 5 6", "--since", "2026-11-20")]
    [InlineData("1 2 3 4 5 6", "--since", "36500d")]
    public async Task List_shows_those_that_are_wanted(string wanted, params string[] args)
    {
        for (var i = 1; i <= 6; i++)
        {
            if (i % 2 == 1)
                _journal.BeginFile();
            _journal.Add(i % 2 == 1 ? $"a/{i}" : $"b/{i}", client: i > 3 ? "unix:7" : "tcp://[::1]:7");
        }

        var ended = await _journal.Run(["list", "--json", .. args]);

        ended.Error.ShouldBeEmpty();
        var shown = ended.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        var sequences = wanted.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);
        shown.ShouldBe(sequences.Select(sequence => _journal.Lines[sequence - 1]));
    }

    [Fact]
    public async Task A_name_can_neither_forge_a_row_nor_hide_in_one()
    {
        _journal.Add("a\u202etxt.exe", client: "p\u001b[2J");

        var ended = await _journal.Run("list");

        ended.Output.ShouldEndWith(@"d41d8cd98f00b204e9800998ecf8427e stored  p\u{1B}[2J            a\u{202E}txt.exe" + "\n");
    }

    [Fact]
    public async Task List_shows_what_it_can_of_a_damaged_journal_and_fails()
    {
        _journal.Add("a");
        _journal.AppendRaw("nonsense\n");
        _journal.Add("b");

        var ended = await _journal.Run("list", "--json");

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldBe($"{_journal.Lines[0]}\n{_journal.Lines[1]}\n");
        ended.Error.ShouldBe("journal-0000000000000001.jsonl line 2: it does not end with a hash: "
            + "see what 'actorsock journal verify' says\n");
    }

    [Fact]
    public async Task Verify_tells_what_it_checked()
    {
        _journal.Add("a");
        _journal.Add("b");
        _journal.BeginFile();
        _journal.Add("c");

        (await _journal.Run("verify")).ShouldBe(
            new Executable.Ended(0, $"whole: 3 records, 1 to 3, in 2 files; last hash {_journal.LastHash}\n", ""));
        var json = JsonDocument.Parse((await _journal.Run("verify", "--json")).Output).RootElement;
        json.GetProperty("whole").GetBoolean().ShouldBeTrue();
        json.GetProperty("records").GetInt64().ShouldBe(3);
        json.GetProperty("last").GetProperty("hash").GetString().ShouldBe(_journal.LastHash);
        json.GetProperty("fault").ValueKind.ShouldBe(JsonValueKind.Null);
    }

    [Fact]
    public async Task Verify_tells_the_first_fault_and_fails()
    {
        _journal.Add("a");
        _journal.Add("b");
        _journal.AppendRaw(_journal.Lines[1] + "\n");

        (await _journal.Run("verify")).ShouldBe(new Executable.Ended(1,
            "broken: journal-0000000000000001.jsonl line 3: its number is 2, and 3 is due; whole before that: 2 records, 1 to 2, in 1 file\n", ""));
        var ended = await _journal.Run("verify", "--json");
        ended.ExitCode.ShouldBe(1);
        var fault = JsonDocument.Parse(ended.Output).RootElement.GetProperty("fault");
        fault.GetProperty("file").GetString().ShouldBe("journal-0000000000000001.jsonl");
        fault.GetProperty("line").GetInt64().ShouldBe(3);
        fault.GetProperty("why").GetString().ShouldBe("its number is 2, and 3 is due");
    }

    [Fact]
    public async Task Verify_mentions_what_is_no_fault()
    {
        _journal.Add("a");
        _journal.BeginFile();
        _journal.Add("b");
        _journal.AppendRaw("{\"seq\":3");
        File.Delete(Path.Combine(_journal.Journal, "journal-0000000000000001.jsonl"));

        var ended = await _journal.Run("verify");

        ended.ExitCode.ShouldBe(0);
        ended.Output.ShouldBe($"whole: 1 record, 2, in 1 file; last hash {_journal.LastHash}\n");
        ended.Error.ShouldBe("it begins with record 2: the files before it are not here\n"
            + "8 bytes at its end are no whole line: a node is writing it, or a crash tore it, "
            + "and the node cuts it off when it starts\n");
    }

    [Fact]
    public async Task A_journal_without_a_record_is_whole()
    {
        (await _journal.Run("verify")).ShouldBe(new Executable.Ended(0, "whole: no records\n", ""));
        (await _journal.Run("list")).ShouldBe(new Executable.Ended(0, "", ""));
        (await _journal.Run("export")).ShouldBe(new Executable.Ended(0, "", ""));
    }

    [ProgramFact("md5sum")]
    public async Task Export_knows_what_was_deleted_renamed_and_stored_again()
    {
        _journal.Store("gone", "1");
        _journal.Add("gone", content: "1", more: "\"did\":\"deleted\"");
        _journal.Store("again", "2");
        _journal.Add("again", content: "2", more: "\"did\":\"deleted\"");
        _journal.Store("again", "3");
        _journal.Store("b", "4");
        _journal.Add("a", content: "4", more: "\"did\":\"renamed\",\"to\":\"b\"");
        _journal.Store("x/new", "5");
        _journal.Add("b", content: "5", more: "\"did\":\"renamed\",\"to\":\"x/new\"");
        _journal.Add("unknown", content: "6", md5: "null");

        var sums = await _journal.Run("export");

        sums.ExitCode.ShouldBe(0);
        sums.Error.ShouldBe("1 files are left out: the journal has no MD5 of them\n");
        sums.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line[34..]).ShouldBe(["again", "x/new"]);
        await File.WriteAllTextAsync(Path.Combine(_journal.Folder, "SUMS"), sums.Output);
        (await Executable.RunProgram("md5sum", _journal.Root, "", "-c", "--quiet", "../SUMS")).ExitCode.ShouldBe(0);
    }

    [ProgramFact("md5sum")]
    public async Task Export_is_what_md5sum_checks()
    {
        _journal.Store("a/b.txt", "first");
        _journal.Store("数据 😀.bin", "second");
        _journal.Store("-a *b", "third");
        _journal.Store("back\\slash", "fourth");
        _journal.Store("a/b.txt", "replaced");

        var sums = await _journal.Run("export");
        sums.Error.ShouldBeEmpty();
        var check = await Executable.RunProgram("md5sum", _journal.Root, sums.Output, "-c", "--strict", "-");

        check.ExitCode.ShouldBe(0, check.Output + check.Error);
        check.Output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Length.ShouldBe(4);
        // Byte for byte what md5sum writes itself, so every escape is its own.
        string[] names = ["-a *b", "a/b.txt", "back\\slash", "数据 😀.bin"];
        (await Executable.RunProgram("md5sum", _journal.Root, "", ["--", .. names])).Output.ShouldBe(sums.Output);
    }

    [ProgramFact("md5sum")]
    public async Task Export_shows_a_file_that_is_not_what_was_stored()
    {
        _journal.Store("a", "as it came");
        _journal.Store("b", "as it came");
        File.WriteAllText(Path.Combine(_journal.Root, "a"), "changed");

        (await _journal.Run("export", "--out", "MD5SUMS")).ShouldBe(new Executable.Ended(0, "", ""));

        var check = await Executable.RunProgram("md5sum", _journal.Root, "", "-c", "../MD5SUMS");
        check.ExitCode.ShouldBe(1);
        check.Output.ShouldBe("a: FAILED\nb: OK\n");
    }

    [Fact]
    public async Task Nothing_is_exported_from_a_broken_journal()
    {
        _journal.Add("a");
        _journal.AppendRaw("nonsense\n");
        File.WriteAllText(Path.Combine(_journal.Folder, "MD5SUMS"), "before");

        var ended = await _journal.Run("export", "--out", "MD5SUMS");

        ended.ExitCode.ShouldBe(1);
        ended.Output.ShouldBeEmpty();
        ended.Error.ShouldStartWith("nothing is exported, because the journal is broken: "
            + "journal-0000000000000001.jsonl line 2: it does not end with a hash: ");
        File.ReadAllText(Path.Combine(_journal.Folder, "MD5SUMS")).ShouldBe("before");
    }

    [Fact]
    public async Task Export_tells_where_it_cannot_write()
    {
        _journal.Add("a");

        var ended = await _journal.Run("export", "--out", "missing/MD5SUMS");

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldStartWith("cannot write 'missing/MD5SUMS': ");
    }

    [ProgramFact("sh")]
    public async Task Results_that_cannot_be_written_are_a_failure()
    {
        _journal.Add("a");

        var ended = await Executable.RunProgram(
            "/bin/sh", _journal.Folder, "", "-c", "exec \"$0\" journal list > /dev/full", Executable.Path);

        ended.ExitCode.ShouldBe(1);
        ended.Error.ShouldBe("cannot write the results: No space left on device\n");
    }

    [Theory]
    [InlineData("list")]
    [InlineData("follow")]
    [InlineData("verify")]
    [InlineData("export")]
    public async Task Where_there_is_no_journal_it_says_so(string command)
    {
        var ended = await _journal.Run(command, "--root", "elsewhere");

        ended.ExitCode.ShouldBe(2);
        ended.Output.ShouldBeEmpty();
        var folder = Path.Combine(_journal.Folder, "elsewhere/.actorsock/journal");
        ended.Error.ShouldBe($"there is no journal: '{folder}' is missing: name the root of the node with --root, --config or --set\n");
        Directory.Exists(Path.Combine(_journal.Folder, "elsewhere")).ShouldBeFalse();
    }

    [Theory]
    [InlineData("--last", "-1")]
    [InlineData("--last", "many")]
    [InlineData("--since", "yesterday")]
    [InlineData("--since", "12")]
    [InlineData("--nonsense", "1")]
    public async Task Misuse_has_its_own_exit_code(string option, string value)
    {
        var ended = await _journal.Run("list", option, value);

        (ended.ExitCode, ended.Output).ShouldBe((2, ""));
        ended.Error.ShouldContain(option);
        ended.Error.ShouldNotContain("System.");
    }
}
