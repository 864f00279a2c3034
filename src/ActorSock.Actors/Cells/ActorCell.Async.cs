using ActorSock.Actors.Event;

namespace ActorSock.Actors;

/// <summary>Handlers that await: what follows the await comes back as a system message, and user messages wait.</summary>
internal sealed partial class ActorCell
{
    /// <summary>The message whose handler awaits something, or null.</summary>
    private Handling? _handling;

    public void RunTask(Func<Task> action)
    {
        // A handler may start several tasks, one from within another: its message is handled when all have ended.
        var outer = SynchronizationContext.Current;
        var handling = outer is Handling under && under.IsOf(this)
            ? under
            : _handling ?? new Handling(this, _current);
        SynchronizationContext.SetSynchronizationContext(handling);
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
        if (!handling.IsAbandoned)
            _handling = handling;
        UpdateBlocked();
        handling.Add(task);
    }

    private void EndHandling(HandlerEnded ended)
    {
        var (handling, task) = (ended.Handling, ended.Task);
        if (!ReferenceEquals(task, handling.Task))
            return; // another task was added since, and this one is a part of that
        if (handling.IsAbandoned)
        {
            if (task.Exception is { } unheard)
                PublishUnheard(unheard.InnerException ?? unheard);
            return;
        }
        _handling = null;
        UpdateBlocked();
        _current = handling.Message;
        if (_current.Message is not INotInfluenceReceiveTimeout)
            _receiveTimer?.Touch();
        task.GetAwaiter().GetResult();
        _current = default;
    }

    private void PublishUnheard(Exception unheard) => Publish(new Warning(unheard, Path.ToString(), GetType(),
        $"a handler failed after its actor had been restarted or stopped: {unheard.Message}"));

    /// <summary>One message in a handler that awaits: by this the handler's continuations come back.</summary>
    /// <remarks>
    /// A restart or the end of the actor does not end the handler: it is abandoned, and goes on so that what it
    /// holds is let go of. Its continuations still run one at a time, in turn with the actor's messages as long
    /// as there is an actor.
    /// </remarks>
    internal sealed class Handling(ActorCell cell, Mailbox.Slot message) : SynchronizationContext
    {
        public Mailbox.Slot Message => message;

        /// <summary>All that this handler has started.</summary>
        public Task? Task { get; private set; }

        /// <summary>True when the actor instance is gone whose handler this is.</summary>
        public bool IsAbandoned { get; private set; }

        public bool IsOf(ActorCell other) => ReferenceEquals(cell, other);

        public void Abandon() => IsAbandoned = true;

        public void Add(Task task)
        {
            Task = Task is null ? task : Task.WhenAll(Task, task);
            Task.ContinueWith(static (ended, of) => ((Handling)of!).Ended(ended), this,
                CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
        }

        public override void Post(SendOrPostCallback d, object? state) =>
            cell.SendSystem(new Continuation(this, d, state));

        public override SynchronizationContext CreateCopy() => this;

        /// <summary>Runs the rest of a handler in its actor, with the message it began with.</summary>
        public void Continue(Continuation rest)
        {
            var (outer, current) = (Current, cell._current);
            SetSynchronizationContext(this);
            cell._current = message;
            try
            {
                rest.Run();
            }
            catch (Exception e) when (IsAbandoned)
            {
                cell.PublishUnheard(e);
            }
            finally
            {
                cell._current = current;
                SetSynchronizationContext(outer);
            }
        }

        /// <summary>The same without a cell that would run it.</summary>
        public void ContinueAfterDeath(Continuation rest)
        {
            lock (this)
            {
                Abandon(); // it may have been over before its actor was, but not all that it began
                var outer = t_current;
                t_current = cell;
                Continue(rest);
                t_current = outer;
            }
        }

        private void Ended(Task task) => cell.SendSystem(new HandlerEnded(this, task));
    }
}
