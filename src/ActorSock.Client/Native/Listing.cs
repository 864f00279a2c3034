using System.Runtime.CompilerServices;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Lists what a node has.</summary>
internal static class Listing
{
    private const int FoldersMax = 10_000;

    public static IAsyncEnumerable<ListEntry> FilesAsync(
        NodeRequests ask, string prefix, ListOptions options, CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PageEntries, 1, nameof(options));
        return new Listing<ListEntry>(ask, ListEntry.TryReadLine, last => new NativeRequest.List
        {
            Prefix = prefix,
            After = last?.Name ?? options.After,
            Recursive = options.Recursive,
            Limit = options.PageEntries,
        }).EntriesAsync(cancel);
    }

    public static IAsyncEnumerable<FolderEntry> FoldersAsync(NodeRequests ask, string prefix, CancellationToken cancel) =>
        new Listing<FolderEntry>(
            ask, FolderEntry.TryReadLine, last => new NativeRequest.Folders
            {
                Prefix = prefix, After = last?.Name, Limit = FoldersMax,
            }).EntriesAsync(cancel);
}

/// <summary>Lists page by page: while one is looked at, the next is fetched.</summary>
/// <typeparam name="TEntry">What a line says.</typeparam>
/// <param name="ask">What to ask with.</param>
/// <param name="tryRead">Reads a line.</param>
/// <param name="pageBehind">Asks for the page behind an entry; null for the first page.</param>
internal sealed class Listing<TEntry>(
    NodeRequests ask, Listing<TEntry>.TryReadLine tryRead, Func<TEntry?, NativeRequest> pageBehind)
    where TEntry : class
{
    public delegate bool TryReadLine(ReadOnlySpan<byte> line, out TEntry entry, out string why);

    public async IAsyncEnumerable<TEntry> EntriesAsync([EnumeratorCancellation] CancellationToken cancel)
    {
        var next = PageAsync(pageBehind(null), cancel);
        try
        {
            while (true)
            {
                var (entries, isMore) = await next;
                if (isMore && entries.Count == 0)
                    throw new NodeLostException("the node has more to list, and lists none of it");
                if (isMore) next = PageAsync(pageBehind(entries[^1]), cancel);
                foreach (var entry in entries) yield return entry;
                if (!isMore) yield break;
            }
        }
        finally
        {
            // Who stops in the middle does not care how the next page ends.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<Page> PageAsync(NativeRequest request, CancellationToken cancel) =>
        ask.Retrying.RunAsync(async _ =>
        {
            var answer = await ask.AskOnceAsync(request, cancel);
            if (answer.Body is not { } body) return new Page([], answer.Reply.More ?? false);
            await using (body)
            {
                var entries = await LinesAsync(body, cancel);
                if (answer.Reply.Entries != entries.Count)
                    throw new NodeLostException($"the node lists {entries.Count} entries, and says that they are {answer.Reply.Entries}");
                return new Page(entries, answer.Reply.More ?? false);
            }
        }, null, cancel);

    private async Task<List<TEntry>> LinesAsync(ReplyBody body, CancellationToken cancel)
    {
        var entries = new List<TEntry>();
        var buffer = new byte[256 << 10];
        for (var filled = 0; await body.ReadAsync(buffer.AsMemory(filled), cancel) is > 0 and var got;)
        {
            filled += got;
            var taken = Take(buffer.AsSpan(0, filled), entries);
            if (taken == 0 && filled == buffer.Length) throw new NodeLostException("a line of a list is too long");
            buffer.AsSpan(taken..filled).CopyTo(buffer);
            filled -= taken;
            if (body.Left == 0 && filled > 0) throw new NodeLostException("the last line of a list has no end");
        }
        return entries;
    }

    private int Take(ReadOnlySpan<byte> bytes, List<TEntry> entries)
    {
        var taken = 0;
        while (bytes[taken..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (!tryRead(bytes.Slice(taken, length), out var entry, out var why))
                throw new NodeLostException($"a line of a list cannot be read: {why}");
            entries.Add(entry);
            taken += length + 1;
        }
        return taken;
    }

    private sealed record Page(List<TEntry> Entries, bool IsMore);
}
