namespace ActorSock.Client.Native;

/// <summary>Tries something until it succeeds, or fails for good.</summary>
/// <param name="options">How often and after which pauses.</param>
internal sealed class Retrying(NodeOptions options)
{
    /// <summary>Tries.</summary>
    /// <param name="act">One attempt.</param>
    /// <param name="told">Told of each failure that is followed by another attempt.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<T> RunAsync<T>(
        Func<Attempt, Task<T>> act, Action<Attempt>? told, CancellationToken cancel)
    {
        var retry = options.Retry;
        for (var attempt = new Attempt(1, null); ;)
        {
            try
            {
                return await act(attempt);
            }
            catch (IOException why) when (attempt.IsWorthAnother(why, retry) && !cancel.IsCancellationRequested)
            {
                attempt = attempt.Next(why);
            }
            told?.Invoke(attempt);
            await Task.Delay(retry.DelayAfter(attempt.Failures), options.Clock, cancel);
        }
    }
}

/// <summary>One of several attempts at the same thing.</summary>
/// <param name="number">From 1.</param>
/// <param name="failed">Why the one before failed; null for the first.</param>
internal sealed class Attempt(int number, IOException? failed)
{
    private bool _hasMoved;

    public int Number { get; } = number;

    /// <summary>Why the one before failed; null for the first.</summary>
    public IOException? Failed { get; } = failed;

    /// <summary>How many have failed since the last that got on.</summary>
    public int Failures { get; private init; }

    /// <summary>Whether an earlier one may have been done without our being told.</summary>
    public bool MayBeDone { get; private init; }

    /// <summary>Remembers that this attempt got on, and is no failure even if it does not come to its end.</summary>
    public void Moved() => _hasMoved = true;

    public bool IsWorthAnother(IOException why, RetryOptions retry) =>
        why is NodeLostException or NodeRefusedException { IsWorthRetrying: true }
        && (_hasMoved ? 1 : Failures + 1) < retry.AttemptsMax;

    // A refusal of a request says that it was not done; only 500 may come from the very last step (WIRE.md).
    public Attempt Next(IOException why) => new(Number + 1, why)
    {
        Failures = _hasMoved ? 1 : Failures + 1,
        MayBeDone = MayBeDone || why is NodeLostException { WasUnheard: false }
            or NodeRefusedException { Status: 500 } or NodeRefusedException { LeavesUnsaid: true },
    };
}
