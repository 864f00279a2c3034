namespace ActorSock.Client.Native;

/// <summary>The connections of a client: one that small requests share, and some that bodies have for themselves.</summary>
internal sealed class NodePool(string address, NodeOptions options) : IAsyncDisposable
{
    private readonly SemaphoreSlim _sharing = new(1);
    private readonly SemaphoreSlim _leases = new(options.ConnectionsMax - 1);
    private readonly Lock _gate = new();
    private readonly Stack<NodeConnection> _idle = new();
    private NodeConnection? _shared;
    private bool _isDisposed;
    private (int Count, IOException? Last) _failures;

    /// <summary>The connection that is shared; opens it when there is none.</summary>
    public async ValueTask<NodeConnection> SharedAsync(CancellationToken cancel)
    {
        if (Volatile.Read(ref _shared) is { IsOpen: true } open) return open;
        var failures = Failures.Count;
        await _sharing.WaitAsync(cancel);
        try
        {
            if (_shared is { IsOpen: true } meanwhile) return meanwhile;
            if (_shared is not null) await _shared.DisposeAsync();
            _shared = null;
            ThrowIfDisposed();
            return _shared = await ConnectAsync(failures, cancel);
        }
        finally
        {
            _sharing.Release();
        }
    }

    /// <summary>A connection that nobody else uses meanwhile; waits while all are in use.</summary>
    public async Task<Lease> LeaseAsync(CancellationToken cancel)
    {
        var failures = Failures.Count;
        await _leases.WaitAsync(cancel);
        try
        {
            while (true)
            {
                NodeConnection? idle;
                lock (_gate)
                {
                    ThrowIfDisposed();
                    if (!_idle.TryPop(out idle)) break;
                }
                if (idle.IsOpen) return new Lease(this, idle);
                await idle.DisposeAsync();
            }
            return new Lease(this, await ConnectAsync(failures, cancel));
        }
        catch
        {
            _leases.Release();
            throw;
        }
    }

    /// <summary>Closes all connections but those that are leased, which are closed when they come back.</summary>
    public async ValueTask DisposeAsync()
    {
        lock (_gate)
        {
            if (_isDisposed) return;
            _isDisposed = true;
        }
        await _sharing.WaitAsync();
        if (_shared is not null) await _shared.DisposeAsync();
        _sharing.Release();
        while (_idle.TryPop(out var idle)) await idle.DisposeAsync();
    }

    private (int Count, IOException? Last) Failures
    {
        get
        {
            lock (_gate) return _failures;
        }
    }

    // Whoever has waited while another tried in vain has tried, too: else a host that says nothing would be waited for once for each.
    private async Task<NodeConnection> ConnectAsync(int failuresBefore, CancellationToken cancel)
    {
        var failures = Failures;
        if (failures.Count != failuresBefore) throw failures.Last!;
        try
        {
            return await NodeConnection.ConnectAsync(address, options, cancel);
        }
        catch (IOException why)
        {
            lock (_gate) _failures = (_failures.Count + 1, why);
            throw;
        }
    }

    private void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_isDisposed, typeof(NodeClient));

    private async ValueTask TakeBackAsync(NodeConnection connection)
    {
        bool keeps;
        lock (_gate)
        {
            keeps = connection.IsOpen && !_isDisposed;
            if (keeps) _idle.Push(connection);
        }
        if (!keeps) await connection.DisposeAsync();
        _leases.Release();
    }

    /// <summary>A connection on loan.</summary>
    internal readonly struct Lease(NodePool pool, NodeConnection connection) : IAsyncDisposable
    {
        public NodeConnection Connection { get; } = connection;

        public ValueTask DisposeAsync() => pool.TakeBackAsync(Connection);
    }
}
