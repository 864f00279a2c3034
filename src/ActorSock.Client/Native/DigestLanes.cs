using ActorSock.Digests;

namespace ActorSock.Client.Native;

/// <summary>Digests blocks of many transfers at once, in the lanes of one vector kernel.</summary>
/// <remarks>
/// A block alone costs as much time as eight together. So a round begins when all that were in the one before have a block again, or
/// when one has waited for <see cref="Patience"/>: whoever is held up by the network, or has come to its end, holds up the others
/// once and no more.
/// </remarks>
internal sealed class DigestLanes : IThreadPoolWorkItem, IDisposable
{
    /// <summary>How long a block may wait for company.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(2);

    private readonly Md5Lanes _lanes = new();
    private readonly Lock _gate = new();
    private readonly HashSet<Md5Stream> _missing = [];
    private readonly Timer _late;
    private List<Work> _waiting = [];
    private List<Work> _round = [];
    private Md5Lane[] _pieces = [];
    private bool _isRunning;

    public DigestLanes() => _late = new Timer(_ => Begin(isLate: true));

    /// <summary>The lanes of all transfers of this process.</summary>
    public static DigestLanes Shared { get; } = new();

    /// <summary>Appends a block to a stream. Neither may be touched before it is done.</summary>
    public Task AppendAsync(Md5Stream stream, ReadOnlyMemory<byte> bytes)
    {
        var work = new Work(new Md5Lane(stream, bytes));
        lock (_gate)
        {
            _waiting.Add(work);
            _missing.Remove(stream);
            if (_waiting.Count == 1) _late.Change(Patience, Timeout.InfiniteTimeSpan);
        }
        Begin(isLate: false);
        return work.Task;
    }

    /// <summary>Says that no more comes of a stream, at least not soon.</summary>
    public void Leave(Md5Stream stream)
    {
        lock (_gate)
            if (!_missing.Remove(stream)) return;
        Begin(isLate: false);
    }

    public void Dispose() => _late.Dispose();

    void IThreadPoolWorkItem.Execute()
    {
        if (_pieces.Length < _round.Count) _pieces = new Md5Lane[2 * _round.Count];
        for (var i = 0; i < _round.Count; i++) _pieces[i] = _round[i].Lane;
        try
        {
            _lanes.Append(_pieces.AsSpan(0, _round.Count));
            foreach (var work in _round) work.SetResult();
        }
        catch (Exception failed)
        {
            // Nothing was digested, and nobody knows whose fault it is: none of these digests is to be believed.
            foreach (var work in _round) work.SetException(failed);
        }
        Array.Clear(_pieces);
        _round.Clear();
        lock (_gate)
        {
            _isRunning = false;
            // The patience of those who came meanwhile may have ended while nothing could begin.
            if (_waiting.Count > 0) _late.Change(Patience, Timeout.InfiniteTimeSpan);
        }
        Begin(isLate: false);
    }

    private void Begin(bool isLate)
    {
        lock (_gate)
        {
            if (_isRunning || _waiting.Count == 0 || (_missing.Count > 0 && !isLate)) return;
            _isRunning = true;
            (_round, _waiting) = (_waiting, _round);
            _missing.Clear();
            foreach (var work in _round) _missing.Add(work.Lane.Stream);
        }
        ThreadPool.UnsafeQueueUserWorkItem(this, preferLocal: false);
    }

    /// <summary>A block that waits to be digested.</summary>
    private sealed class Work(Md5Lane lane) : TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public Md5Lane Lane => lane;
    }
}
