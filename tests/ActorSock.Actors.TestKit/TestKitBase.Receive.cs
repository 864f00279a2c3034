using System.Collections;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;

namespace ActorSock.Actors.TestKit;

/// <summary>Messages as they come, without saying which.</summary>
public abstract partial class TestKitBase
{
    /// <summary>The next message, or null when none comes.</summary>
    /// <param name="max">how long to wait, not dilated; negative is for ever; null is
    /// <see cref="RemainingOrDefault"/></param>
    public object? ReceiveOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Result(Next(block: true, max, cancellationToken))?.Message;

    /// <inheritdoc cref="ReceiveOne"/>
    public async ValueTask<object?> ReceiveOneAsync(TimeSpan? max = null,
        CancellationToken cancellationToken = default) =>
        (await Next(block: false, max, cancellationToken).ConfigureAwait(false))?.Message;

    /// <summary>The next message with its sender; false when none comes.</summary>
    /// <inheritdoc cref="ReceiveOne"/>
    public bool TryReceiveOne(
        [NotNullWhen(true)] out MessageEnvelope? envelope, TimeSpan? max = null,
        CancellationToken cancellationToken = default)
    {
        envelope = Result(Next(block: true, max, cancellationToken));
        return envelope is not null;
    }

    /// <inheritdoc cref="TryReceiveOne"/>
    public async ValueTask<(bool success, MessageEnvelope? envelope)> TryReceiveOneAsync(
        TimeSpan? max, CancellationToken cancellationToken = default)
    {
        var envelope = await Next(block: false, max, cancellationToken).ConfigureAwait(false);
        return (envelope is not null, envelope);
    }

    /// <summary>The next message, which stays where it is; null when none comes.</summary>
    /// <inheritdoc cref="ReceiveOne"/>
    public object? PeekOne(TimeSpan? max = null, CancellationToken cancellationToken = default) =>
        Result(Next(block: true, max, cancellationToken, keep: true))?.Message;

    /// <summary>The next message, which stays where it is; waits for it for ever.</summary>
    public object? PeekOne(CancellationToken cancellationToken) =>
        PeekOne(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <inheritdoc cref="PeekOne(TimeSpan?, CancellationToken)"/>
    public async ValueTask<object?> PeekOneAsync(TimeSpan? max = null,
        CancellationToken cancellationToken = default) =>
        (await Next(block: false, max, cancellationToken, keep: true).ConfigureAwait(false))?.Message;

    /// <inheritdoc cref="PeekOne(CancellationToken)"/>
    public ValueTask<object?> PeekOneAsync(CancellationToken cancellationToken) =>
        PeekOneAsync(Timeout.InfiniteTimeSpan, cancellationToken);

    /// <summary>The next message with its sender, which stays where it is; false when none comes.</summary>
    /// <inheritdoc cref="ReceiveOne"/>
    public bool TryPeekOne(
        [NotNullWhen(true)] out MessageEnvelope? envelope, TimeSpan? max, CancellationToken cancellationToken)
    {
        envelope = Result(Next(block: true, max, cancellationToken, keep: true));
        return envelope is not null;
    }

    /// <inheritdoc cref="TryPeekOne"/>
    public async ValueTask<(bool success, MessageEnvelope? envelope)> TryPeekOneAsync(TimeSpan? max,
        CancellationToken cancellationToken)
    {
        var envelope = await Next(block: false, max, cancellationToken, keep: true).ConfigureAwait(false);
        return (envelope is not null, envelope);
    }

    /// <summary>That many messages, in the order in which they came.</summary>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages,
        CancellationToken cancellationToken = default) =>
        Result(Several(block: true, numberOfMessages, RemainingOrDefault, cancellationToken));

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)"/>
    /// <param name="max">how long it may take until all are there</param>
    public IReadOnlyCollection<object> ReceiveN(int numberOfMessages, TimeSpan max,
        CancellationToken cancellationToken = default) =>
        Result(Several(block: true, numberOfMessages, Dilated(max), cancellationToken));

    /// <inheritdoc cref="ReceiveN(int, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages,
        CancellationToken cancellationToken = default) =>
        Streamed(stop => Several(block: false, numberOfMessages, RemainingOrDefault, stop),
            cancellationToken);

    /// <inheritdoc cref="ReceiveN(int, TimeSpan, CancellationToken)"/>
    public IAsyncEnumerable<object> ReceiveNAsync(int numberOfMessages, TimeSpan max,
        CancellationToken cancellationToken = default) =>
        Streamed(stop => Several(block: false, numberOfMessages, Dilated(max), stop), cancellationToken);

    /// <summary>
    /// Messages, as long as the filter makes something of them; the first of which it makes null stays where
    /// it is.
    /// </summary>
    /// <param name="max">how long all may take</param>
    /// <param name="idle">how long the silence between two may be; null is no limit</param>
    /// <param name="msgs">how many at most</param>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) where T : class =>
        Result(While(block: true, max, idle, filter, msgs, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(TimeSpan? max, Func<object, T?> filter, int msgs = int.MaxValue,
        CancellationToken cancellationToken = default) where T : class =>
        Result(While(block: true, max, null, filter, msgs, cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(Func<object, T?> filter, TimeSpan? max = null,
        TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class =>
        Result(While(block: true, max, idle, filter, msgs, cancellationToken));

    /// <summary>
    /// Messages of a type, as long as the condition holds; the first that is not wanted stays where it is.
    /// </summary>
    /// <param name="shouldIgnoreOtherMessageTypes">throw messages of other types away instead of ending
    /// there</param>
    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IReadOnlyList<T> ReceiveWhile<T>(Predicate<T> shouldContinue, TimeSpan? max = null,
        TimeSpan? idle = null, int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default)
        where T : class =>
        Result(While(block: true, max, idle, shouldContinue, msgs, shouldIgnoreOtherMessageTypes,
            cancellationToken));

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, TimeSpan? idle, Func<object, T?> filter,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) where T : class =>
        Streamed(stop => While(block: false, max, idle, filter, msgs, stop), cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(TimeSpan? max, Func<object, T?> filter,
        int msgs = int.MaxValue, CancellationToken cancellationToken = default) where T : class =>
        Streamed(stop => While(block: false, max, null, filter, msgs, stop), cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(TimeSpan?, TimeSpan?, Func{object, T}, int, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Func<object, T?> filter, TimeSpan? max = null,
        TimeSpan? idle = null, int msgs = int.MaxValue, CancellationToken cancellationToken = default)
        where T : class =>
        Streamed(stop => While(block: false, max, idle, filter, msgs, stop), cancellationToken);

    /// <inheritdoc cref="ReceiveWhile{T}(Predicate{T}, TimeSpan?, TimeSpan?, int, bool, CancellationToken)"/>
    public IAsyncEnumerable<T> ReceiveWhileAsync<T>(Predicate<T> shouldContinue, TimeSpan? max = null,
        TimeSpan? idle = null, int msgs = int.MaxValue, bool shouldIgnoreOtherMessageTypes = true,
        CancellationToken cancellationToken = default)
        where T : class =>
        Streamed(stop => While(block: false, max, idle, shouldContinue, msgs, shouldIgnoreOtherMessageTypes,
            stop), cancellationToken);

    /// <summary>The first message that fits; those before it are thrown away.</summary>
    public object FishForMessage(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        FishForMessage<object>(isMessage, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public T FishForMessage<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Result(Fish(block: true, isMessage, null, max, hint, cancellationToken));

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    /// <param name="allMessages">gets the messages that are thrown away</param>
    public T FishForMessage<T>(Predicate<T> isMessage, ArrayList allMessages, TimeSpan? max = null,
        string hint = "", CancellationToken cancellationToken = default) =>
        Result(Fish(block: true, isMessage, allMessages, max, hint, cancellationToken));

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<object> FishForMessageAsync(
        Predicate<object> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Fish(block: false, isMessage, null, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage(Predicate{object}, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> FishForMessageAsync<T>(
        Predicate<T> isMessage, TimeSpan? max = null, string hint = "",
        CancellationToken cancellationToken = default) =>
        Fish(block: false, isMessage, null, max, hint, cancellationToken);

    /// <inheritdoc cref="FishForMessage{T}(Predicate{T}, ArrayList, TimeSpan?, string, CancellationToken)"/>
    public ValueTask<T> FishForMessageAsync<T>(Predicate<T> isMessage, ArrayList allMessages,
        TimeSpan? max = null, string hint = "", CancellationToken cancellationToken = default) =>
        Fish(block: false, isMessage, allMessages, max, hint, cancellationToken);

    /// <summary>Throws messages away up to the first of that type, and that one too.</summary>
    public async Task FishUntilMessageAsync<T>(TimeSpan? max = null,
        CancellationToken cancellationToken = default) =>
        await Fish<T>(block: false, static _ => true, null, max, null, cancellationToken)
            .ConfigureAwait(false);

    /// <summary>
    /// Waits for a silence of <paramref name="max"/>, and returns what was said until then.
    /// </summary>
    /// <param name="maxMessages">how many messages there may be until then</param>
    public async Task<ArrayList> WaitForRadioSilenceAsync(
        TimeSpan? max = null, uint? maxMessages = null, CancellationToken cancellationToken = default)
    {
        var heard = new ArrayList();
        var silence = RemainingOrDilated(max);
        while (await Next(block: false, silence, cancellationToken).ConfigureAwait(false) is { } envelope)
        {
            heard.Add(envelope.Message);
            if (heard.Count > maxMessages)
                Fail($"waiting for a silence of {silence}, but there were already {heard.Count} messages");
        }
        return heard;
    }

    /// <summary>
    /// The next envelope, noted as the last one. With <paramref name="block"/> the task is complete on
    /// return.
    /// </summary>
    private async ValueTask<MessageEnvelope?> Next(
        bool block, TimeSpan? max, CancellationToken cancellationToken, bool keep = false)
    {
        var envelope = await _queue.Next(block, max ?? RemainingOrDefault, keep, cancellationToken)
            .ConfigureAwait(false);
        _lastWasNoMessage = false;
        return _last = envelope;
    }

    private async ValueTask<IReadOnlyList<object>> Several(bool block, int count, TimeSpan max,
        CancellationToken cancellationToken)
    {
        var end = Now + max;
        var messages = new List<object>();
        while (messages.Count < count)
        {
            var envelope = await Next(block, NotNegative(end - Now), cancellationToken).ConfigureAwait(false);
            if (envelope is null)
                Fail($"expected {count} messages within {max}, but got {messages.Count}: {Listed(messages)}");
            messages.Add(envelope.Message);
        }
        return messages;
    }

    private async ValueTask<IReadOnlyList<T>> While<T>(bool block, TimeSpan? max, TimeSpan? idle,
        Func<object, T?> filter, int count, CancellationToken cancellationToken,
        Predicate<object>? ignored = null) where T : class
    {
        var end = Now + RemainingOrDilated(max);
        var wanted = new List<T>();
        while (wanted.Count < count)
        {
            var left = NotNegative(end - Now);
            var patience = idle < left ? idle.Value : left;
            var envelope = await Next(block, patience, cancellationToken).ConfigureAwait(false);
            if (envelope is null)
                break;
            if (ignored?.Invoke(envelope.Message) == true)
                continue;
            if (filter(envelope.Message) is not { } made)
            {
                _queue.PutBack(envelope);
                break;
            }
            wanted.Add(made);
        }
        _lastWasNoMessage = true;
        return wanted;
    }

    private ValueTask<IReadOnlyList<T>> While<T>(bool block, TimeSpan? max, TimeSpan? idle,
        Predicate<T> shouldContinue, int count, bool ignoreOthers, CancellationToken cancellationToken)
        where T : class =>
        While(block, max, idle, message => message is T known && shouldContinue(known) ? known : null, count,
            cancellationToken, ignoreOthers ? static message => message is not T : null);

    private async ValueTask<T> Fish<T>(bool block, Predicate<T> isMessage, ArrayList? thrownAway,
        TimeSpan? max, string? hint, CancellationToken cancellationToken)
    {
        var limit = RemainingOrDilated(max);
        var end = Now + limit;
        var passed = 0;
        while (true)
        {
            var envelope = await Next(block, NotNegative(end - Now), cancellationToken).ConfigureAwait(false);
            if (envelope is null)
                Fail($"fished for {typeof(T)} for {limit}, but none of the {passed} messages was it", hint);
            if (envelope.Message is T message && isMessage(message))
                return message;
            passed++;
            thrownAway?.Add(envelope.Message);
        }
    }

    private static async IAsyncEnumerable<T> Streamed<T>(
        Func<CancellationToken, ValueTask<IReadOnlyList<T>>> receive,
        [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        foreach (var message in await receive(cancellationToken).ConfigureAwait(false))
            yield return message;
    }

    /// <summary>The result of something that was told to block, and so is complete.</summary>
    internal static T Result<T>(ValueTask<T> blocked) => blocked.GetAwaiter().GetResult();

    private static string Listed<T>(IEnumerable<T> messages) => "[" + string.Join(", ", messages) + "]";
}
