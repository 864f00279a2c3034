using System.Diagnostics.CodeAnalysis;

namespace ActorSock.Actors.TestKit;

/// <summary>What test actors received and the test has not looked at yet.</summary>
/// <remarks>
/// Waiting ends with the arrival or at the deadline, whichever is first; nothing polls. Threads wait on a
/// task, because the pool makes up for threads that do: tests often run on the pool that their actors need.
/// </remarks>
internal sealed class EnvelopeQueue
{
    private readonly Lock _lock = new();
    private readonly LinkedList<MessageEnvelope> _envelopes = [];
    private TaskCompletionSource? _arrival;

    public int Count
    {
        get
        {
            lock (_lock)
                return _envelopes.Count;
        }
    }

    public void Add(MessageEnvelope envelope) => Insert(envelope, first: false);

    /// <summary>Gives back what was taken last.</summary>
    public void PutBack(MessageEnvelope envelope) => Insert(envelope, first: true);

    /// <summary>The oldest envelope, or null when none came in time.</summary>
    /// <param name="block">wait with this thread; the returned task is then complete</param>
    /// <param name="max">how long to wait; negative is for ever</param>
    /// <param name="keep">leave it in the queue</param>
    public async ValueTask<MessageEnvelope?> Next(bool block, TimeSpan max, bool keep,
        CancellationToken cancellationToken)
    {
        var clock = TimeProvider.System;
        var start = clock.GetTimestamp();
        while (true)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (TryNext(keep, out var envelope, out var arrival))
                return envelope;
            var left = max < TimeSpan.Zero ? Timeout.InfiniteTimeSpan : max - clock.GetElapsedTime(start);
            if (left <= TimeSpan.Zero && left != Timeout.InfiniteTimeSpan)
                return null;
            if (block)
                arrival.Wait(left, cancellationToken);
            else
                await arrival.WaitAsync(left, cancellationToken)
                    .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private bool TryNext(bool keep, [NotNullWhen(true)] out MessageEnvelope? envelope,
        [NotNullWhen(false)] out Task? arrival)
    {
        (envelope, arrival) = (null, null);
        lock (_lock)
        {
            if (_envelopes.First is not { } first)
            {
                _arrival ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
                arrival = _arrival.Task;
                return false;
            }
            envelope = first.Value;
            if (!keep)
                _envelopes.RemoveFirst();
            return true;
        }
    }

    private void Insert(MessageEnvelope envelope, bool first)
    {
        TaskCompletionSource? arrival;
        lock (_lock)
        {
            _ = first ? _envelopes.AddFirst(envelope) : _envelopes.AddLast(envelope);
            (arrival, _arrival) = (_arrival, null);
        }
        arrival?.SetResult();
    }
}
