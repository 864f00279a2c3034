using ActorSock.Journal;
using static ActorSock.Tests.Journal.ScratchJournal;

namespace ActorSock.Tests.Journal;

public sealed class JournalReaderTests : IDisposable
{
    private readonly ScratchJournal _scratch = new(fileBytesMax: 2048);

    public void Dispose() => _scratch.Dispose();

    [Fact]
    public void It_reads_on_as_records_come_across_files()
    {
        using var journal = _scratch.Open();
        using var reader = new JournalReader(_scratch.Folder);
        reader.TryRead(out _).ShouldBeFalse();

        for (var due = 1; due <= 40;)
        {
            var some = 1 + (due % 7);
            Append(journal, some);
            reader.TryRead(out _).ShouldBeFalse("they are not flushed");
            journal.Flush();
            for (; some > 0; some--)
                ReadRecord(reader).Sequence.ShouldBe(due++);
            reader.TryRead(out _).ShouldBeFalse();
        }
        _scratch.Files.Length.ShouldBeGreaterThan(5);
    }

    [Fact]
    public void A_line_is_there_when_it_is_whole()
    {
        _scratch.With(records: 2);
        var file = _scratch.Files[0];
        var bytes = File.ReadAllBytes(file);
        using var reader = new JournalReader(_scratch.Folder);
        var first = bytes.AsSpan().IndexOf((byte)'\n') + 1;

        for (var left = 0; left < bytes.Length; left++)
        {
            File.WriteAllBytes(file, bytes[..left]);
            if (left == first)
                ReadRecord(reader).Sequence.ShouldBe(1);
            reader.TryRead(out _).ShouldBeFalse();
            reader.IncompleteBytes.ShouldBe(left < first ? left : left - first);
        }
        File.WriteAllBytes(file, bytes);
        ReadRecord(reader).Sequence.ShouldBe(2);
    }

    [Fact]
    public void A_half_line_that_a_start_cut_off_does_not_mix_with_what_comes_in_its_place()
    {
        _scratch.With(records: 2, synced: false);
        using var reader = new JournalReader(_scratch.Folder);
        ReadRecord(reader);
        ReadRecord(reader);
        File.AppendAllText(_scratch.Files[0], "{\"seq\":3,\"time\":\"1999-");
        reader.TryRead(out _).ShouldBeFalse();

        _scratch.With(records: 1);

        ReadRecord(reader).Sequence.ShouldBe(3);
    }

    [Fact]
    public void A_newest_file_that_a_start_removed_is_read_when_it_is_back()
    {
        _scratch.With(records: 5);
        var lines = _scratch.Lines;
        var next = Path.Combine(_scratch.Folder, "journal-0000000000000006.jsonl");
        File.WriteAllText(next, "{\"seq");
        using var reader = new JournalReader(_scratch.Folder, from: 6);
        reader.TryRead(out _).ShouldBeFalse();
        File.Delete(next);
        reader.TryRead(out _).ShouldBeFalse();

        _scratch.Settings = _scratch.Settings with { FileBytesMax = 1024 };
        _scratch.With(records: 1);

        _scratch.FileNames[^1].ShouldBe(Path.GetFileName(next));
        ReadRecord(reader).Sequence.ShouldBe(6);
        _scratch.Lines[..5].ShouldBe(lines);
    }

    [Theory]
    [InlineData(1, 1)]
    [InlineData(2, 2)]
    [InlineData(17, 17)]
    [InlineData(30, 30)]
    [InlineData(31, null)]
    public void It_begins_where_it_is_told_to(long from, int? first)
    {
        _scratch.With(records: 30);
        using var reader = new JournalReader(_scratch.Folder, from);

        if (first is { } sequence)
            ReadRecord(reader).Sequence.ShouldBe(sequence);
        else
            reader.TryRead(out _).ShouldBeFalse();
    }

    [Fact]
    public void What_is_no_record_is_told_with_its_place_and_reading_goes_on()
    {
        _scratch.With(records: 3);
        var lines = _scratch.Lines;
        File.WriteAllText(_scratch.Files[0], $"{lines[0]}\nnonsense\n{lines[2]}\n");
        using var reader = new JournalReader(_scratch.Folder);

        ReadRecord(reader).Sequence.ShouldBe(1);
        reader.TryRead(out var entry).ShouldBeTrue();
        (entry!.File, entry.Line, entry.Record, entry.Why)
            .ShouldBe((_scratch.FileNames[0], 2, null, "it does not end with a hash"));
        ReadRecord(reader).Sequence.ShouldBe(3);
    }

    [Fact]
    public void The_number_of_the_last_record_is_found_without_reading_them_all()
    {
        _scratch.Open().Dispose();
        JournalReader.LastSequenceIn(_scratch.Folder).ShouldBe(0);

        _scratch.With(records: 30);
        JournalReader.LastSequenceIn(_scratch.Folder).ShouldBe(30);

        File.AppendAllText(_scratch.Files[^1], "{\"seq\":31");
        JournalReader.LastSequenceIn(_scratch.Folder).ShouldBe(30);

        File.WriteAllText(Path.Combine(_scratch.Folder, "journal-0000000000000031.jsonl"), "");
        JournalReader.LastSequenceIn(_scratch.Folder).ShouldBe(30);
    }

    [Fact]
    public async Task A_reader_beside_a_writer_sees_every_record_once_and_in_order()
    {
        using var journal = _scratch.Open();
        var writing = Task.Run(() =>
        {
            for (var groups = 0; groups < 300; groups++)
            {
                Append(journal, 1 + (groups % 5));
                journal.Flush();
            }
        });

        using var reader = new JournalReader(_scratch.Folder);
        for (var due = 1; due <= 900;)
        {
            if (reader.TryRead(out var entry))
                entry.Record.ShouldNotBeNull(entry.Why).Sequence.ShouldBe(due++);
        }

        await writing;
        reader.TryRead(out _).ShouldBeFalse();
    }

    private static JournalRecord ReadRecord(JournalReader reader)
    {
        reader.TryRead(out var entry).ShouldBeTrue();
        return entry!.Record.ShouldNotBeNull(entry.Why);
    }
}
