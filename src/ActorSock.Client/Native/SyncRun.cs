using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>One comparison of a folder with that of a node.</summary>
internal sealed class SyncRun : IAsyncDisposable
{
    private const int FoldersAhead = 8;
    private static readonly ListOptions s_files = new() { PageEntries = 10_000, Recursive = false };

    private readonly NodeClient _client;
    private readonly FolderSyncOptions _options;
    private readonly string _prefix, _folder;
    private readonly Action<SyncStep> _tell;
    private readonly DigestCache? _cache;
    private readonly LocalSums _walk;
    private readonly int[] _counts = new int[Enum.GetValues<SyncAction>().Length];
    private readonly List<ListEntry> _notHere = [];
    private readonly HashSet<string> _leftOut = new(StringComparer.Ordinal);
    private long _sentBytes;
    private int _digested;
    private readonly TaskCompletionSource<string?> _node = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private int _spared;

    /// <summary>Begins to walk through the folder here.</summary>
    /// <param name="client">What talks with the node.</param>
    /// <param name="options">How.</param>
    /// <param name="prefix">The folder there, with its <c>/</c>; empty for the uppermost.</param>
    /// <param name="folder">The folder here.</param>
    /// <param name="tell">Told of each file.</param>
    public SyncRun(NodeClient client, FolderSyncOptions options, string prefix, string folder, Action<SyncStep> tell)
    {
        (_client, _options, _prefix, _folder, _tell) = (client, options, prefix, folder, tell);
        if (options.CacheFolder is { } caches) _cache = DigestCache.Open(caches, folder);
        _walk = new LocalSums(folder, NodeOf, _cache);
    }

    /// <summary>Goes on.</summary>
    /// <param name="isReady">When the node may be asked.</param>
    /// <param name="cancel">Gives up.</param>
    public async Task<SyncReport> RunAsync(Task isReady, CancellationToken cancel)
    {
        var limits = new ParallelOptions { MaxDegreeOfParallelism = _options.FilesAtOnce, CancellationToken = cancel };
        string? cacheProblem;
        var isWhole = false;
        try
        {
            await SettleAllAsync(PairsAsync(isReady, cancel), limits);
            // Behind everything else: what was moved here is there before its old name goes. When anything failed it may not be there,
            // or be hidden in what could not be read.
            var goes = Count(SyncAction.Failed) == 0 ? _notHere.Where(file => !IsLeftOut(file.Name)).ToArray() : [];
            _spared = _notHere.Count - goes.Length;
            if (goes.Length > 0) await Parallel.ForEachAsync(goes, limits, async (file, token) => await DeleteAsync(file, token));
            isWhole = true;
        }
        finally
        {
            await _walk.DisposeAsync();
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

    public async ValueTask DisposeAsync()
    {
        await _walk.DisposeAsync();
        _cache?.Dispose();
    }

    // Most runs find nothing to do: what it takes to do much at once is not made ready for them.
    private async Task SettleAllAsync(IAsyncEnumerable<Pair> all, ParallelOptions limits)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(limits.CancellationToken);
        await using var pairs = all.GetAsyncEnumerator(stop.Token);
        if (await pairs.MoveNextAsync())
            await Parallel.ForEachAsync(FromHereAsync(), limits, async (pair, token) => await SettleAsync(pair, token));

        async IAsyncEnumerable<Pair> FromHereAsync([EnumeratorCancellation] CancellationToken cancel = default)
        {
            // One that fails ends the search for others.
            await using var stopping = cancel.Register(stop.Cancel);
            do yield return pairs.Current;
            while (await pairs.MoveNextAsync());
        }
    }

    // What must be read or sent; of some folders the node's files are asked for ahead.
    private async IAsyncEnumerable<Pair> PairsAsync(Task isReady, [EnumeratorCancellation] CancellationToken cancel)
    {
        var ahead = new Queue<ComparedFolder>();
        try
        {
            await foreach (var folder in ComparedAsync(isReady, cancel))
            {
                ahead.Enqueue(folder);
                if (ahead.Count < FoldersAhead && !ahead.Peek().IsListed) continue;
                await foreach (var pair in PairsAsync(ahead.Peek())) yield return pair;
                await ahead.Dequeue().DisposeAsync();
            }
            for (; ahead.Count > 0; await ahead.Dequeue().DisposeAsync())
                await foreach (var pair in PairsAsync(ahead.Peek())) yield return pair;
        }
        finally
        {
            foreach (var left in ahead) await left.DisposeAsync();
        }
    }

    // Goes through the folders here and there in the same order. Those that are the same are done with.
    private async IAsyncEnumerable<ComparedFolder> ComparedAsync(
        Task isReady, [EnumeratorCancellation] CancellationToken cancel)
    {
        await isReady;
        await using var there = _client.FoldersAsync(_prefix, cancel).GetAsyncEnumerator(cancel);
        bool isThere;
        try
        {
            isThere = await there.MoveNextAsync();
        }
        catch (NodeRefusedException no) when (no.Is(Rejection.ActionUnknown))
        {
            throw new IOException("the node is of an older version, which cannot compare folders: update it", no);
        }
        _node.SetResult((await _client.Ask.Retrying.RunAsync(_ => _client.ConnectAsync(cancel), null, cancel)).Node);
        await foreach (var here in _walk.ReadAsync(cancel))
        {
            var name = _prefix + here.Folder.Name;
            for (; isThere && Utf8Order.Instance.Compare(there.Current.Name, name) < 0; isThere = await there.MoveNextAsync())
                if (_options.Deletes) yield return Listed(there.Current.Name, null);
            TellOthers(here.Folder, name);
            if (!isThere || there.Current.Name != name)
            {
                yield return new ComparedFolder(name, here, null);
                continue;
            }
            if (here.Digest is { } digest && digest == there.Current.Digest) TellUnchanged(here.Folder, name);
            else yield return Listed(name, here);
            isThere = await there.MoveNextAsync();
        }
        for (; isThere && _options.Deletes; isThere = await there.MoveNextAsync()) yield return Listed(there.Current.Name, null);

        ComparedFolder Listed(string name, LocalSum? here) => new(name, here, _client.ListAsync(name, s_files, cancel).GetAsyncEnumerator(cancel));
    }

    // Goes through the files here and there in the same order. What can be told at once is told.
    private async IAsyncEnumerable<Pair> PairsAsync(ComparedFolder folder)
    {
        var files = folder.Here?.Folder.Files ?? [];
        for (var i = 0; i < files.Count; i++)
        {
            var (file, name) = (files[i], folder.Name + files[i].Name);
            ListEntry? theirs = null;
            for (; await folder.NextAsync() is { } next && Utf8Order.Instance.Compare(next.Name, name) is <= 0 and var order; folder.Take())
                if (order < 0) Miss(next);
                else theirs = next;

            if (file.Stamp is not { } stamp) continue;
            var known = folder.Here!.Known[i];
            if (theirs?.SizeBytes == stamp.SizeBytes && theirs?.Md5 is { } md5 && md5 == known)
                Done(SyncAction.Unchanged, name, stamp.SizeBytes);
            else yield return new Pair(folder.Here.Folder.Name, file.Name, folder.Here.Folder.PathOf(file), stamp, known, theirs);
        }
        for (; await folder.NextAsync() is { } left; folder.Take()) Miss(left);
    }

    private void TellOthers(LocalFolder folder, string name)
    {
        if (folder.Problem is not null) Done(SyncAction.Failed, name, 0, folder.Problem);
        foreach (var file in folder.Files)
        {
            if (file.Problem is not null) Done(SyncAction.Failed, name + file.Name, 0, file.Problem);
            else if (file.Stamp is null) LeaveOut(name + file.Name, file);
        }
    }

    private void TellUnchanged(LocalFolder folder, string name)
    {
        if (!_options.TellsUnchanged)
        {
            Interlocked.Add(ref _counts[(int)SyncAction.Unchanged], folder.Files.Count(static file => file.Stamp is not null));
            return;
        }
        foreach (var file in folder.Files)
            if (file.Stamp is { } stamp) Done(SyncAction.Unchanged, name + file.Name, stamp.SizeBytes);
    }

    private void Miss(ListEntry entry)
    {
        if (_options.Deletes) _notHere.Add(entry);
    }

    private void LeaveOut(string name, LocalFile file)
    {
        _leftOut.Add(name);
        Done(SyncAction.Skipped, name, 0, file.WhyLeftOut);
    }

    // Asked by the walk, on its thread, where it finds the root of a node.
    private string? NodeOf(CancellationToken cancel)
    {
        _node.Task.Wait(cancel);
        return _node.Task.Result;
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
        var name = _prefix + pair.Folder + pair.Name;
        try
        {
            var isSame = pair.Theirs is { } theirs && theirs.SizeBytes == pair.Stamp.SizeBytes
                && await IsSameAsync(pair, theirs, cancel);
            if (!isSame && !_options.IsDryRun) await SendAsync(pair, name, cancel);
            if (!isSame) Interlocked.Add(ref _sentBytes, pair.Stamp.SizeBytes);
            Done(isSame ? SyncAction.Unchanged : SyncAction.Sent, name, pair.Stamp.SizeBytes);
        }
        catch (Exception why) when (IsAboutOneFile(why))
        {
            Done(SyncAction.Failed, name, pair.Stamp.SizeBytes, LocalWalk.WhyUnreadable(why));
        }
    }

    private async Task<bool> IsSameAsync(Pair pair, ListEntry theirs, CancellationToken cancel)
    {
        var md5 = theirs.Md5 ?? (await _client.StatAsync(theirs.Name, cancel))?.Md5;
        return md5 is not null && md5 == (pair.Known ?? await DigestAsync(pair, cancel));
    }

    private async Task<Md5Digest> DigestAsync(Pair pair, CancellationToken cancel)
    {
        var begun = _client.Ask.Options.Clock.GetUtcNow();
        Interlocked.Increment(ref _digested);
        await using var file = new FileStream(pair.Path, new FileStreamOptions
        {
            Share = FileShare.ReadWrite | FileShare.Delete,
            Options = FileOptions.SequentialScan,
            BufferSize = 0,
        });
        var md5 = await BodyDigest.Md5OfAsync(file, _client.Ask.Options.BlockBytes, cancel);
        Remember(pair, md5, begun);
        return md5;
    }

    private async Task SendAsync(Pair pair, string name, CancellationToken cancel)
    {
        var begun = _client.Ask.Options.Clock.GetUtcNow();
        var put = _options.Put with { Exists = ExistsRule.Replace };
        var stored = _options.Pending is { } pending
            ? await pending.PutFileAsync(_client, pair.Path, name, put, cancel)
            : await _client.PutFileAsync(pair.Path, name, put, cancel);
        if (stored.Md5 is { } md5) Remember(pair, md5, begun);
    }

    private void Remember(Pair pair, Md5Digest md5, DateTimeOffset begun)
    {
        if (FileStamp.Of(pair.Path) == pair.Stamp) _cache?.Remember(pair.Folder, pair.Name, pair.Stamp, md5, begun);
    }

    private async Task DeleteAsync(ListEntry file, CancellationToken cancel)
    {
        // It came, or came back, since the walk was there: it was not sent, and what the node has may be all that there is of it.
        if (File.Exists(Path.Combine(_folder, file.Name[_prefix.Length..])))
        {
            Interlocked.Increment(ref _spared);
            return;
        }
        try
        {
            if (!_options.IsDryRun) await _client.DeleteAsync(file.Name, file.Md5, cancel);
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
        _tell(new SyncStep(action, name, sizeBytes, problem));
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

    /// <param name="Folder">Its folder, from the one here on.</param>
    /// <param name="Name">Its name in that.</param>
    /// <param name="Path">Where it is here.</param>
    /// <param name="Stamp">What tells that it is the same as before.</param>
    /// <param name="Known">Its digest, when it is remembered.</param>
    /// <param name="Theirs">What the node has under its name.</param>
    private sealed record Pair(string Folder, string Name, string Path, FileStamp Stamp, Md5Digest? Known, ListEntry? Theirs);
}
