using System.Buffers.Binary;
using System.Security.Cryptography;
using ActorSock.Blocks;
using ActorSock.Files;

namespace ActorSock.Journal;

/// <summary>
/// Makes commits durable before they are published, many with one flush, so that a file need not be flushed
/// itself before it is acknowledged.
/// </summary>
/// <remarks>
/// Two files of fixed length under <c>ROOT/.actorsock/log</c> take turns; LOG.md tells what is in them and why a
/// crash at any step loses nothing. One thread uses it, apart from <see cref="Checkpoint"/>. Life:
/// <see cref="Open"/>, <see cref="Read"/> what is to be replayed, <see cref="Reset"/>, then commits:
/// <see cref="TryAdd"/> some, <see cref="Flush"/>, publish them, <see cref="MarkPublished"/>; now and then
/// <see cref="TrySwitch"/>. After a <see cref="StorageException"/> it takes nothing more and is opened anew.
/// </remarks>
internal sealed class CommitLog : IDisposable
{
    /// <summary>The smallest segment.</summary>
    public const long SegmentBytesMin = 256 << 10;

    private const int GroupBytesWanted = 1 << 20;

    private enum Stage { Reading, Open, Failed }

    private readonly LogSegment[] _segments;
    private readonly PublishedMarker _marker;
    private readonly long _segmentBytes;
    private readonly AlignedMemory _group;
    private int _groupBytes = GroupHeader.BytesCount;
    private int _groupEntries;
    private LogSegment _active;
    private long _nextNumber;
    private volatile Stage _stage;
    private volatile bool _inCheckpoint;
    private volatile bool _distrusted;
    private readonly Lock _ending = new(); // a checkpoint must not write to a log that is being disposed
    private bool _disposed;

    private CommitLog(LogSegment[] segments, PublishedMarker marker, long segmentBytes, int bodyBytesMax)
    {
        (_segments, _marker, _segmentBytes, BodyBytesMax) = (segments, marker, segmentBytes, bodyBytesMax);
        _group = new AlignedMemory(SegmentReader.Pages(GroupBytesWanted + EntryFormat.BytesMax(bodyBytesMax)));
        _active = segments[0];
    }

    /// <summary>The largest body that an entry may carry.</summary>
    public int BodyBytesMax { get; }

    /// <summary>The number that the next entry gets.</summary>
    public long NextNumber => _nextNumber;

    /// <summary>Entries that were added and not flushed.</summary>
    public int GroupCount => _groupEntries;

    /// <summary>Whether nothing was flushed to the active segment yet: there is nothing to make durable.</summary>
    public bool IsEmpty => !_active.HasGroups;

    /// <summary>Bytes that are left of the active segment for groups, each with its header and whole pages.</summary>
    public long SegmentBytesLeft => _active.BytesLeft;

    /// <summary>Whether files of an earlier segment are still being made durable.</summary>
    public bool InCheckpoint => _inCheckpoint;

    /// <summary>
    /// Entries up to this number had been published, and the page cache still has what was, when the log was
    /// opened. 0 when that is not known: then each entry is to be looked after.
    /// </summary>
    public long Published => _marker.Published;

    /// <summary>Whether a sync had failed, so that a file which reads well may not be on disk.</summary>
    public bool CacheIsUnsure => _marker.CacheIsUnsure;

    /// <summary>How many flushed entries the disk has lost, as far as can be told from the gaps.</summary>
    public long MissingCount { get; private set; }

    /// <summary>The files of which the disk has lost the beginning, and with it all that was in them.</summary>
    public IReadOnlyList<string> Damaged { get; private set; } = [];

    /// <summary>Opens the log, makes its files where they are missing, and finds out what is in it.</summary>
    /// <param name="folder">Where its files are.</param>
    /// <param name="segmentBytes">Bytes of each of the two segments, rounded up to whole pages.</param>
    /// <param name="bodyBytesMax">The largest body of an entry; one must fit into a segment.</param>
    /// <param name="bootId">Which run of the machine this is: <see cref="BootId.Current"/>.</param>
    /// <exception cref="StorageException">The disk has no room for it, or reports an error.</exception>
    public static CommitLog Open(ILogFolder folder, long segmentBytes, int bodyBytesMax, Guid bootId)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(segmentBytes, SegmentBytesMin);
        segmentBytes = (segmentBytes + LogSegment.PageBytes - 1) & -LogSegment.PageBytes;
        var roomForOne = segmentBytes - LogSegment.PageBytes - GroupHeader.BytesCount - RoomToTakeBack(1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(EntryFormat.BytesMax(bodyBytesMax), roomForOne, nameof(bodyBytesMax));
        var opened = new Stack<IDisposable>();
        try
        {
            var marker = Keep(PublishedMarker.Open(folder, bootId));
            LogSegment[] segments = [Keep(LogSegment.Open(folder, "log-0")), Keep(LogSegment.Open(folder, "log-1"))];
            var log = Keep(new CommitLog(segments, marker, segmentBytes, bodyBytesMax));
            log.LookThrough();
            return log;
        }
        catch
        {
            while (opened.TryPop(out var one))
                one.Dispose();
            throw;
        }

        T Keep<T>(T one) where T : IDisposable
        {
            opened.Push(one);
            return one;
        }
    }

    /// <summary>
    /// Reads every entry that was flushed since the last checkpoint, in order, void ones and those that take
    /// them back included. May be repeated until <see cref="Reset"/>.
    /// </summary>
    /// <exception cref="StorageException">The disk reports an error.</exception>
    public IEnumerable<CommitEntry> Read() => Skim().Select(static head => Whole(head));

    /// <summary>The same, with no more of each than tells it from others: a full log has many.</summary>
    /// <exception cref="StorageException">The disk reports an error.</exception>
    public IEnumerable<EntryHead> Skim()
    {
        if (_stage != Stage.Reading)
            throw new InvalidOperationException("a log is read before it is reset");
        foreach (var (group, entries) in Groups())
        {
            var (number, rest) = (group.FirstNumber, entries);
            for (; EntryFormat.TrySkim(rest, out var head) && head.Number == number; number++)
            {
                yield return head;
                rest = rest[head.Bytes.Length..];
            }
            if (number != group.NextNumber)
                throw Unknown(number);
        }
    }

    /// <summary>Reads the rest of an entry.</summary>
    public static CommitEntry Whole(in EntryHead head) => EntryFormat.TryRead(head, out var entry) ? entry : throw Unknown(head.Number);

    /// <summary>
    /// Begins anew and empty: all that was in the log is published and durable, or given up. Durable on return.
    /// </summary>
    /// <exception cref="StorageException">The disk refuses; what was in the log may still be there.</exception>
    public void Reset()
    {
        if (_stage != Stage.Reading)
            throw new InvalidOperationException("a log is reset once after it was opened");
        // The older first: were it left alone, its entries would undo those of the newer.
        var epoch = _segments.Max(segment => segment.Header.Epoch);
        foreach (var segment in _segments.OrderBy(segment => segment.Header.Epoch))
        {
            if (segment.Header.IsLive || segment.IsDamaged)
                segment.Void(_nextNumber);
            if (segment.Bytes != _segmentBytes)
                segment.Resize(_segmentBytes);
        }
        _active.Begin(epoch + 1, NewSalt(), _nextNumber);
        _active.Sync();
        _marker.Write(_nextNumber - 1);
        _stage = Stage.Open;
    }

    /// <summary>Adds an entry to the group; nothing is durable before <see cref="Flush"/>.</summary>
    /// <param name="entry">It is copied, its body too.</param>
    /// <param name="number">The number that it got.</param>
    /// <returns>
    /// False when it does not fit: into the group, if there is one, which is to be flushed first; otherwise into
    /// the segment, which is to be switched. A void entry for each of the last group always fits behind it.
    /// </returns>
    /// <exception cref="StorageException">The log had failed before.</exception>
    /// <exception cref="ArgumentException">The entry is larger than any may be.</exception>
    public bool TryAdd(in CommitEntry entry, out long number)
    {
        ThrowUnlessOpen();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(entry.Body.Length, BodyBytesMax, nameof(entry));
        number = 0;
        var bytes = EntryFormat.BytesOf(entry);
        var reserve = entry.Kind == CommitKind.Void ? 0 : RoomToTakeBack(_groupEntries + 1);
        if (_groupBytes + bytes > _group.GetSpan().Length
            || SegmentReader.Pages(_groupBytes + bytes) + reserve > _active.BytesLeft)
            return false;
        number = _nextNumber++;
        EntryFormat.Write(_group.GetSpan().Slice(_groupBytes, bytes), entry, number);
        _groupBytes += bytes;
        _groupEntries++;
        return true;
    }

    /// <summary>Makes all entries of the group durable, with one write and one flush.</summary>
    /// <exception cref="StorageException">The disk refuses: no entry of the group is to be published.</exception>
    public void Flush()
    {
        ThrowUnlessOpen();
        if (_groupEntries == 0)
            return;
        _stage = Stage.Failed; // until it has ended well
        var pages = SegmentReader.Pages(_groupBytes);
        var group = _group.GetSpan()[..pages];
        group[_groupBytes..].Clear();
        var (epoch, salt) = (_active.Header.Epoch, _active.Header.Salt);
        new GroupHeader(epoch, salt, _nextNumber - _groupEntries, _groupBytes, _groupEntries).Write(group);
        _active.Write(group);
        FaultPoints.Reach(FaultPoint.AfterLogWrite);
        _active.Sync();
        FaultPoints.Reach(FaultPoint.AfterLogFlush);
        _groupBytes = GroupHeader.BytesCount;
        _groupEntries = 0;
        _stage = Stage.Open;
    }

    /// <summary>
    /// Says that every entry up to this number was published, or taken back, and is in the journal. A process
    /// that starts after this one died need not look after them.
    /// </summary>
    /// <exception cref="StorageException">It could not be written down.</exception>
    public void MarkPublished(long number)
    {
        _marker.Write(number);
        FaultPoints.Reach(FaultPoint.AfterMark);
    }

    /// <summary>
    /// Goes on in the other segment, so that the files of this one can be made durable beside it.
    /// </summary>
    /// <returns>
    /// What is to be completed then; null when the active segment is empty, or while an earlier checkpoint is
    /// not over.
    /// </returns>
    /// <exception cref="StorageException">The disk refuses.</exception>
    public Checkpoint? TrySwitch()
    {
        ThrowUnlessOpen();
        if (_groupEntries > 0)
            throw new InvalidOperationException("a group is flushed before its segment is left");
        if (_inCheckpoint || IsEmpty)
            return null;
        _stage = Stage.Failed; // until it has ended well
        var full = _active;
        var next = full == _segments[0] ? _segments[1] : _segments[0];
        next.Begin(full.Header.Epoch + 1, NewSalt(), _nextNumber);
        _active = next;
        _inCheckpoint = true;
        _stage = Stage.Open;
        return new Checkpoint(this, full, _nextNumber - 1);
    }

    /// <summary>Closes the files. What was added and not flushed is gone; what was flushed is found again.</summary>
    public void Dispose()
    {
        lock (_ending)
        {
            if (_disposed)
                return;
            _disposed = true;
            foreach (var segment in _segments)
                segment.Dispose();
            _marker.Dispose();
            _group.Free();
        }
    }

    /// <summary>
    /// Makes durable what was published, or some of it, or of the journal. When that fails it is written down that the page cache is not to be
    /// trusted: the kernel forgets what it failed to write, and the next sync would succeed and prove nothing (fsync(2)).
    /// </summary>
    /// <exception cref="IOException">It failed, or an earlier one had; the log takes nothing more.</exception>
    public void Sync(Action sync)
    {
        ThrowIfFailed();
        try
        {
            sync();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            DistrustCache();
            throw;
        }
    }

    internal void EndCheckpoint(LogSegment segment, long lastNumber)
    {
        lock (_ending)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            segment.Void(lastNumber + 1);
        }
        _inCheckpoint = false;
    }

    internal void DistrustCache()
    {
        _distrusted = true;
        lock (_ending)
        {
            ObjectDisposedException.ThrowIf(_disposed, this);
            _marker.WriteNothingIsSure();
        }
    }

    /// <summary>Finds the number to go on with, and gaps.</summary>
    private void LookThrough()
    {
        Damaged = [.. _segments.Where(segment => segment.IsDamaged).Select(segment => segment.Name)];
        _nextNumber = Math.Max(1, _marker.NumberMax + 1);
        foreach (var segment in _segments)
            _nextNumber = Math.Max(_nextNumber, segment.Header.NextNumber);
        var live = _segments.Where(segment => segment.Header.IsLive).Select(segment => segment.Header.FirstNumber);
        var expected = live.DefaultIfEmpty(_nextNumber).Min();
        foreach (var (group, _) in Groups())
        {
            MissingCount += group.FirstNumber - expected;
            expected = group.NextNumber;
        }
        MissingCount += Math.Max(0, _nextNumber - expected);
        _nextNumber = Math.Max(_nextNumber, expected);
    }

    /// <summary>The whole groups of the live segments, the older segment first.</summary>
    private IEnumerable<(GroupHeader Header, ReadOnlyMemory<byte> Entries)> Groups()
    {
        var expected = 0L;
        foreach (var segment in _segments.Where(s => s.Header.IsLive).OrderBy(s => s.Header.Epoch))
        {
            expected = Math.Max(expected, segment.Header.FirstNumber);
            using var reader = new SegmentReader(segment);
            while (reader.TryNext(expected))
            {
                yield return (reader.Group, reader.Entries);
                expected = reader.Group.NextNumber;
            }
        }
    }

    /// <summary>What so many void entries take as a group of their own.</summary>
    private static int RoomToTakeBack(int entries) =>
        SegmentReader.Pages(GroupHeader.BytesCount + entries * EntryFormat.VoidBytes);

    private void ThrowUnlessOpen()
    {
        if (_stage == Stage.Reading)
            throw new InvalidOperationException("a log is reset before it takes anything");
        ThrowIfFailed();
    }

    private void ThrowIfFailed()
    {
        if (_stage == Stage.Failed || _distrusted)
        {
            throw new StorageException(StorageFault.Failed, "cannot use the commit log", "a write or a sync has failed",
                "open it anew, which finds out what is in it");
        }
    }

    private static StorageException Unknown(long number) => new(StorageFault.Failed, "cannot read the commit log",
        $"entry {number} is none that this version knows", "start the version that wrote it once more");

    private static ulong NewSalt()
    {
        Span<byte> salt = stackalloc byte[sizeof(ulong)];
        RandomNumberGenerator.Fill(salt);
        return BinaryPrimitives.ReadUInt64LittleEndian(salt);
    }
}
