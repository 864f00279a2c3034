using System.Collections.Concurrent;
using Serilog.Sinks.Async;

namespace ActorSock.Logging;

/// <summary>Counts the log lines that asynchronous sinks dropped because their queue was full. In
/// <c>serilog.json</c> it is the <c>monitor</c> of each <c>Async</c> sink.</summary>
/// <remarks>One for the process, because a configuration file can name nothing smaller.</remarks>
public sealed class DroppedLines : IAsyncLogEventSinkMonitor
{
    private readonly ConcurrentDictionary<IAsyncLogEventSinkInspector, bool> queues = new();
    private long droppedByEnded;

    private DroppedLines() { }

    /// <summary>The monitor.</summary>
    public static DroppedLines Monitor { get; } = new();

    /// <summary>Lines dropped since the process started.</summary>
    public long Count =>
        Interlocked.Read(ref droppedByEnded) + queues.Keys.Sum(queue => queue.DroppedMessagesCount);

    /// <inheritdoc/>
    public void StartMonitoring(IAsyncLogEventSinkInspector inspector) => queues.TryAdd(inspector, true);

    /// <inheritdoc/>
    public void StopMonitoring(IAsyncLogEventSinkInspector inspector)
    {
        if (queues.TryRemove(inspector, out _))
            Interlocked.Add(ref droppedByEnded, inspector.DroppedMessagesCount);
    }
}
