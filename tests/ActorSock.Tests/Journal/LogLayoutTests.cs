using System.Buffers.Binary;
using System.Text;
using ActorSock.Journal;
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
    }

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
