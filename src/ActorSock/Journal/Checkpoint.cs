namespace ActorSock.Journal;

/// <summary>
/// Stands for the files of a full segment, which somebody makes durable while the log goes on in the other.
/// </summary>
/// <remarks>May be used on another thread than the log's.</remarks>
internal sealed class Checkpoint
{
    private readonly CommitLog _log;
    private readonly LogSegment _segment;

    internal Checkpoint(CommitLog log, LogSegment segment, long lastNumber) =>
        (_log, _segment, LastNumber) = (log, segment, lastNumber);

    /// <summary>The number of the last entry that it covers.</summary>
    public long LastNumber { get; }

    /// <summary>
    /// Says that all files and journal lines up to <see cref="LastNumber"/> are durable: the segment is void
    /// and may be used again.
    /// </summary>
    /// <exception cref="Files.StorageException">That could not be written down; it may be tried again.</exception>
    public void Complete()
    {
        FaultPoints.Reach(FaultPoint.AfterSyncBeforeVoid);
        _log.EndCheckpoint(_segment, LastNumber);
    }

    /// <summary>
    /// Says that they could not be made durable. What is in the page cache is not to be trusted from now on: the
    /// log takes nothing more, and whoever opens it next writes every small file in it anew.
    /// </summary>
    /// <exception cref="Files.StorageException">That could not be written down.</exception>
    public void Fail() => _log.DistrustCache();
}
