using System.Runtime.CompilerServices;
using System.Threading.Channels;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>A folder here, to be compared with the node's.</summary>
/// <param name="Folder">What is in it.</param>
/// <param name="Known">The digests of its files as far as they are remembered, in the same order.</param>
/// <param name="Digest">That of all its plain files together, as <see cref="FolderDigest"/> makes it; null when one of them is not known.</param>
internal sealed record LocalSum(LocalFolder Folder, IReadOnlyList<Md5Digest?> Known, ContentDigest? Digest);

/// <summary>Walks through a folder on a thread of its own, while the node does the same, and on another one looks up what is remembered
/// of the files.</summary>
internal sealed class LocalSums : IAsyncDisposable
{
    // Some 20 MB of memory: so the node may take its time to answer at all. What is compared later is not to have been looked at
    // long before.
    private const int FilesAheadFirst = 100_000, FilesAheadMax = 10_000;

    private readonly Channel<LocalFolder> _walked = Channel.CreateBounded<LocalFolder>(new BoundedChannelOptions(2) { SingleReader = true, SingleWriter = true });
    private readonly Channel<LocalSum> _ahead = Channel.CreateUnbounded<LocalSum>(new() { SingleReader = true, SingleWriter = true });
    private readonly SemaphoreSlim _taken = new(0);
    private readonly CancellationTokenSource _stop = new();
    private int _filesAhead;
    private volatile bool _isRead;
    private readonly Task _walk, _sums;

    /// <summary>Begins.</summary>
    /// <param name="root">Where.</param>
    /// <param name="target">Says which node they are for; may wait.</param>
    /// <param name="cache">What is remembered of the files; null for nothing.</param>
    public LocalSums(string root, Func<CancellationToken, string?> target, DigestCache? cache)
    {
        _walk = Task.Run(() => WalkAsync(root, target));
        _sums = Task.Run(() => SumAsync(cache));
    }

    public async IAsyncEnumerable<LocalSum> ReadAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        await foreach (var folder in _ahead.Reader.ReadAllAsync(cancel))
        {
            _isRead = true;
            yield return folder;
            Interlocked.Add(ref _filesAhead, -Weight(folder));
            _taken.Release();
        }
    }

    /// <summary>Ends the walk: who disposes of the cache is not to find it still being asked. May be done again.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _walk;
        await _sums;
    }

    private Task WalkAsync(string root, Func<CancellationToken, string?> target) => CompletedAsync(_walked.Writer, async () =>
    {
        foreach (var folder in LocalWalk.Folders(root, () => target(_stop.Token))) await _walked.Writer.WriteAsync(folder, _stop.Token);
    });

    private Task SumAsync(DigestCache? cache) => CompletedAsync(_ahead.Writer, async () =>
    {
        await foreach (var folder in _walked.Reader.ReadAllAsync(_stop.Token))
        {
            var sum = Sum(folder, cache, _stop.Token);
            Interlocked.Add(ref _filesAhead, Weight(sum));
            await _ahead.Writer.WriteAsync(sum, _stop.Token);
            while (Volatile.Read(ref _filesAhead) > (_isRead ? FilesAheadMax : FilesAheadFirst)) await _taken.WaitAsync(_stop.Token);
        }
    });

    /// <summary>Writes, and ends what was written; what goes wrong is for who reads it.</summary>
    private static async Task CompletedAsync<T>(ChannelWriter<T> writer, Func<Task> writeAll)
    {
        Exception? why = null;
        try
        {
            await writeAll();
        }
        catch (Exception broken)
        {
            why = broken;
        }
        writer.Complete(why);
    }

    // An empty folder weighs something, too.
    private static int Weight(LocalSum sum) => sum.Known.Count + 1;

    private static LocalSum Sum(LocalFolder folder, DigestCache? cache, CancellationToken cancel)
    {
        var known = new Md5Digest?[folder.Files.Count];
        var (files, areKnown, isOne) = (0, true, true);
        DigestFolder? remembered = null;
        for (var i = 0; i < known.Length; i++)
        {
            cancel.ThrowIfCancellationRequested();
            var file = folder.Files[i];
            if (file.Stamp is not { } stamp) continue;
            var found = cache?.Find(folder.Name, file.Name, stamp);
            known[i] = found?.Md5;
            areKnown &= found is not null;
            isOne &= files++ == 0 || ReferenceEquals(found?.Folder, remembered);
            remembered = found?.Folder;
        }
        if (!areKnown) return new LocalSum(folder, known, null);
        return new LocalSum(folder, known, isOne && remembered?.Digest is { } digest && remembered.Files == files ? digest : Sum(folder, known));
    }

    private static ContentDigest Sum(LocalFolder folder, Md5Digest?[] known)
    {
        var digest = new FolderDigest();
        for (var i = 0; i < known.Length; i++)
            if (known[i] is { } md5) digest.Add(folder.Files[i].Name, folder.Files[i].Stamp!.Value.SizeBytes, md5);
        return digest.Current;
    }
}
