using System.Buffers.Binary;
using System.Text;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire.Native;
using static ActorSock.Tests.Journal.Commits;

namespace ActorSock.Tests.Journal;

/// <summary>The bytes of the log are where LOG.md says: what one version wrote another one reads.</summary>
public sealed class LogLayoutTests
{
    private readonly LogInMemory _folder = new();

    public LogLayoutTests()
    {
        using var log = Begin(_folder);
        log.Commit(Whole("first", "1"));
        log.Commit(Whole("é", "body"), Part("large", "seven b", "c-1.part"), Void(2));
        log.MarkPublished(4);
        var found = new StoredFile(7, new DateTimeOffset(2026, 11, 20, 12, 0, 0, TimeSpan.Zero), default) { Inode = 0x0102030405060708 };
        log.Commit(Renaming("old", "new/é", found), Removal("gone", found), Whole("s", "b") with { Sha256 = s_sha256 });
    }

    private static readonly ContentDigest s_sha256 =
        ContentDigest.FromBytes(DigestKind.Sha256, [.. Enumerable.Range(1, 32).Select(i => (byte)i)]);

    [Fact]
    public void A_segment_begins_with_its_epoch_salt_and_first_number()
    {
        var page = _folder["log-0"].AsSpan(0, 4096);

        Encoding.ASCII.GetString(page[..8]).ShouldBe("ASCKLOG1");
        (Long(page, 8), Long(page, 24), Long(page, 32), Long(page, 40), page[48]).ShouldBe((1, 1, 1, 4096, (byte)1));
        Long(page, 16).ShouldNotBe(0);
        ((ulong)Long(page, 64)).ShouldBe(ChecksumOf(page[..64]));
        page[72..].ContainsAnyExcept((byte)0).ShouldBeFalse();
    }

    [Fact]
    public void A_group_begins_on_a_page_with_what_tells_it_from_older_ones()
    {
        var page = _folder["log-0"].AsSpan(0, 4096);
        var group = _folder["log-0"].AsSpan(8192, 4096);

        Encoding.ASCII.GetString(group[..8]).ShouldBe("ASCKGRP1");
        (Long(group, 8), Long(group, 16), Long(group, 24)).ShouldBe((1, Long(page, 16), 2));
        var bytes = Int(group, 32);
        (bytes, Int(group, 36)).ShouldBe((64 + 96 + 112 + 64, 3));
        ((ulong)Long(group, 48)).ShouldBe(ChecksumOf([.. group[..48], .. group[64..bytes]]));
    }

    [Fact]
    public void Entries_are_where_they_are_said_to_be()
    {
        var whole = _folder["log-0"].AsSpan(8192 + 64, 96);
        var part = _folder["log-0"].AsSpan(8192 + 64 + 96, 112);
        var gone = _folder["log-0"].AsSpan(8192 + 64 + 96 + 112, 64);

        (Int(whole, 0), whole[4], Int(whole, 52), Long(whole, 8), Long(whole, 24)).ShouldBe((96, (byte)1, 4, 2, 4));
        Long(whole, 16).ShouldBe(DateTime.UnixEpoch.Ticks);
        whole[32..48].ToArray().ShouldBe(Convert.FromHexString("841a2d689ad86bd1611447453c22c6fc"));
        Encoding.UTF8.GetString(whole[64..]).ShouldBe("étcp://192.0.2.7:5000body\0\0\0\0\0\0");
        (whole[6], whole[48], whole[50]).ShouldBe(((byte)2, (byte)20, (byte)0));
        (Int(part, 0), part[4], Int(part, 52), Long(part, 8), Long(part, 24)).ShouldBe((112, (byte)2, 0, 3, 7));
        (part[6], part[48], part[50]).ShouldBe(((byte)5, (byte)20, (byte)8));
        Encoding.UTF8.GetString(part[64..]).ShouldBe("largetcp://192.0.2.7:5000c-1.part" + new string('\0', 15));
        (Int(gone, 0), gone[4], Long(gone, 8), Long(gone, 56)).ShouldBe((64, (byte)3, 4, 2));
    }

    [Fact]
    public void What_is_deleted_or_renamed_and_other_digests_are_where_they_are_said_to_be()
    {
        var renamed = _folder["log-0"].AsSpan(12288 + 64, 112);
        var removed = _folder["log-0"].AsSpan(12288 + 64 + 112, 112);
        var other = _folder["log-0"].AsSpan(12288 + 64 + 112 + 112, 128);

        (Int(renamed, 0), renamed[4], renamed[5], Int(renamed, 52), Long(renamed, 8), Long(renamed, 24)).ShouldBe((112, (byte)5, (byte)1, 16, 5, 7));
        (renamed[6], renamed[48], renamed[50]).ShouldBe(((byte)3, (byte)20, (byte)6));
        renamed[32..48].ContainsAnyExcept((byte)0).ShouldBeFalse();
        Encoding.UTF8.GetString(renamed[64..93]).ShouldBe("oldtcp://192.0.2.7:5000new/é");
        (Long(renamed, 93), Long(renamed, 101)).ShouldBe((new DateTime(2026, 11, 20, 12, 0, 0).Ticks, 0x0102030405060708));
        (Int(removed, 0), removed[4], removed[5], Int(removed, 52), Long(removed, 8), Long(removed, 24)).ShouldBe((112, (byte)4, (byte)1, 16, 6, 7));
        Encoding.UTF8.GetString(removed[64..88]).ShouldBe("gonetcp://192.0.2.7:5000");
        (Long(removed, 88), Long(removed, 96)).ShouldBe((new DateTime(2026, 11, 20, 12, 0, 0).Ticks, 0x0102030405060708));
        (Int(other, 0), other[4], other[5], Int(other, 52)).ShouldBe((128, (byte)1, (byte)2, 1));
        other[85..117].ToArray().ShouldBe(Enumerable.Range(1, 32).Select(i => (byte)i));
        other[117].ShouldBe((byte)'b');
    }

    [Fact]
    public void A_removal_of_an_earlier_version_does_not_say_which_file_it_was()
    {
        var bytes = _folder["log-0"].AsMemory(12288 + 64 + 112, 96).ToArray();
        BinaryPrimitives.WriteInt32LittleEndian(bytes, 96);
        BinaryPrimitives.WriteInt32LittleEndian(bytes.AsSpan(52), 0);
        bytes.AsSpan(88).Clear();

        EntryFormat.TrySkim(bytes, out var head).ShouldBeTrue();
        EntryFormat.TryRead(head, out var removal).ShouldBeTrue();

        (removal.Kind, removal.Name.Value, removal.Size, removal.Modified).ShouldBe((CommitKind.Removal, "gone", 7, default));
    }

    [Fact]
    public void The_marker_names_a_number_and_a_run_of_the_machine()
    {
        var marker = _folder["published"].AsSpan();

        Encoding.ASCII.GetString(marker[..8]).ShouldBe("ASCKPUB1");
        (Long(marker, 8), new Guid(marker[16..32]), marker[32]).ShouldBe((4, ThisRun, (byte)1));
        ((ulong)Long(marker, 48)).ShouldBe(ChecksumOf(marker[..48]));
    }

    private static long Long(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt64LittleEndian(bytes[at..]);

    private static int Int(ReadOnlySpan<byte> bytes, int at) => BinaryPrimitives.ReadInt32LittleEndian(bytes[at..]);

    /// <summary>Bit by bit, as LOG.md has it.</summary>
    private static ulong ChecksumOf(ReadOnlySpan<byte> bytes)
    {
        var halves = new[] { uint.MaxValue, uint.MaxValue };
        for (var at = 0; at < bytes.Length; at++)
        {
            ref var crc = ref halves[at / 8 % 2];
            crc ^= bytes[at];
            for (var bit = 0; bit < 8; bit++)
                crc = (crc >> 1) ^ ((crc & 1) * 0x82F63B78); // CRC-32C, reflected
        }
        return ((ulong)halves[1] << 32) | halves[0];
    }
}
