namespace ActorSock.Actors.TestKit;

/// <summary>The next message, and what it must be.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message is of this type.</summary>
    /// <param name="duration">how long to wait for it; null is <see cref="RemainingOrDefault"/></param>
    /// <param name="hint">goes into the failure's text</param>
    public T ExpectMsg<T>(TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(Expect<T>(block: true, duration, hint, cancellationToken)).Message;

    /// <inheritdoc cref="ExpectMsg{T}(TimeSpan?, string, CancellationToken)"/>
    public async ValueTask<T> ExpectMsgAsync<T>(
        TimeSpan? duration = null, string? hint = null, CancellationToken cancellationToken = default) =>
        (await Expect<T>(block: false, duration, hint, cancellationToken).ConfigureAwait(false)).Message;

    /// <summary>The next message equals this one.</summary>
    public T ExpectMsg<T>(T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(ExpectEqual(block: true, message, null, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectEqual(block: false, message, null, timeout, hint, cancellationToken);

    /// <summary>The next message equals this one by that comparer.</summary>
    public T ExpectMsg<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        Result(ExpectEqual(block: true, expected, comparer, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(T, Func{T, T, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(T expected, Func<T, T, bool> comparer, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectEqual(block: false, expected, comparer, timeout, hint, cancellationToken);

    /// <summary>The next message is of this type and fits.</summary>
    public T ExpectMsg<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(ExpectThat<T>(block: true, (message, _) => isMessage(message), timeout, hint,
            cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Predicate<T> isMessage, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectThat<T>(block: false, (message, _) => isMessage(message), timeout, hint, cancellationToken);

    /// <summary>The next message is of this type and fits, and so does its sender.</summary>
    public T ExpectMsg<T>(Func<T, IActorRef, bool> isMessageAndSender, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        Result(ExpectThat(block: true, isMessageAndSender, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Func{T, IActorRef, bool}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(Func<T, IActorRef, bool> isMessageAndSender,
        TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectThat(block: false, isMessageAndSender, timeout, hint, cancellationToken);

    /// <summary>The next message is of this type and passes the assertions.</summary>
    public T ExpectMsg<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(ExpectPassing<T>(block: true, (message, _) => assert(message), timeout, hint,
            cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(
        Action<T> assert, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectPassing<T>(block: false, (message, _) => assert(message), timeout, hint, cancellationToken);

    /// <summary>The next message is of this type and passes the assertions, and so does its sender.</summary>
    public T ExpectMsg<T>(Action<T, IActorRef> assertMessageAndSender, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        Result(ExpectPassing(block: true, assertMessageAndSender, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsg{T}(Action{T, IActorRef}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgAsync<T>(Action<T, IActorRef> assertMessageAndSender,
        TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectPassing(block: false, assertMessageAndSender, timeout, hint, cancellationToken);

    /// <summary>The next message says that this actor has stopped; the test actor must watch it.</summary>
    public Terminated ExpectTerminated(
        IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(ExpectEnd(block: true, target, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectTerminated"/>
    public ValueTask<Terminated> ExpectTerminatedAsync(
        IActorRef target, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectEnd(block: false, target, timeout, hint, cancellationToken);

    /// <summary>
    /// No message comes for <c>akka.test.expect-no-message-default</c>, or for what is left of <c>Within</c>.
    /// </summary>
    public void ExpectNoMsg(CancellationToken cancellationToken = default) =>
        Result(ExpectSilence(block: true, DefaultSilence, cancellationToken));

    /// <summary>No message comes for this long, which is not dilated.</summary>
    public void ExpectNoMsg(TimeSpan duration, CancellationToken cancellationToken = default) =>
        Result(ExpectSilence(block: true, duration, cancellationToken));

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan, CancellationToken)"/>
    public void ExpectNoMsg(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsg(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    /// <inheritdoc cref="ExpectNoMsg(CancellationToken)"/>
    public async ValueTask ExpectNoMsgAsync(CancellationToken cancellationToken = default) =>
        await ExpectSilence(block: false, DefaultSilence, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan, CancellationToken)"/>
    public async ValueTask ExpectNoMsgAsync(TimeSpan duration,
        CancellationToken cancellationToken = default) =>
        await ExpectSilence(block: false, duration, cancellationToken).ConfigureAwait(false);

    /// <inheritdoc cref="ExpectNoMsg(TimeSpan, CancellationToken)"/>
    public ValueTask ExpectNoMsgAsync(int milliseconds, CancellationToken cancellationToken = default) =>
        ExpectNoMsgAsync(TimeSpan.FromMilliseconds(milliseconds), cancellationToken);

    private TimeSpan DefaultSilence => RemainingOr(Dilated(TestKitSettings.ExpectNoMessageDefault));

    private async ValueTask<(T Message, IActorRef Sender)> Expect<T>(
        bool block, TimeSpan? timeout, string? hint, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(timeout);
        var envelope = await Next(block, limit, cancellationToken).ConfigureAwait(false);
        if (envelope is null)
            Fail($"expected a message of type {typeof(T)} within {limit}, but none came", hint);
        if (envelope.Message is not T message)
        {
            Fail($"expected a message of type {typeof(T)}, but got {Shown(envelope)}", hint);
            throw new InvalidOperationException();
        }
        return (message, envelope.Sender);
    }

    private async ValueTask<T> ExpectEqual<T>(bool block, T expected, Func<T, T, bool>? comparer,
        TimeSpan? timeout, string? hint, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(timeout);
        var envelope = await Next(block, limit, cancellationToken).ConfigureAwait(false);
        if (envelope is null)
            Fail($"expected {Shown(expected)} within {limit}, but no message came", hint);
        if (envelope.Message is not T message
            || !(comparer ?? EqualityComparer<T>.Default.Equals)(expected, message))
        {
            Fail($"expected {Shown(expected)}, but got {Shown(envelope)}", hint);
            throw new InvalidOperationException();
        }
        return message;
    }

    private async ValueTask<T> ExpectThat<T>(bool block, Func<T, IActorRef, bool> fits, TimeSpan? timeout,
        string? hint, CancellationToken cancellationToken)
    {
        var (message, sender) = await Expect<T>(block, timeout, hint, cancellationToken)
            .ConfigureAwait(false);
        if (!fits(message, sender))
            Fail($"got a message of the expected type that does not fit: {Shown(message)} from {sender}",
                hint);
        return message;
    }

    private async ValueTask<T> ExpectPassing<T>(bool block, Action<T, IActorRef> assert, TimeSpan? timeout,
        string? hint, CancellationToken cancellationToken)
    {
        var (message, sender) = await Expect<T>(block, timeout, hint, cancellationToken)
            .ConfigureAwait(false);
        assert(message, sender);
        return message;
    }

    private async ValueTask<Terminated> ExpectEnd(
        bool block, IActorRef target, TimeSpan? timeout, string? hint, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(timeout);
        var envelope = await Next(block, limit, cancellationToken).ConfigureAwait(false);
        if (envelope is null)
            Fail($"expected {target} to have stopped within {limit}; does the test actor watch it?", hint);
        if (envelope.Message is not Terminated ended || !target.Equals(ended.ActorRef))
        {
            Fail($"expected {target} to have stopped, but got {Shown(envelope)}", hint);
            throw new InvalidOperationException();
        }
        return ended;
    }

    private async ValueTask<bool> ExpectSilence(bool block, TimeSpan duration,
        CancellationToken cancellationToken)
    {
        var envelope = await Next(block, duration, cancellationToken).ConfigureAwait(false);
        if (envelope is not null)
            Fail($"expected no message for {duration}, but got {Shown(envelope)}");
        return _lastWasNoMessage = true;
    }

    private static string Shown(MessageEnvelope envelope) => $"{Shown(envelope.Message)} from {envelope.Sender}";

    private static string Shown(object? message) =>
        message is null ? "null" : $"{message.GetType()} <{message}>";
}
