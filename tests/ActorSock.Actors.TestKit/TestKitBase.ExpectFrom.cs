namespace ActorSock.Actors.TestKit;

/// <summary>The next message, and whom it must come from.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message is of this type and comes from that actor.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(ExpectFrom<T>(block: true, sender, null, duration, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, TimeSpan? duration = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectFrom<T>(block: false, sender, null, duration, hint, cancellationToken);

    /// <summary>The next message equals this one and comes from that actor.</summary>
    public T ExpectMsgFrom<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        Result(ExpectFrom<T>(block: true, sender, EqualTo(message, hint), timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, T, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(
        IActorRef sender, T message, TimeSpan? timeout = null, string? hint = null,
        CancellationToken cancellationToken = default) =>
        ExpectFrom<T>(block: false, sender, EqualTo(message, hint), timeout, hint, cancellationToken);

    /// <summary>The next message is of this type, fits, and comes from that actor.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Predicate<T> isMessage, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        Result(ExpectFrom<T>(block: true, sender, Fitting(isMessage, hint), timeout, hint,
            cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Predicate<T> isMessage,
        TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectFrom<T>(block: false, sender, Fitting(isMessage, hint), timeout, hint, cancellationToken);

    /// <summary>The next message is of this type, passes the assertions, and comes from that actor.</summary>
    public T ExpectMsgFrom<T>(IActorRef sender, Action<T> assertMessage, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        Result(ExpectFrom<T>(block: true, sender, assertMessage, timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(IActorRef, Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(IActorRef sender, Action<T> assertMessage,
        TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectFrom<T>(block: false, sender, assertMessage, timeout, hint, cancellationToken);

    /// <summary>The next message is of this type, and it and its sender fit.</summary>
    public T ExpectMsgFrom<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage, TimeSpan? timeout = null,
        string? hint = null, CancellationToken cancellationToken = default) =>
        Result(ExpectThat<T>(block: true, (message, sender) => isSender(sender) && isMessage(message),
            timeout, hint, cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(Predicate{IActorRef}, Predicate{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(Predicate<IActorRef> isSender, Predicate<T> isMessage,
        TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectThat<T>(block: false, (message, sender) => isSender(sender) && isMessage(message), timeout,
            hint, cancellationToken);

    /// <summary>The next message is of this type, and its sender and it pass the assertions.</summary>
    public T ExpectMsgFrom<T>(Action<IActorRef> assertSender, Action<T> assertMessage,
        TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        Result(ExpectPassing(block: true, Both(assertSender, assertMessage), timeout, hint,
            cancellationToken));

    /// <inheritdoc cref="ExpectMsgFrom{T}(Action{IActorRef}, Action{T}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> ExpectMsgFromAsync<T>(Action<IActorRef> assertSender, Action<T> assertMessage,
        TimeSpan? timeout = null, string? hint = null, CancellationToken cancellationToken = default) =>
        ExpectPassing(block: false, Both(assertSender, assertMessage), timeout, hint, cancellationToken);

    private ValueTask<T> ExpectFrom<T>(bool block, IActorRef expected, Action<T>? assertMessage,
        TimeSpan? timeout, string? hint, CancellationToken cancellationToken) =>
        ExpectPassing<T>(block, (message, sender) =>
        {
            if (!Equals(expected, sender))
                Fail($"expected a message from {expected}, but got {Shown(message)} from {sender}", hint);
            assertMessage?.Invoke(message);
        }, timeout, hint, cancellationToken);

    private Action<T> EqualTo<T>(T expected, string? hint) => message =>
    {
        if (!EqualityComparer<T>.Default.Equals(expected, message))
            Fail($"expected {Shown(expected)}, but got {Shown(message)}", hint);
    };

    private Action<T> Fitting<T>(Predicate<T> isMessage, string? hint) => message =>
    {
        if (!isMessage(message))
            Fail($"got a message of the expected type that does not fit: {Shown(message)}", hint);
    };

    private static Action<T, IActorRef> Both<T>(Action<IActorRef> assertSender, Action<T> assertMessage) =>
        (message, sender) =>
    {
        assertSender(sender);
        assertMessage(message);
    };
}
