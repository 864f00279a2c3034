using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Journal;

/// <summary>What goes into the commit log and what is found in it.</summary>
public sealed class CommitLogTests
{
    private const int KiB = 1024;

    private static readonly Guid s_thisBoot = Guid.Parse("11111111-1111-1111-1111-111111111111");

    private readonly LogInMemory _folder = new();

    [Fact]
    public void What_was_flushed_is_found_again_in_order()
    {
        CommitEntry[] entries =
        [
            Whole("a.txt", "hello"),
            Whole("数据/空.bin", ""),
            CommitEntry.Part(Time(3), "192.0.2.7:5000", Name("big"), 1L << 40, Digest(7), "c-1-w-1-00ff.part"),
            CommitEntry.Void(Time(4), 2),
        ];
        using (var log = Begin())
        {
            foreach (var entry in entries)
                log.TryAdd(entry, out _).ShouldBeTrue();
            log.Flush();
        }

        using var again = Open();

        again.Read().Select(Show).ShouldBe(entries.Select((entry, i) => Show(entry with { Number = i + 1 })));
        again.MissingCount.ShouldBe(0);
    }

    private CommitLog Open() => CommitLog.Open(_folder, 256 * KiB, 64 * KiB, s_thisBoot);

    private CommitLog Begin()
    {
        var log = Open();
        log.Reset();
        return log;
    }

    private static CommitEntry Whole(string name, string body) =>
        CommitEntry.Whole(Time(1), "c-000001", Name(name), Digest(1), System.Text.Encoding.UTF8.GetBytes(body));

    private static Md5Digest Digest(byte fill) => Md5Digest.FromBytes([.. Enumerable.Repeat(fill, 16)]);

    private static DateTimeOffset Time(int seconds) => DateTimeOffset.UnixEpoch.AddSeconds(seconds);

    private static string Show(CommitEntry entry) =>
        $"{entry.Number} {entry.Kind} {entry.Time:O} {entry.Client} '{entry.Name}' {entry.Size} {entry.Digest} "
        + $"{entry.PartName} {entry.Voided} {Convert.ToHexString(entry.Body.Span)}";
}
