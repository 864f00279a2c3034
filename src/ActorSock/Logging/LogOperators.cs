using System.Reactive.Linq;

namespace ActorSock.Logging;

/// <summary>Narrows a log that comes in batches to what is wanted of it, wherever it comes from.</summary>
public static class LogOperators
{
    /// <summary>Only the lines that a filter lets through.</summary>
    public static IObservable<LogBatch> Matching(this IObservable<LogBatch> log, LogFilter wanted) =>
        log.Select(batch => batch with { Lines = [.. batch.Lines.Where(wanted.Matches)] });

    /// <summary>Of what is there at first only the last lines; then everything that comes.</summary>
    public static IObservable<LogBatch> LastAndOn(this IObservable<LogBatch> log, int count) => Observable.Defer(() =>
    {
        Queue<LogLine>? kept = [];
        return log.Select(batch =>
        {
            if (kept is null)
                return batch;
            foreach (var line in batch.Lines)
            {
                kept.Enqueue(line);
                if (kept.Count > count)
                    kept.Dequeue();
            }
            if (!batch.IsAtEnd)
                return batch with { Lines = [] };
            batch = batch with { Lines = [.. kept] };
            kept = null;
            return batch;
        });
    });
}
