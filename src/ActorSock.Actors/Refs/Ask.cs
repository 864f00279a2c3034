using System.Runtime.ExceptionServices;

namespace ActorSock.Actors;

/// <summary>Asks: a message whose answer is a task.</summary>
/// <remarks>
/// An answer of type <see cref="Status.Failure"/> fails the task with its cause, unless a <see cref="Status"/> was asked for.
/// An answer that comes when nobody waits any more is a dead letter.
/// </remarks>
public static class Futures
{
    /// <summary>What timers can count; a longer time is as good as none.</summary>
    private static readonly TimeSpan s_longest = TimeSpan.FromMilliseconds(uint.MaxValue - 1);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout = null) =>
        Ask<object>(self, message, timeout, CancellationToken.None);

    public static Task<object> Ask(this ICanTell self, object message, CancellationToken cancellationToken) =>
        Ask<object>(self, message, null, cancellationToken);

    public static Task<object> Ask(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        Ask<object>(self, message, timeout, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout = null) =>
        Ask<T>(self, message, timeout, CancellationToken.None);

    public static Task<T> Ask<T>(this ICanTell self, object message, CancellationToken cancellationToken) =>
        Ask<T>(self, message, null, cancellationToken);

    public static Task<T> Ask<T>(this ICanTell self, object message, TimeSpan? timeout, CancellationToken cancellationToken) =>
        Ask<T>(self, _ => message, timeout, cancellationToken);

    /// <summary>Asks with a message that needs to know whom to answer.</summary>
    /// <exception cref="AskTimeoutException">no answer in time</exception>
    /// <exception cref="ArgumentException">the answer is of another type</exception>
    public static async Task<T> Ask<T>(this ICanTell self, Func<IActorRef, object> messageFactory, TimeSpan? timeout, CancellationToken cancellationToken)
    {
        var system = SystemOf(self);
        var limit = timeout ?? system.Settings.AskTimeout;
        var isLimited = limit > TimeSpan.Zero && limit < s_longest;
        var promise = new PromiseActorRef(system);
        self.Tell(messageFactory(promise), promise);
        object answer;
        try
        {
            answer = isLimited
                ? await promise.Answer.WaitAsync(limit, system.TimeProvider, cancellationToken).ConfigureAwait(false)
                : await promise.Answer.WaitAsync(cancellationToken).ConfigureAwait(false);
        }
        catch (TimeoutException)
        {
            throw new AskTimeoutException($"no answer from {self} within {limit}");
        }
        finally
        {
            promise.Retire();
        }
        if (answer is Status.Failure failure && !typeof(Status).IsAssignableFrom(typeof(T)))
            ExceptionDispatchInfo.Throw(failure.Cause ?? new TaskCanceledException($"{self} answered with a failure without a cause"));
        return answer is T expected
            ? expected
            : throw new ArgumentException($"{self} answered with {answer.GetType()}, not with {typeof(T)}");
    }

    private static LocalActorSystem SystemOf(ICanTell target) => target switch
    {
        ActorCell cell => cell.System,
        ActorSelection selection => SystemOf(selection.Anchor),
        ISystemOwned owned => owned.System,
        _ => ActorCell.Current?.System ?? throw new ArgumentException($"cannot ask {target}: it belongs to no actor system", nameof(target)),
    };
}

/// <summary>A reference, other than an actor's, that knows its system: the dead letters, a test probe.</summary>
internal interface ISystemOwned
{
    LocalActorSystem System { get; }
}

/// <summary>A reference that takes one message, and whose death can be watched.</summary>
internal sealed class PromiseActorRef(LocalActorSystem system) : InternalActorRefBase
{
    private static long s_names;

    private readonly TaskCompletionSource<object> _answer = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Lock _lock = new();
    private List<ISystemRef>? _watchers;
    private bool _retired;
    private ActorPath? _path;

    public Task<object> Answer => _answer.Task;

    public override ActorPath Path => _path ?? GivePath();

    private protected override bool HasTerminated => Volatile.Read(ref _retired);

    /// <summary>Nothing is waited for any more.</summary>
    public void Retire()
    {
        _answer.TrySetCanceled();
        List<ISystemRef>? watchers;
        lock (_lock)
        {
            _retired = true;
            (watchers, _watchers) = (_watchers, null);
        }
        foreach (var watcher in watchers ?? [])
            watcher.SendSystem(new DeathWatchNotification(this, existenceConfirmed: true));
    }

    private ActorPath GivePath()
    {
        var number = Interlocked.Increment(ref s_names);
        var path = new ChildActorPath(system.Temporary, $"ask-{number}", number);
        return Interlocked.CompareExchange(ref _path, path, null) ?? path;
    }

    public override bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => System.Runtime.CompilerServices.RuntimeHelpers.GetHashCode(this);

    private protected override void Post(object message, IActorRef sender)
    {
        if (message is null)
            throw new InvalidMessageException();
        if (!_answer.TrySetResult(message))
            system.Bury(message, sender, this);
    }

    private protected override void PostSystem(SystemMessage message)
    {
        switch (message)
        {
            case Watch watch:
                lock (_lock)
                {
                    if (!_retired)
                    {
                        (_watchers ??= []).Add(watch.Watcher);
                        return;
                    }
                }
                watch.Watcher.SendSystem(new DeathWatchNotification(this, existenceConfirmed: false));
                break;
            case Unwatch unwatch:
                lock (_lock)
                    _watchers?.Remove(unwatch.Watcher);
                break;
            case Terminate:
                Retire();
                break;
        }
    }
}
