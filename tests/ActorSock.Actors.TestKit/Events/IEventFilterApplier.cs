namespace ActorSock.Actors.TestKit;

/// <summary>Ends the muting of events.</summary>
public interface IUnmutableFilter : IDisposable
{
    void Unmute();
}

/// <summary>What is to be done with the events that a filter describes.</summary>
/// <remarks>
/// Code under test runs first; then missing events are waited for: as long as was named, or
/// <c>akka.test.filter-leeway</c>. Where none are expected, <c>akka.test.expect-no-message-default</c> is how
/// long none may come.
/// </remarks>
public interface IEventFilterApplier
{
    /// <summary>Adds another filter: an event counts when it fits one of them.</summary>
    EventFilterFactory And { get; }

    /// <summary>The code logs exactly one such event.</summary>
    void ExpectOne(Action action, CancellationToken cancellationToken = default);

    void ExpectOne(TimeSpan timeout, Action action, CancellationToken cancellationToken = default);

    T ExpectOne<T>(Func<T> func, CancellationToken cancellationToken = default);

    T ExpectOne<T>(TimeSpan timeout, Func<T> func, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(Action action, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(Func<Task> actionAsync, CancellationToken cancellationToken = default);

    Task ExpectOneAsync(TimeSpan timeout, Func<Task> action, CancellationToken cancellationToken = default);

    Task<T> ExpectOneAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default);

    Task<T> ExpectOneAsync<T>(TimeSpan timeout, Func<Task<T>> func,
        CancellationToken cancellationToken = default);

    /// <summary>The code logs exactly so many such events.</summary>
    void Expect(int expectedCount, Action action, CancellationToken cancellationToken = default);

    void Expect(int expectedCount, TimeSpan timeout, Action action,
        CancellationToken cancellationToken = default);

    T Expect<T>(int expectedCount, Func<T> func, CancellationToken cancellationToken = default);

    T Expect<T>(int expectedCount, TimeSpan timeout, Func<T> func,
        CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, Func<Task> actionAsync,
        CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, Func<Task> actionAsync, TimeSpan? timeout,
        CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, TimeSpan timeout, Action action,
        CancellationToken cancellationToken = default);

    Task ExpectAsync(int expectedCount, TimeSpan timeout, Func<Task> action,
        CancellationToken cancellationToken = default);

    Task<T> ExpectAsync<T>(int expectedCount, Func<Task<T>> func,
        CancellationToken cancellationToken = default);

    Task<T> ExpectAsync<T>(int expectedCount, TimeSpan timeout, Func<Task<T>> func,
        CancellationToken cancellationToken = default);

    /// <summary>Such events are not shown in the output of the test, until that is ended.</summary>
    IUnmutableFilter Mute();

    /// <summary>Such events are not shown in the output of the test while the code runs.</summary>
    void Mute(Action action, CancellationToken cancellationToken = default);

    T Mute<T>(Func<T> func, CancellationToken cancellationToken = default);

    Task MuteAsync(Action action, CancellationToken cancellationToken = default);

    Task MuteAsync(Func<Task> action, CancellationToken cancellationToken = default);

    Task<T> MuteAsync<T>(Func<Task<T>> func, CancellationToken cancellationToken = default);
}
