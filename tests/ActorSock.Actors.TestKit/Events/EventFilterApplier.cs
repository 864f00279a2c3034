namespace ActorSock.Actors.TestKit;

internal sealed class EventFilterApplier(TestKitBase testkit, ActorSystem system,
    IReadOnlyList<LogEventFilter> filters) : IEventFilterApplier
{
    public EventFilterFactory And => new(testkit, system, filters);

    public void ExpectOne(Action action, CancellationToken cancellationToken = default) =>
        Expect(1, action, cancellationToken);

    public void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, action, cancellationToken);

    public T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, func, cancellationToken);

    public T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default) =>
        Expect(1, timeout, func, cancellationToken);

    public Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default) =>
        Counted(block: false, 1, null, Completed(action), cancellationToken).AsTask();

    public Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, actionAsync, cancellationToken);

    public Task ExpectOneAsync(TimeSpan timeout, Func<Task> action,
        CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, action, cancellationToken);

    public Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default) =>
        ExpectAsync(1, func, cancellationToken);

    public Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func,
        CancellationToken cancellationToken = default) =>
        ExpectAsync(1, timeout, func, cancellationToken);

    public void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default) =>
        TestKitBase.Result(Counted(block: true, expectedCount, null, Completed(action), cancellationToken));

    public void Expect(int expectedCount, TimeSpan timeout, Action action,
        CancellationToken cancellationToken = default) =>
        TestKitBase.Result(Counted(block: true, expectedCount, timeout, Completed(action),
            cancellationToken));

    public T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default) =>
        TestKitBase.Result(Counted(block: true, expectedCount, null, Completed(func), cancellationToken));

    public T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func,
        CancellationToken cancellationToken = default) =>
        TestKitBase.Result(Counted(block: true, expectedCount, timeout, Completed(func), cancellationToken));

    public Task ExpectAsync(int expectedCount, Func<Task> actionAsync,
        CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, actionAsync, null, cancellationToken);

    public Task ExpectAsync(
        int expectedCount, Func<Task> actionAsync, TimeSpan? timeout,
        CancellationToken cancellationToken = default) =>
        Counted(block: false, expectedCount, timeout, WithResult(actionAsync), cancellationToken).AsTask();

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Action action,
        CancellationToken cancellationToken = default) =>
        Counted(block: false, expectedCount, timeout, Completed(action), cancellationToken).AsTask();

    public Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action,
        CancellationToken cancellationToken = default) =>
        ExpectAsync(expectedCount, action, timeout, cancellationToken);

    public Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func,
        CancellationToken cancellationToken = default) =>
        Counted(block: false, expectedCount, null, func, cancellationToken).AsTask();

    public Task<T> ExpectAsync<T>(
        int expectedCount, TimeSpan timeout, Func<Task<T>> func,
        CancellationToken cancellationToken = default) =>
        Counted(block: false, expectedCount, timeout, func, cancellationToken).AsTask();

    public IUnmutableFilter Mute() => TestEvents.Of(system).Mute(filters);

    public void Mute(Action action, CancellationToken cancellationToken = default)
    {
        using var muted = Mute();
        action();
    }

    public T Mute<T>(Func<T> func, CancellationToken cancellationToken = default)
    {
        using var muted = Mute();
        return func();
    }

    public Task MuteAsync(Action action, CancellationToken cancellationToken = default)
    {
        Mute(action, cancellationToken);
        return Task.CompletedTask;
    }

    public Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default) =>
        MuteAsync(WithResult(action), cancellationToken);

    public async Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default)
    {
        using var muted = Mute();
        return await func().WaitAsync(cancellationToken).ConfigureAwait(false);
    }

    /// <summary>
    /// Runs the code and waits until its events are there. With <paramref name="block"/> the task is complete
    /// on return.
    /// </summary>
    private async ValueTask<T> Counted<T>(
        bool block, int expected, TimeSpan? timeout, Func<Task<T>> code, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(expected);
        var settings = testkit.TestKitSettings;
        var byDefault = expected > 0 ? settings.TestEventFilterLeeway : settings.ExpectNoMessageDefault;
        var limit = testkit.Dilated(timeout ?? byDefault);
        using var tally = TestEvents.Of(system).Count(filters, Math.Max(1, expected));
        var result = await code().ConfigureAwait(false);
        Task reached = Task.WhenAny(tally.Reached);
        if (block)
            reached.Wait(limit, cancellationToken);
        else
            await reached.WaitAsync(limit, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();
        if (tally.Reached.IsFaulted)
            await tally.Reached.ConfigureAwait(false);
        if (tally.Count != expected)
        {
            var meant = string.Join(" or ", filters);
            testkit.Fail($"expected {expected} of {meant} within {limit}, but there were {tally.Count}; {tally.Others}");
        }
        return result;
    }

    private static Func<Task<bool>> Completed(Action action) => () =>
    {
        action();
        return Task.FromResult(true);
    };

    private static Func<Task<T>> Completed<T>(Func<T> func) => () => Task.FromResult(func());

    private static Func<Task<bool>> WithResult(Func<Task> action) => async () =>
    {
        await action().ConfigureAwait(false);
        return true;
    };
}
