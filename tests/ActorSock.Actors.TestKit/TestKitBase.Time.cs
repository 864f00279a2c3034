namespace ActorSock.Actors.TestKit;

/// <summary>How long things may take.</summary>
public abstract partial class TestKitBase
{
    /// <summary>What is left of the innermost <c>Within</c>.</summary>
    /// <exception cref="InvalidOperationException">outside of <c>Within</c></exception>
    public TimeSpan Remaining => _end is { } end
        ? NotNegative(end - Now)
        : throw new InvalidOperationException("Remaining means something only inside Within");

    /// <summary>
    /// What is left of the innermost <c>Within</c>, or <c>akka.test.single-expect-default</c> outside.
    /// </summary>
    public TimeSpan RemainingOrDefault => RemainingOr(Dilated(TestKitSettings.SingleExpectDefault));

    /// <summary>That time, dilated; without one, <see cref="RemainingOrDefault"/>.</summary>
    /// <exception cref="ArgumentOutOfRangeException">the time is negative or infinite</exception>
    public TimeSpan RemainingOrDilated(TimeSpan? duration)
    {
        if (duration is not { } named)
            return RemainingOrDefault;
        ArgumentOutOfRangeException.ThrowIfLessThan(named, TimeSpan.Zero, nameof(duration));
        return Dilated(named);
    }

    /// <inheritdoc cref="RemainingOrDilated"/>
    public TimeSpan GetTimeoutOrDefault(TimeSpan? timeout) => RemainingOrDilated(timeout);

    /// <summary>What is left of the innermost <c>Within</c>, or that time outside.</summary>
    protected TimeSpan RemainingOr(TimeSpan duration) => _end is null ? duration : Remaining;

    /// <summary>
    /// Runs a block that may take <paramref name="max"/>, which also limits all waiting in it.
    /// </summary>
    public void Within(TimeSpan max, Action action, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, action, null, epsilonValue, cancellationToken);

    /// <summary>
    /// Runs a block that must take at least <paramref name="min"/> and at most <paramref name="max"/>.
    /// </summary>
    /// <param name="epsilonValue">how much longer than <paramref name="max"/> is still in time</param>
    public void Within(TimeSpan min, TimeSpan max, Action action, string? hint = null,
        TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        Within<object?>(min, max, () =>
        {
            action();
            return null;
        }, hint, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public T Within<T>(TimeSpan max, Func<T> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        Within(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public T Within<T>(TimeSpan min, TimeSpan max, Func<T> function, string? hint = null,
        TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var span = Enter(min, max, hint, cancellationToken);
        T result;
        try
        {
            result = function();
        }
        finally
        {
            _end = span.EndOfOuter;
        }
        Leave(span, epsilonValue, hint);
        return result;
    }

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public Task WithinAsync(TimeSpan max, Func<Task> actionAsync, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, actionAsync, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    public Task WithinAsync(TimeSpan min, TimeSpan max, Func<Task> actionAsync, string? hint = null,
        TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default) =>
        WithinAsync<object?>(min, max, async () =>
        {
            await actionAsync();
            return null;
        }, hint, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, Action, TimeSpan?, CancellationToken)"/>
    public Task<T> WithinAsync<T>(TimeSpan max, Func<Task<T>> function, TimeSpan? epsilonValue = null,
        CancellationToken cancellationToken = default) =>
        WithinAsync(TimeSpan.Zero, max, function, null, epsilonValue, cancellationToken);

    /// <inheritdoc cref="Within(TimeSpan, TimeSpan, Action, string, TimeSpan?, CancellationToken)"/>
    /// <remarks>A block that does not come back is given up when its time is over.</remarks>
    public async Task<T> WithinAsync<T>(TimeSpan min, TimeSpan max, Func<Task<T>> function,
        string? hint = null, TimeSpan? epsilonValue = null, CancellationToken cancellationToken = default)
    {
        var span = Enter(min, max, hint, cancellationToken);
        T result;
        try
        {
            // The block's own waits end with the span and say what they missed: give them the chance to.
            var limit = span.Max + (epsilonValue ?? TimeSpan.Zero) + TestKitSettings.SingleExpectDefault;
            var work = function();
            await ((Task)work).WaitAsync(limit, cancellationToken)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
            if (!work.IsCompleted)
                Fail($"the block did not come back within {span.Max}", hint);
            result = await work.ConfigureAwait(false);
        }
        finally
        {
            _end = span.EndOfOuter;
        }
        Leave(span, epsilonValue, hint);
        return result;
    }

    private Span Enter(TimeSpan min, TimeSpan max, string? hint, CancellationToken cancellationToken)
    {
        cancellationToken.ThrowIfCancellationRequested();
        ArgumentOutOfRangeException.ThrowIfGreaterThan(min, max);
        var start = Now;
        var left = _end is { } end ? NotNegative(end - start) : TimeSpan.MaxValue;
        if (left < min)
            Fail($"the block must take at least {min}, but only {left} are left of the one around it", hint);
        var dilated = Dilated(max);
        var span = new Span(start, min, dilated < left ? dilated : left, _end);
        _lastWasNoMessage = false;
        _end = start + span.Max;
        return span;
    }

    private void Leave(Span span, TimeSpan? epsilon, string? hint)
    {
        var taken = Now - span.Start;
        if (taken < span.Min)
            Fail($"the block took {taken}, it should have taken at least {span.Min}", hint);
        // Waiting for silence takes all the time there is, and then a little.
        if (!_lastWasNoMessage && taken > span.Max + (epsilon ?? TimeSpan.Zero))
            Fail($"the block took {taken}, longer than {span.Max}", hint);
    }

    private static TimeSpan NotNegative(TimeSpan time) => time < TimeSpan.Zero ? TimeSpan.Zero : time;

    private readonly record struct Span(TimeSpan Start, TimeSpan Min, TimeSpan Max, TimeSpan? EndOfOuter);
}
