namespace ActorSock.Actors.TestKit;

/// <summary>Messages whose order is open.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message equals one of these.</summary>
    public T ExpectMsgAnyOf<T>(IEnumerable<T> messages, CancellationToken cancellationToken = default) =>
        Result(ExpectAny(block: true, messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAnyOf"/>
    public ValueTask<T> ExpectMsgAnyOfAsync<T>(IEnumerable<T> messages,
        CancellationToken cancellationToken = default) =>
        ExpectAny(block: false, messages, cancellationToken);

    /// <summary>
    /// The next messages are these, in any order; returned in the order in which they came.
    /// </summary>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(params T[] messages) =>
        Result(ExpectAll(block: true, RemainingOrDefault, messages, default));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    /// <param name="max">how long it may take until all are there</param>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(TimeSpan max, params T[] messages) =>
        Result(ExpectAll(block: true, Dilated(max), messages, default));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(IReadOnlyCollection<T> messages,
        CancellationToken cancellationToken = default) =>
        Result(ExpectAll(block: true, RemainingOrDefault, messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(TimeSpan, T[])"/>
    public IReadOnlyCollection<T> ExpectMsgAllOf<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Result(ExpectAll(block: true, Dilated(max), messages, cancellationToken));

    /// <inheritdoc cref="ExpectMsgAllOf{T}(T[])"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(IReadOnlyCollection<T> messages,
        CancellationToken cancellationToken = default) =>
        Streamed(stop => ExpectAll(block: false, RemainingOrDefault, messages, stop), cancellationToken);

    /// <inheritdoc cref="ExpectMsgAllOf{T}(TimeSpan, T[])"/>
    public IAsyncEnumerable<T> ExpectMsgAllOfAsync<T>(
        TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken = default) =>
        Streamed(stop => ExpectAll(block: false, Dilated(max), messages, stop), cancellationToken);

    private async ValueTask<T> ExpectAny<T>(bool block, IEnumerable<T> messages,
        CancellationToken cancellationToken)
    {
        T[] expected = [.. messages];
        var limit = RemainingOrDefault;
        var envelope = await Next(block, limit, cancellationToken).ConfigureAwait(false);
        if (envelope is null)
            Fail($"expected one of {Listed(expected)} within {limit}, but no message came");
        if (envelope.Message is not T message || !expected.Contains(message))
        {
            Fail($"expected one of {Listed(expected)}, but got {Shown(envelope)}");
            throw new InvalidOperationException();
        }
        return message;
    }

    private async ValueTask<IReadOnlyList<T>> ExpectAll<T>(
        bool block, TimeSpan max, IReadOnlyCollection<T> messages, CancellationToken cancellationToken)
    {
        var missing = messages.ToList();
        var came = await Several(block, missing.Count, max, cancellationToken).ConfigureAwait(false);
        var unexpected = came.Where(message => message is not T known || !missing.Remove(known)).ToList();
        if (unexpected.Count > 0)
            Fail($"expected {Listed(messages)} in any order, but missing are {Listed(missing)}, "
                + $"and unexpected came {Listed(unexpected)}");
        return [.. came.Cast<T>()];
    }
}
