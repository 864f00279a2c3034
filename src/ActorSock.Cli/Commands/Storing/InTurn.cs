namespace ActorSock.Cli.Commands.Storing;

/// <summary>Does the same with many things, several of them at once, and tells how each ended in the order in which they came.</summary>
internal static class InTurn
{
    /// <summary>Runs until all are done, or one cannot be.</summary>
    /// <param name="things">What there is; taken as there is room.</param>
    /// <param name="atOnce">How many are under way.</param>
    /// <param name="act">Does it, and gives what tells of it. An exception ends the others.</param>
    /// <param name="cancel">Ends all. What is done by then is told.</param>
    public static async Task RunAsync<T>(
        IAsyncEnumerable<T> things, int atOnce, Func<T, CancellationToken, Task<Action>> act, CancellationToken cancel)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var underWay = new Queue<Task<Action>>();
        try
        {
            await foreach (var thing in things.WithCancellation(stop.Token))
            {
                stop.Token.ThrowIfCancellationRequested();
                if (underWay.Count == atOnce) await TellFirstAsync();
                underWay.Enqueue(act(thing, stop.Token));
            }
            while (underWay.Count > 0) await TellFirstAsync();
        }
        catch
        {
            await stop.CancelAsync();
            foreach (var task in underWay)
            {
                await ((Task)task).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                if (task.IsCompletedSuccessfully) (await task)();
            }
            throw;
        }

        async Task TellFirstAsync() => (await underWay.Dequeue())();
    }
}
