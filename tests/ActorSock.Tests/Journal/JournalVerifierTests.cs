using System.Diagnostics;
using System.Text.RegularExpressions;
using ActorSock.Journal;
using ActorSock.Wire;
using ActorSock.Testing;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Tests.Journal;

public sealed partial class JournalVerifierTests : IDisposable
{
    private readonly ScratchJournal _scratch = new(fileBytesMax: 2048);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void A_whole_journal_is_whole_across_files()
    {
        _scratch.With(records: 20);

        var verdict = Verify();

        verdict.Fault.ShouldBeNull();
        (verdict.Records, verdict.Files, verdict.IncompleteBytes).ShouldBe((20, _scratch.Files.Length, 0));
        (verdict.First, verdict.Last).ShouldBe((_scratch.Records[0], _scratch.Records[^1]));
        verdict.Bytes.ShouldBe(_scratch.Files.Sum(file => new FileInfo(file).Length));
        verdict.Files.ShouldBeGreaterThan(2);
    }

    [Fact]
    public void A_journal_without_records_is_whole()
    {
        _scratch.Open().Dispose();

        Verify().ShouldBe(new JournalVerdict(0, 0, 0, null, null, 0, null));
    }

    [Fact]
    public void A_line_feed_that_is_gone_at_the_end_of_a_file_is_found_in_that_file()
    {
        _scratch.With(records: 20);
        var first = _scratch.Files[0];
        var bytes = File.ReadAllBytes(first);
        bytes[^1] ^= 4;
        File.WriteAllBytes(first, bytes);

        var fault = Verify().Fault.ShouldNotBeNull();

        (fault.File, fault.Line).ShouldBe((_scratch.FileNames[0], bytes.AsSpan().Count((byte)'\n') + 1));
    }

    [Fact]
    public void A_flipped_bit_anywhere_is_found_where_it_is()
    {
        _scratch.With(records: 20);
        var good = _scratch.Files.Select(File.ReadAllBytes).ToArray();
        var places = from file in Gen.Choose(0, good.Length - 1)
                     from at in Gen.Choose(0, good[file].Length - 1)
                     from bit in Gen.Choose(0, 7)
                     select (file, at, bit);

        Check.One(Config.QuickThrowOnFailure.WithMaxTest(300), Prop.ForAll(places.ToArbitrary(), place =>
        {
            var (file, at, bit) = place;
            var harmed = good[file].ToArray();
            harmed[at] ^= (byte)(1 << bit);
            File.WriteAllBytes(_scratch.Files[file], harmed);

            var verdict = Verify();

            var line = good[file].AsSpan(0, at).Count((byte)'\n') + 1;
            // The very last line feed: what is left looks like a line that is being written.
            var isEnd = file == good.Length - 1 && at == good[file].Length - 1;
            verdict.Fault.ShouldNotBeNull();
            if (!isEnd)
                (verdict.Fault.File, verdict.Fault.Line).ShouldBe((_scratch.FileNames[file], line));
            File.WriteAllBytes(_scratch.Files[file], good[file]);
        }));
    }

    [Fact]
    public void Lines_that_are_gone_double_or_swapped_are_found()
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 1 << 20 };
        _scratch.With(records: 10);
        var lines = _scratch.Lines;

        Write(lines.Where((_, at) => at != 4));
        ShouldBeFaulty(line: 5, "its number is 6, and 5 is due");
        Write([.. lines[..5], .. lines[4..]]);
        ShouldBeFaulty(line: 6, "its number is 5, and 6 is due");
        Write([.. lines[..4], lines[5], lines[4], .. lines[6..]]);
        ShouldBeFaulty(line: 5, "its number is 6, and 5 is due");
        Write([lines[0], "", .. lines[1..]]);
        ShouldBeFaulty(line: 2, "it does not end with a hash");
        Write(lines[1..]);
        ShouldBeFaulty(line: 1, "its number is 2, and 1 is due");

        void Write(IEnumerable<string> some) =>
            File.WriteAllText(_scratch.Files[0], string.Concat(some.Select(line => line + "\n")));
    }

    [Fact]
    public void A_record_with_a_right_hash_that_does_not_follow_is_found()
    {
        using var other = new ScratchJournal();
        using (var journal = other.Open())
        {
            journal.Append(new(ScratchJournal.Noon, "somebody else", "a", 1, default(Md5Digest)));
            ScratchJournal.Append(journal);
            journal.Flush();
        }
        _scratch.With(records: 3);
        var lines = _scratch.Lines;

        File.WriteAllText(_scratch.Files[0], $"{lines[0]}\n{other.Lines[1]}\n{lines[2]}\n");

        ShouldBeFaulty(line: 2, "it does not follow the record before: prev is not its hash");
    }

    [Fact]
    public void A_first_record_that_claims_to_follow_another_is_found()
    {
        _scratch.With(records: 1);
        var said = _scratch.Lines[0][..^JournalLine.EndBytes].Replace("\"prev\":\"0", "\"prev\":\"1");
        var hash = RecordHash.Of(System.Text.Encoding.UTF8.GetBytes(said));
        File.WriteAllText(_scratch.Files[0], $"{said},\"hash\":\"{hash}\"}}\n");

        ShouldBeFaulty(line: 1, "it does not follow the record before: prev is not its hash");
    }

    [Fact]
    public void Files_that_are_gone_or_have_changed_names_are_found()
    {
        _scratch.With(records: 30);
        var files = _scratch.Files;
        var due = ScratchJournal.Read(File.ReadLines(files[1]).First()).Sequence;
        var away = _scratch.Folder + "/away";

        File.Move(files[1], away);
        Verify().Fault!.Why.ShouldStartWith($"record {due} is due, and by its name it begins with ");
        Verify().Fault!.File.ShouldBe(Path.GetFileName(files[2]));
        File.Move(files[2], files[1]);
        Verify().Fault.ShouldBe(new JournalFault(Path.GetFileName(files[1]), 1,
            $"its number is {ScratchJournal.Read(File.ReadLines(files[1]).First()).Sequence}, and {due} is due"));
    }

    [Fact]
    public void Old_files_that_were_moved_away_are_not_missed()
    {
        _scratch.With(records: 30);
        File.Delete(_scratch.Files[0]);
        File.Delete(_scratch.Files[0]);

        var verdict = Verify();

        verdict.Fault.ShouldBeNull();
        verdict.First!.Sequence.ShouldBeGreaterThan(5);
        verdict.Last!.Sequence.ShouldBe(30);
    }

    [Fact]
    public void Files_that_are_none_of_the_journal_are_left_alone()
    {
        _scratch.With(records: 3);
        File.WriteAllText(Path.Combine(_scratch.Folder, "journal-2.jsonl"), "x");
        File.WriteAllText(Path.Combine(_scratch.Folder, "journal-0000000000000002.jsonl.bak"), "x");
        File.WriteAllText(Path.Combine(_scratch.Folder, "journal-.jsonl"), "x");

        Verify().Fault.ShouldBeNull();
    }

    [Theory]
    [InlineData("")]
    [InlineData("half a line")]
    public void A_durable_record_that_is_gone_from_the_end_is_found(string rest)
    {
        _scratch.With(records: 3);
        var lines = _scratch.Lines;

        File.WriteAllText(_scratch.Files[0], $"{lines[0]}\n{lines[1]}\n{rest}");

        Verify().Fault.ShouldBe(new JournalFault(null, null, "it ends with record 2, and 3 were durable"));
        File.WriteAllText(_scratch.Files[0], rest);
        Verify().Fault.ShouldBe(new JournalFault(null, null, "it ends with record 0, and 3 were durable"));
    }

    [Fact]
    public void A_line_that_is_being_written_is_no_fault()
    {
        _scratch.With(records: 3);
        File.AppendAllText(_scratch.Files[^1], "{\"seq\":4");

        var verdict = Verify();

        (verdict.Records, verdict.IncompleteBytes, verdict.Fault).ShouldBe((3, 8, null));
    }

    [Fact]
    public void A_torn_line_that_a_file_follows_is_a_fault()
    {
        _scratch.With(records: 20);
        File.AppendAllText(_scratch.Files[0], "{\"seq\":4");

        Verify().Fault.ShouldBe(new JournalFault(
            _scratch.FileNames[0], File.ReadLines(_scratch.Files[0]).Count(), "it does not end with a hash"));
    }

    [Theory, InlineData(true), InlineData(false)]
    public void What_has_no_end_is_a_fault(bool followed)
    {
        _scratch.With(records: followed ? 20 : 3);
        using (var file = File.OpenWrite(_scratch.Files[0]))
            file.SetLength(file.Length + (3 << 20));

        Verify().Fault!.File.ShouldBe(_scratch.FileNames[0]);
    }

    [PythonFact]
    public void The_script_of_the_document_finds_the_same()
    {
        using (var journal = _scratch.Open())
        {
            foreach (var name in (string[])["a", "\"", "\\", ",\"hash\":\"", "\u2028", "\u0085", "\n", "😀", "数据/1"])
                journal.Append(new(ScratchJournal.Noon, name, name, 1, default(Md5Digest)));
            ScratchJournal.Append(journal, 20);
            journal.Flush();
        }
        var last = _scratch.Records[^1];

        RunScript().ShouldBe((0, $"whole up to record 29 with hash {last.Hash}\n", ""));

        var file = _scratch.Files[1];
        var bytes = File.ReadAllBytes(file);
        bytes[bytes.Length / 2] ^= 1;
        File.WriteAllBytes(file, bytes);
        var fault = Verify().Fault!;
        RunScript().ShouldBe((1, "", $"{fault.File} line {fault.Line} is wrong\n"));
        File.WriteAllText(_scratch.Files[0], "\n");
        RunScript().ShouldBe((1, "", $"{_scratch.FileNames[0]} line 1 is wrong\n"));
        File.Delete(_scratch.Files[0]);
        File.Delete(file);
        RunScript().ShouldBe((0, $"whole up to record 29 with hash {last.Hash}\n", ""));
        File.Delete(_scratch.Files[1]);
        RunScript().Code.ShouldBe(1);
    }

    [Fact]
    public void The_line_in_the_document_is_a_record()
    {
        var line = Document().Split('\n').Single(text => text.StartsWith("    {\"seq\"")).Trim();

        var record = ScratchJournal.Read(line);

        (record.Sequence, record.Name, record.Size, record.Previous).ShouldBe((1, "a/b.txt", 4096, default));
    }

    private void ShouldBeFaulty(int line, string why) =>
        Verify().Fault.ShouldBe(new JournalFault(_scratch.FileNames[0], line, why));

    private JournalVerdict Verify() => JournalVerifier.Verify(_scratch.Folder);

    private (int Code, string Output, string Error) RunScript()
    {
        var script = Script().Match(Document()).Groups[1].Value;
        var start = new ProcessStartInfo("python3", ["-c", script, _scratch.Folder])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, output, error.Result);
    }

    private static string Document() =>
        File.ReadAllText(Path.Combine(Repository.Root, "src", "ActorSock", "Journal", "JOURNAL.md"));

    [GeneratedRegex("```python\n(.*?)```", RegexOptions.Singleline)]
    private static partial Regex Script();
}
