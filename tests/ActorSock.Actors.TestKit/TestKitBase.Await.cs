namespace ActorSock.Actors.TestKit;

/// <summary>Waiting for what sends no message: it is looked at again and again.</summary>
public abstract partial class TestKitBase
{
    private static readonly TimeSpan s_glance = TimeSpan.FromMilliseconds(20);

    /// <summary>Waits until the assertions pass; fails as they did the last time.</summary>
    /// <param name="duration">how long to wait; null is <see cref="RemainingOrDefault"/></param>
    /// <param name="interval">the time between two attempts</param>
    public void AwaitAssert(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Result(Passing(block: true, Completed(assertion), duration, interval, cancellationToken));

    /// <inheritdoc cref="AwaitAssert"/>
    public Task AwaitAssertAsync(Action assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Passing(block: false, Completed(assertion), duration, interval, cancellationToken).AsTask();

    /// <inheritdoc cref="AwaitAssert"/>
    public Task AwaitAssertAsync(Func<Task> assertion, TimeSpan? duration = null, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Passing(block: false, assertion, duration, interval, cancellationToken).AsTask();

    /// <summary>Waits until the condition holds.</summary>
    public void AwaitCondition(Func<bool> conditionIsFulfilled,
        CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max,
        CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public void AwaitCondition(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        AwaitCondition(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    /// <param name="max">how long to wait; null is <see cref="RemainingOrDefault"/></param>
    /// <param name="interval">the time between two looks</param>
    /// <param name="message">goes into the failure's text</param>
    public void AwaitCondition(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval,
        string? message = null, CancellationToken cancellationToken = default) =>
        Result(Condition(block: true, Completed(conditionIsFulfilled), max, interval, message,
            cancellationToken));

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Completed(conditionIsFulfilled), null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<bool> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Completed(conditionIsFulfilled), max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<bool> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval,
        string? message = null, CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(Completed(conditionIsFulfilled), max, interval, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, null, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, null, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, string? message,
        CancellationToken cancellationToken = default) =>
        AwaitConditionAsync(conditionIsFulfilled, max, null, message, cancellationToken);

    /// <inheritdoc cref="AwaitCondition(Func{bool}, TimeSpan?, TimeSpan?, string, CancellationToken)"/>
    public Task AwaitConditionAsync(Func<Task<bool>> conditionIsFulfilled, TimeSpan? max, TimeSpan? interval,
        string? message = null, CancellationToken cancellationToken = default) =>
        Condition(block: false, conditionIsFulfilled, max, interval, message, cancellationToken).AsTask();

    /// <summary>Waits until the condition holds; false when it does not in time.</summary>
    public bool AwaitConditionNoThrow(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Result(Holds(block: true, Completed(conditionIsFulfilled), max, interval, cancellationToken));

    /// <inheritdoc cref="AwaitConditionNoThrow"/>
    public Task<bool> AwaitConditionNoThrowAsync(
        Func<bool> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Holds(block: false, Completed(conditionIsFulfilled), max, interval, cancellationToken).AsTask();

    /// <inheritdoc cref="AwaitConditionNoThrow"/>
    public Task<bool> AwaitConditionNoThrowAsync(
        Func<Task<bool>> conditionIsFulfilled, TimeSpan max, TimeSpan? interval = null,
        CancellationToken cancellationToken = default) =>
        Holds(block: false, conditionIsFulfilled, max, interval, cancellationToken).AsTask();

    private async ValueTask<bool> Passing(
        bool block, Func<Task> assertion, TimeSpan? duration, TimeSpan? interval,
        CancellationToken cancellationToken)
    {
        var end = Now + RemainingOrDilated(duration);
        while (true)
        {
            try
            {
                await assertion().ConfigureAwait(false);
                return true;
            }
            catch (Exception) when (Now < end && !cancellationToken.IsCancellationRequested)
            {
                // Not yet: there is time for another attempt.
            }
            await Pause(block, interval, end, cancellationToken).ConfigureAwait(false);
        }
    }

    private async ValueTask<bool> Condition(bool block, Func<Task<bool>> condition, TimeSpan? max,
        TimeSpan? interval, string? hint, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(max);
        if (!await Holds(block, condition, limit, interval, cancellationToken).ConfigureAwait(false))
            Fail($"the condition did not hold within {limit}", hint);
        return true;
    }

    private static async ValueTask<bool> Holds(
        bool block, Func<Task<bool>> condition, TimeSpan max, TimeSpan? interval,
        CancellationToken cancellationToken)
    {
        var end = Now + max;
        while (!await condition().ConfigureAwait(false))
        {
            if (Now >= end)
                return false;
            await Pause(block, interval, end, cancellationToken).ConfigureAwait(false);
        }
        return true;
    }

    private static async ValueTask Pause(bool block, TimeSpan? interval, TimeSpan end,
        CancellationToken cancellationToken)
    {
        var (pause, left) = (interval ?? s_glance, NotNegative(end - Now));
        var elapsed = Task.Delay(pause < left ? pause : left, cancellationToken);
        if (block)
            elapsed.Wait(CancellationToken.None);
        else
            await elapsed.ConfigureAwait(false);
    }

    private static Func<Task> Completed(Action action) => () =>
    {
        action();
        return Task.CompletedTask;
    };

    private static Func<Task<bool>> Completed(Func<bool> condition) => () => Task.FromResult(condition());
}
