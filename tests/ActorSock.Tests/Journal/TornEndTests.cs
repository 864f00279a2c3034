using System.Text;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire;
using static ActorSock.Tests.Journal.ScratchJournal;

namespace ActorSock.Tests.Journal;

/// <summary>What a crash leaves at the end of a journal is cut; what it cannot have left is not touched.</summary>
public sealed class TornEndTests : IDisposable
{
    private readonly ScratchJournal _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [Theory, InlineData(true), InlineData(false)]
    public void A_last_line_that_is_cut_anywhere_goes_and_the_lines_before_stay(bool marked)
    {
        _scratch.With(records: 3, synced: false);
        if (!marked)
            File.Delete(_scratch.Mark);
        var file = _scratch.Files.ShouldHaveSingleItem();
        var whole = File.ReadAllBytes(file);
        var mark = marked ? File.ReadAllBytes(_scratch.Mark) : null;
        var lastLine = whole.AsSpan(0, whole.Length - 1).LastIndexOf((byte)'\n') + 1;

        for (var left = lastLine + 1; left < whole.Length; left++)
        {
            File.WriteAllBytes(file, whole[..left]);
            Restore(mark);

            _scratch.Open(out var opened).Dispose();

            (opened.LastSequence, opened.LastRecord!.Sequence).ShouldBe((2, 2));
            opened.Cut.ShouldBe(new JournalCut(Path.GetFileName(file), 3, left - lastLine, "it is not complete"));
            File.ReadAllBytes(file).ShouldBe(whole[..lastLine]);
        }
    }

    [Fact]
    public void What_was_cut_is_written_again_byte_for_byte()
    {
        _scratch.With(records: 5, synced: false);
        var file = _scratch.Files.ShouldHaveSingleItem();
        var whole = File.ReadAllBytes(file);
        var left = whole.AsSpan(0, whole.Length - 500);
        File.WriteAllBytes(file, left);

        _scratch.With(records: 5 - left.Count((byte)'\n'));

        File.ReadAllBytes(file).ShouldBe(whole);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(4096)]
    [InlineData(3 << 20)]
    public void Zeros_behind_the_last_line_go(int zeros)
    {
        _scratch.With(records: 3);
        var file = _scratch.Files.ShouldHaveSingleItem();
        var whole = File.ReadAllBytes(file);
        File.WriteAllBytes(file, [.. whole, .. new byte[zeros]]);

        _scratch.Open(out var opened).Dispose();

        opened.LastSequence.ShouldBe(3);
        opened.Cut!.Bytes.ShouldBe(zeros);
        File.ReadAllBytes(file).ShouldBe(whole);
    }

    [Fact]
    public void Zeros_between_lines_that_were_not_durable_yet_go_with_all_behind_them()
    {
        _scratch.With(records: 3).With(records: 7, synced: false);
        var file = _scratch.Files.ShouldHaveSingleItem();
        var whole = File.ReadAllBytes(file);
        var torn = whole.ToArray();
        torn.AsSpan(IndexOfLine(whole, 6), 512).Clear();
        SetMark(sequence: 3);
        File.WriteAllBytes(file, torn);

        _scratch.Open(out var opened).Dispose();

        opened.LastSequence.ShouldBe(5);
        opened.Cut!.Line.ShouldBe(6);
        File.ReadAllBytes(file).ShouldBe(whole[..IndexOfLine(whole, 6)]);
    }

    [Fact]
    public void After_a_sync_that_failed_only_what_was_durable_before_stays()
    {
        _scratch.With(records: 3).With(records: 4, synced: false);
        SetMark(sequence: 3);
        var lines = _scratch.Lines;

        _scratch.Open(out var opened, cacheIsUnsure: true).Dispose();

        opened.LastSequence.ShouldBe(3);
        opened.Cut!.Line.ShouldBe(4);
        _scratch.Lines.ShouldBe(lines[..3]);
        _scratch.With(records: 4);
        _scratch.Lines.ShouldBe(lines);
    }

    [Fact]
    public void A_durable_line_that_is_damaged_is_left_alone_and_told()
    {
        _scratch.With(records: 5);
        var file = _scratch.Files.ShouldHaveSingleItem();
        var bytes = File.ReadAllBytes(file);
        bytes[IndexOfLine(bytes, 3) + 10] ^= 1;
        File.WriteAllBytes(file, bytes);

        var refused = Should.Throw<StorageException>(() => _scratch.Open());

        refused.Message.ShouldBe($"cannot open the journal '{_scratch.Folder}': journal-0000000000000001.jsonl line 3: "
            + "its hash is not that of what it says: see what 'actorsock journal verify' says, then put a good copy of "
            + $"the file there, or move the folder '{_scratch.Folder}' away to begin a new journal");
        File.ReadAllBytes(file).ShouldBe(bytes);
    }

    [Fact]
    public void Without_the_mark_a_whole_line_that_is_damaged_is_left_alone()
    {
        _scratch.With(records: 5, synced: false);
        File.Delete(_scratch.Mark);
        var file = _scratch.Files.ShouldHaveSingleItem();
        var bytes = File.ReadAllBytes(file);
        bytes[^20] ^= 1;
        File.WriteAllBytes(file, bytes);

        Should.Throw<StorageException>(() => _scratch.Open()).Message.ShouldContain("line 5: its hash is not that");

        File.ReadAllBytes(file).ShouldBe(bytes);
    }

    [Fact]
    public void Durable_lines_that_are_gone_from_the_end_are_told()
    {
        _scratch.With(records: 5);
        var file = _scratch.Files.ShouldHaveSingleItem();
        var lines = File.ReadAllLines(file);
        File.WriteAllText(file, string.Join('\n', lines[..3]) + "\n");

        Should.Throw<StorageException>(() => _scratch.Open()).Message
            .ShouldContain("journal-0000000000000001.jsonl: it ends with record 3, and 5 were durable: ");
    }

    [Fact]
    public void A_journal_that_was_written_anew_with_right_hashes_is_told()
    {
        _scratch.With(records: 5);
        var mark = File.ReadAllBytes(_scratch.Mark);
        Directory.Delete(_scratch.Folder, recursive: true);
        using (var forged = _scratch.Open())
        {
            for (var i = 0; i < 6; i++)
                forged.Append(new(Noon, "somebody else", "a", 1, default(Md5Digest)));
            forged.Flush();
        }
        File.WriteAllBytes(_scratch.Mark, mark);

        Should.Throw<StorageException>(() => _scratch.Open()).Message
            .ShouldContain("line 5: it is not the record that the node left there");
    }

    [Theory, InlineData(true), InlineData(false)]
    public void A_newest_file_of_which_nothing_is_left_goes_and_the_one_before_goes_on(bool empty)
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 1024 };
        _scratch.With(records: 4);
        _scratch.Files.Length.ShouldBe(2);
        var lines = _scratch.Lines;
        var firstFile = File.ReadAllBytes(_scratch.Files[0]);
        SetMark(sequence: firstFile.Count((byte)'\n'));
        File.WriteAllText(_scratch.Files[1], empty ? "" : lines[3][..30]);

        _scratch.Open(out var opened).Dispose();

        opened.LastSequence.ShouldBe(firstFile.Count((byte)'\n'));
        opened.Cut?.Bytes.ShouldBe(30);
        (opened.Cut is null).ShouldBe(empty);
        File.ReadAllBytes(_scratch.Files.ShouldHaveSingleItem()).ShouldBe(firstFile);
        _scratch.With(records: 4 - firstFile.Count((byte)'\n'));
        _scratch.Lines.ShouldBe(lines);
    }

    [Fact]
    public void A_newest_file_that_does_not_follow_the_one_before_is_told()
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 1024 };
        _scratch.With(records: 12);
        var files = _scratch.Files;
        File.Delete(files[^2]);

        Should.Throw<StorageException>(() => _scratch.Open()).Message
            .ShouldContain($"{Path.GetFileName(files[^1])} line 1: record ");
    }

    [Fact]
    public void A_file_before_the_newest_that_ends_within_a_line_is_told()
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 1024 };
        _scratch.With(records: 12);
        var before = _scratch.Files[^2];
        using (var file = File.OpenWrite(before))
            file.SetLength(file.Length - 1);

        Should.Throw<StorageException>(() => _scratch.Open()).Message
            .ShouldContain($"{Path.GetFileName(before)}: its last line is not complete: ");
    }

    [Fact]
    public void Old_files_may_be_moved_away_except_the_newest()
    {
        _scratch.Settings = _scratch.Settings with { FileBytesMax = 1024 };
        _scratch.With(records: 12);
        foreach (var old in _scratch.Files[..^1])
            File.Delete(old);

        _scratch.With(records: 1);

        _scratch.Records[^1].Sequence.ShouldBe(13);
    }

    private static int IndexOfLine(byte[] bytes, int number)
    {
        var at = 0;
        for (; number > 1; number--)
            at += bytes.AsSpan(at).IndexOf((byte)'\n') + 1;
        return at;
    }

    private void Restore(byte[]? mark)
    {
        if (mark is null)
            File.Delete(_scratch.Mark);
        else
            File.WriteAllBytes(_scratch.Mark, mark);
    }

    /// <summary>As if no more than this had been synced.</summary>
    private void SetMark(int sequence) =>
        File.WriteAllText(_scratch.Mark, $"{sequence:D19} {_scratch.Records[sequence - 1].Hash}\n", Encoding.ASCII);
}
