using System.Runtime.CompilerServices;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>Lists files, page by page: while one is looked at, the next is fetched.</summary>
internal sealed class Listing(NodeRequests ask)
{
    public async IAsyncEnumerable<ListEntry> EntriesAsync(
        string prefix, ListOptions options, [EnumeratorCancellation] CancellationToken cancel)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(options.PageEntries, 1, nameof(options));
        var request = new NativeRequest.List
        {
            Prefix = prefix,
            After = options.After,
            Recursive = options.Recursive,
            Limit = options.PageEntries,
        };
        var next = PageAsync(request, cancel);
        try
        {
            while (true)
            {
                var (entries, more) = await next;
                if (more && entries.Count == 0)
                    throw new NodeLostException("the node has more files, and lists none of them");
                if (more) next = PageAsync(request with { After = entries[^1].Name }, cancel);
                foreach (var entry in entries) yield return entry;
                if (!more) yield break;
            }
        }
        finally
        {
            // Who stops in the middle does not care how the next page ends.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private Task<(List<ListEntry> Entries, bool More)> PageAsync(NativeRequest.List request, CancellationToken cancel) =>
        ask.Retrying.RunAsync(async _ =>
        {
            var answer = await ask.AskOnceAsync(request, cancel);
            if (answer.Body is not { } body) return ([], answer.Reply.More ?? false);
            await using (body)
            {
                var entries = await LinesAsync(body, cancel);
                if (answer.Reply.Entries != entries.Count)
                    throw new NodeLostException($"the node lists {entries.Count} files, and says that they are {answer.Reply.Entries}");
                return (entries, answer.Reply.More ?? false);
            }
        }, null, cancel);

    private static async Task<List<ListEntry>> LinesAsync(ReplyBody body, CancellationToken cancel)
    {
        var entries = new List<ListEntry>();
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

    private static int Take(ReadOnlySpan<byte> bytes, List<ListEntry> entries)
    {
        var taken = 0;
        while (bytes[taken..].IndexOf((byte)'\n') is >= 0 and var length)
        {
            if (!ListEntry.TryReadLine(bytes.Slice(taken, length), out var entry, out var why))
                throw new NodeLostException($"a line of a list cannot be read: {why}");
            entries.Add(entry);
            taken += length + 1;
        }
        return taken;
    }
}
