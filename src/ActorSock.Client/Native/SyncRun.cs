using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>One comparison of a folder with that of a node.</summary>
/// <param name="client">What talks with the node.</param>
/// <param name="options">How.</param>
/// <param name="prefix">The folder there, with its <c>/</c>; empty for the uppermost.</param>
/// <param name="folder">The folder here.</param>
/// <param name="tell">Told of each file.</param>
internal sealed class SyncRun(
    NodeClient client, FolderSyncOptions options, string prefix, string folder, Action<SyncStep> tell) : IDisposable
{
    private const int PageEntries = 10_000;

    private readonly DigestCache? _cache = options.CacheFolder is { } caches ? DigestCache.Open(caches, folder) : null;
    private readonly int[] _counts = new int[Enum.GetValues<SyncAction>().Length];
    private readonly List<(string Name, long SizeBytes, Md5Digest? Md5)> _notHere = [];
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);
    private long _sentBytes;
    private int _digested;
    private int _spared;

    public async Task<SyncReport> RunAsync(CancellationToken cancel)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = options.FilesAtOnce, CancellationToken = cancel };
        string? cacheProblem;
        var isWhole = false;
        try
        {
            await Parallel.ForEachAsync(PairsAsync(cancel), limits, async (pair, token) => await SettleAsync(pair, token));
            // Behind everything else: what was moved here is there before its old name goes. When anything failed it may not be there,
            // or be hidden in what could not be read.
            var goes = Count(SyncAction.Failed) == 0 ? _notHere.Where(file => !IsLeftOut(file.Name)).ToArray() : [];
            _spared = _notHere.Count - goes.Length;
            await Parallel.ForEachAsync(goes, limits, async (file, token) => await DeleteAsync(file, token));
            isWhole = true;
        }
        finally
        {
            // What was digested before a run fails is worth keeping, too.
            cacheProblem = Save(isWhole);
        }
        return new SyncReport
        {
            Sent = Count(SyncAction.Sent),
            SentBytes = _sentBytes,
            Unchanged = Count(SyncAction.Unchanged),
            Deleted = Count(SyncAction.Deleted),
            Skipped = Count(SyncAction.Skipped),
            Failed = Count(SyncAction.Failed),
            Spared = _spared,
            Digested = _digested,
            CacheProblem = cacheProblem,
        };
    }

    public void Dispose() => _cache?.Dispose();

    // Walks through both in the same order. What can be told at once is told; what must be read or sent comes out.
    private async IAsyncEnumerable<Pair> PairsAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var list = new ListOptions { PageEntries = PageEntries };
        await using var there = client.ListAsync(prefix, list, cancel).GetAsyncEnumerator(cancel);
        var isThere = await there.MoveNextAsync();
        foreach (var here in LocalWalk.Files(folder))
        {
            cancel.ThrowIfCancellationRequested();
            var name = prefix + here.Name;
            for (; isThere && Utf8Order.Instance.Compare(there.Current.Name, name) < 0; isThere = await there.MoveNextAsync())
                Miss(there.Current);
            ListEntry? theirs = isThere && there.Current.Name == name ? there.Current : null;
            if (theirs is not null) isThere = await there.MoveNextAsync();

            if (here.Problem is not null) Done(SyncAction.Failed, name, 0, here.Problem);
            else if (here.Stamp is not { } stamp) LeaveOut(name);
            else
            {
                var known = _cache?.Find(here.Name, stamp);
                if (theirs?.SizeBytes == stamp.SizeBytes && theirs?.Md5 is { } md5 && md5 == known)
                    Done(SyncAction.Unchanged, name, stamp.SizeBytes);
                else yield return new Pair(here.Name, here.Path, stamp, known, theirs);
            }
        }
        for (; isThere; isThere = await there.MoveNextAsync()) Miss(there.Current);
    }

    private void Miss(ListEntry entry)
    {
        if (options.Deletes) _notHere.Add((entry.Name, entry.SizeBytes, entry.Md5));
    }

    private void LeaveOut(string name)
    {
        _leftOut.Add(name);
        Done(SyncAction.Skipped, name, 0, "it is no plain file");
    }

    // A link may stand for the folder that was sent before.
    private bool IsLeftOut(string name)
    {
        for (var end = name.Length; end > 0; end = name.LastIndexOf('/', end - 1))
            if (_leftOut.Contains(name[..end])) return true;
        return false;
    }

    private async Task SettleAsync(Pair pair, CancellationToken cancel)
    {
        var name = prefix + pair.Name;
        try
        {
            var isSame = pair.Theirs is { } theirs && theirs.SizeBytes == pair.Stamp.SizeBytes
                && await IsSameAsync(pair, theirs, cancel);
            if (!isSame && !options.IsDryRun) await SendAsync(pair, name, cancel);
            if (!isSame) Interlocked.Add(ref _sentBytes, pair.Stamp.SizeBytes);
            Done(isSame ? SyncAction.Unchanged : SyncAction.Sent, name, pair.Stamp.SizeBytes);
        }
        catch (Exception why) when (IsAboutOneFile(why))
        {
            Done(SyncAction.Failed, name, pair.Stamp.SizeBytes, why.Message);
        }
    }

    private async Task<bool> IsSameAsync(Pair pair, ListEntry theirs, CancellationToken cancel)
    {
        var md5 = theirs.Md5 ?? (await client.StatAsync(theirs.Name, cancel))?.Md5;
        return md5 is not null && md5 == (pair.Known ?? await DigestAsync(pair, cancel));
    }

    private async Task<Md5Digest> DigestAsync(Pair pair, CancellationToken cancel)
    {
        var begun = client.Ask.Options.Clock.GetUtcNow();
        Interlocked.Increment(ref _digested);
        await using var file = new FileStream(pair.Path, new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 0,
        });
        var md5 = await BodyDigest.Md5OfAsync(file, client.Ask.Options.BlockBytes, cancel);
        Remember(pair, md5, begun);
        return md5;
    }

    private async Task SendAsync(Pair pair, string name, CancellationToken cancel)
    {
        var begun = client.Ask.Options.Clock.GetUtcNow();
        var put = options.Put with { Exists = ExistsRule.Replace };
        var stored = options.Pending is { } pending
            ? await pending.PutFileAsync(client, pair.Path, name, put, cancel)
            : await client.PutFileAsync(pair.Path, name, put, cancel);
        if (stored.Md5 is { } md5) Remember(pair, md5, begun);
    }

    private void Remember(Pair pair, Md5Digest md5, DateTimeOffset begun)
    {
        if (FileStamp.Of(pair.Path) == pair.Stamp) _cache?.Remember(pair.Name, pair.Stamp, md5, begun);
    }

    private async Task DeleteAsync((string Name, long SizeBytes, Md5Digest? Md5) file, CancellationToken cancel)
    {
        try
        {
            if (!options.IsDryRun) await client.DeleteAsync(file.Name, file.Md5, cancel);
            Done(SyncAction.Deleted, file.Name, file.SizeBytes);
        }
        catch (Exception why) when (IsAboutOneFile(why))
        {
            Done(SyncAction.Failed, file.Name, file.SizeBytes, why.Message);
        }
    }

    // A node that cannot be reached, or has no room, would say the same of all others.
    private static bool IsAboutOneFile(Exception why) => why is UnauthorizedAccessException
        || why is IOException and not NodeLostException and not KeyRefusedException
            and not NodeRefusedException { IsWorthRetrying: true };

    private void Done(SyncAction action, string name, long sizeBytes, string? problem = null)
    {
        Interlocked.Increment(ref _counts[(int)action]);
        tell(new SyncStep(action, name, sizeBytes, problem));
    }

    private int Count(SyncAction action) => Volatile.Read(ref _counts[(int)action]);

    private string? Save(bool isWhole)
    {
        try
        {
            _cache?.Save(isWhole);
            return null;
        }
        catch (Exception no) when (no is IOException or UnauthorizedAccessException)
        {
            return no.Message;
        }
    }

    /// <param name="Name">Its name from the folder on.</param>
    /// <param name="Path">Where it is here.</param>
    /// <param name="Stamp">What tells that it is the same as before.</param>
    /// <param name="Known">Its digest, when it is remembered.</param>
    /// <param name="Theirs">What the node has under its name.</param>
    private readonly record struct Pair(string Name, string Path, FileStamp Stamp, Md5Digest? Known, ListEntry? Theirs);
}
