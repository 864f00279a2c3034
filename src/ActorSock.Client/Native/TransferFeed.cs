using System.Reactive.Subjects;

namespace ActorSock.Client.Native;

/// <summary>Tells of all transfers of a client, to whoever wants to know.</summary>
internal sealed class TransferFeed : IDisposable
{
    private readonly Subject<TransferProgress> _subject = new();
    private readonly ISubject<TransferProgress> _oneByOne;
    private long _last;

    public TransferFeed() => _oneByOne = Subject.Synchronize(_subject);

    public IObservable<TransferProgress> Told => _oneByOne;

    public Transfer Begin(string name, TransferDirection direction, long? totalBytes) =>
        new(this, new TransferProgress(Interlocked.Increment(ref _last), name, direction, TransferState.Moving, 0, totalBytes, 1, null));

    public void Dispose()
    {
        _oneByOne.OnCompleted();
        _subject.Dispose();
    }

    private void Tell(TransferProgress progress)
    {
        if (_subject.HasObservers) _oneByOne.OnNext(progress);
    }

    /// <summary>One transfer.</summary>
    internal sealed class Transfer(TransferFeed feed, TransferProgress now)
    {
        private readonly Lock _gate = new();
        private TransferProgress _now = now;

        public void Moved(long doneBytes) => Change(now => now with { State = TransferState.Moving, DoneBytes = doneBytes });

        public void MovedMore(long bytes) => Change(now => now with { State = TransferState.Moving, DoneBytes = now.DoneBytes + bytes });

        public void Resumes(long bytes) =>
            Change(now => now with { State = TransferState.Moving, DoneBytes = bytes, ResumedBytes = bytes });

        /// <summary>A part was there.</summary>
        public void ResumesMore(long bytes) =>
            Change(now => now with { DoneBytes = now.DoneBytes + bytes, ResumedBytes = now.ResumedBytes + bytes });

        public void Knows(long totalBytes) => Change(now => now with { TotalBytes = totalBytes });

        /// <summary>What was sent so far does not count.</summary>
        public void BeginsAnew(string problem, long? totalBytes) => Change(now => now with
        {
            State = TransferState.Waiting,
            DoneBytes = 0,
            ResumedBytes = 0,
            TotalBytes = totalBytes,
            Problem = problem,
        });

        public void Waits(Attempt next) => Change(now => now with
        {
            State = TransferState.Waiting,
            Attempt = next.Number,
            ResumedBytes = 0,
            Problem = next.Failed?.Message,
        });

        /// <summary>Runs the whole transfer and tells how it ended.</summary>
        public async Task<T> RunAsync<T>(Func<Task<T>> act)
        {
            try
            {
                Change(now => now);
                var result = await act();
                Change(now => now with { State = TransferState.Done, Problem = null });
                return result;
            }
            catch (Exception why)
            {
                Change(now => now with { State = TransferState.Failed, Problem = why.Message });
                throw;
            }
        }

        private void Change(Func<TransferProgress, TransferProgress> change)
        {
            TransferProgress changed;
            lock (_gate) changed = _now = change(_now);
            feed.Tell(changed);
        }
    }
}
