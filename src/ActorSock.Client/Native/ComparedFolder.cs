using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>A folder of which each file is to be compared. The node is asked for its files at once.</summary>
/// <param name="name">Its name there, with <c>/</c> at the end; empty for the uppermost.</param>
/// <param name="here">What is in it here; null when there is none.</param>
/// <param name="there">What is in it there, in the order of names; null when there is none. It is disposed of with this.</param>
internal sealed class ComparedFolder(string name, LocalSum? here, IAsyncEnumerator<ListEntry>? there) : IAsyncDisposable
{
    private Task<bool> _isNext = there?.MoveNextAsync().AsTask() ?? Task.FromResult(false);

    public string Name => name;

    public LocalSum? Here => here;

    /// <summary>Whether the node has answered.</summary>
    public bool IsListed => _isNext.IsCompleted;

    /// <summary>The next file there, which stays the next until it is taken; null when there is none.</summary>
    public async ValueTask<ListEntry?> NextAsync()
    {
        while (await _isNext && there!.Current.IsFolder) Take();
        return await _isNext ? there!.Current : null;
    }

    public void Take() => _isNext = there!.MoveNextAsync().AsTask();

    public async ValueTask DisposeAsync()
    {
        if (there is null) return;
        // What is on its way has to arrive before it can be given up.
        await ((Task)_isNext).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await there.DisposeAsync();
    }
}
