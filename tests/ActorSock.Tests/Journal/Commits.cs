using System.Security.Cryptography;
using System.Text;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire;

namespace ActorSock.Tests.Journal;

/// <summary>Commits as tests want them, and the machine's runs that they happen in.</summary>
internal static class Commits
{
    public const int KiB = 1024;

    public static readonly Guid ThisRun = Guid.Parse("11111111-1111-1111-1111-111111111111");

    public static readonly Guid NextRun = Guid.Parse("22222222-2222-2222-2222-222222222222");

    public static CommitLog Open(ILogFolder folder, Guid? run = null, long segmentBytes = 256 * KiB) =>
        CommitLog.Open(folder, segmentBytes, 64 * KiB, run ?? ThisRun);

    /// <summary>Opens the log and gives up what is in it.</summary>
    public static CommitLog Begin(ILogFolder folder, Guid? run = null)
    {
        var log = Open(folder, run);
        log.Reset();
        return log;
    }

    public static CommitEntry Whole(string name, string body) => Whole(name, Encoding.UTF8.GetBytes(body));

    public static CommitEntry Whole(string name, byte[] body) =>
        CommitEntry.Whole(DateTimeOffset.UnixEpoch, "tcp://192.0.2.7:5000", Name(name), DigestOf(body), body);

    public static CommitEntry Part(string name, string body, string partName)
    {
        var bytes = Encoding.UTF8.GetBytes(body);
        return CommitEntry.Part(DateTimeOffset.UnixEpoch, "tcp://192.0.2.7:5000", Name(name), bytes.Length, DigestOf(bytes), partName);
    }

    /// <summary>Of a file as it was found, or of one that is in the log and was never looked at.</summary>
    public static CommitEntry Removal(string name, StoredFile? found = null) => CommitEntry.Removal(
        DateTimeOffset.UnixEpoch, "tcp://192.0.2.7:5000", Name(name), found ?? new StoredFile(1, DateTimeOffset.UnixEpoch, default));

    /// <summary>A file as it was found, or one that is in the log and was never looked at.</summary>
    public static CommitEntry Renaming(string name, string to, StoredFile? found = null) => CommitEntry.Renaming(
        DateTimeOffset.UnixEpoch, "tcp://192.0.2.7:5000", Name(name), Name(to), found ?? new StoredFile(1, DateTimeOffset.UnixEpoch, default));

    public static CommitEntry Void(long number) => CommitEntry.Void(DateTimeOffset.UnixEpoch, number);

    public static FileName Name(string raw) => Tests.Files.ScratchRoot.Name(raw);

    public static Md5Digest DigestOf(byte[] bytes) => Md5Digest.FromBytes(MD5.HashData(bytes));

    /// <summary>Adds entries as one group, without the flush.</summary>
    public static void Add(this CommitLog log, params CommitEntry[] entries)
    {
        foreach (var entry in entries)
            log.TryAdd(entry, out _).ShouldBeTrue();
    }

    /// <summary>Adds entries as one group and flushes it.</summary>
    public static void Commit(this CommitLog log, params CommitEntry[] entries)
    {
        log.Add(entries);
        log.Flush();
    }

    /// <summary>Goes on in the other segment when there is not much room left; false when that is not free.</summary>
    public static bool TrySwitchWhenFull(this CommitLog log) => log.SegmentBytesLeft > 80 * KiB || log.TrySwitch() is not null;

    /// <summary>The numbers of the entries that a log has after it was opened.</summary>
    public static long[] Numbers(this CommitLog log) => [.. log.Read().Select(entry => entry.Number)];

    /// <summary>Everything that an entry says, as text.</summary>
    public static string Show(this CommitEntry entry) =>
        $"{entry.Number} {entry.Kind} {entry.Time:O} {entry.Client} '{entry.Name}' {entry.Size} {entry.Digest} "
        + $"{entry.PartName} {entry.Voided} {Convert.ToHexString(entry.Body.Span)}"
        + $"{entry.Sha256} {entry.To} {entry.Modified.UtcTicks} {entry.Inode}";
}
