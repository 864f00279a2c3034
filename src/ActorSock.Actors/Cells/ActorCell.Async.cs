namespace ActorSock.Actors;

/// <summary>Handlers that await: what follows the await comes back as a system message, and user messages wait.</summary>
internal sealed partial class ActorCell
{
    /// <summary>The asynchronous handler that is under way.</summary>
    private Task? _handler;
    private Mailbox.Slot _handled;

    public void RunTask(Func<Task> action)
    {
        var outer = SynchronizationContext.Current;
        SynchronizationContext.SetSynchronizationContext(new CellContext(this));
        Task task;
        try
        {
            task = action();
        }
        finally
        {
            SynchronizationContext.SetSynchronizationContext(outer);
        }
        if (task.IsCompleted)
        {
            task.GetAwaiter().GetResult();
            return;
        }
        _handler = task;
        _handled = _current;
        UpdateBlocked();
        task.ContinueWith(static (ended, cell) => ((ActorCell)cell!).SendSystem(new HandlerEnded(ended)), this,
            CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
    }

    private void EndHandler(Task task)
    {
        if (!ReferenceEquals(task, _handler))
            return;
        _handler = null;
        _current = _handled;
        _handled = default;
        UpdateBlocked();
        task.GetAwaiter().GetResult();
        _current = default;
    }

    /// <summary>Runs the rest of a handler in its actor, with the message it began with.</summary>
    private void Continue(SendOrPostCallback callback, object? state)
    {
        var (outer, message) = (SynchronizationContext.Current, _current);
        SynchronizationContext.SetSynchronizationContext(new CellContext(this));
        _current = _handled;
        try
        {
            callback(state);
        }
        finally
        {
            _current = message;
            SynchronizationContext.SetSynchronizationContext(outer);
        }
    }

    private sealed class CellContext(ActorCell cell) : SynchronizationContext
    {
        public override void Post(SendOrPostCallback d, object? state) =>
            cell.SendSystem(new Continuation(s => cell.Continue(d, s), state));

        public override SynchronizationContext CreateCopy() => this;
    }
}
