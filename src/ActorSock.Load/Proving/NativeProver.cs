using ActorSock.Client;
using ActorSock.Client.Native;
using ActorSock.Load.Bodies;
using ActorSock.Load.Measures;

namespace ActorSock.Load.Proving;

/// <summary>Asks the node itself: size and digest of every acknowledged file, and the bytes of some.</summary>
/// <remarks>Lists say what stat says, thousands at a time; stat is asked where a list does not know the digest.</remarks>
internal sealed class NativeProver(NodeClient node, FileBodies bodies, AckLedger ledger, int sampleCount) : IProver
{
    private const int PageEntries = 10_000;
    private const int DeletesAtOnce = 48;

    private static readonly TimeSpan s_speaksLimit = TimeSpan.FromSeconds(5);

    /// <summary>Whether the node speaks the native protocol.</summary>
    /// <exception cref="NodeLostException">It asks for a key, and there is none.</exception>
    /// <exception cref="KeyRefusedException">There is a key, and it asks for none.</exception>
    public static async Task<bool> SpeaksAsync(string address, ClientKey? key, CancellationToken cancel)
    {
        await using var node = new NodeClient(
            address, new NodeOptions { Retry = RetryOptions.None, ConnectLimit = s_speaksLimit, Key = key });
        try
        {
            await node.PingAsync(cancel);
            return true;
        }
        catch (Exception no) when (no is NodeLostException { AsksForKey: false } or NodeRefusedException)
        {
            return false;
        }
    }

    // Whose bytes are to be compared: spread over all, the last like the first.
    private readonly SortedSet<long> _sample = [];

    public async Task<Proof> ProveAsync(int rudeConnections, Action<long> progress, CancellationToken cancel)
    {
        _sample.UnionWith(Spread.Over(ledger.Numbers(), ledger.Count, sampleCount));
        var proof = new Proof
        {
            Method = "size and digest of every file asked of the node, bytes of a sample",
            Acknowledged = ledger.Count,
            ToCompare = _sample.Count,
        };
        try
        {
            await CompareAllAsync(proof, progress, cancel);
            await CompareSampleAsync(proof, cancel);
        }
        catch (OperationCanceledException)
        {
            proof.CutShort = "it was interrupted";
        }
        catch (Exception failed) when (failed is NodeLostException or NodeRefusedException)
        {
            proof.CutShort = $"the node did not answer: {failed.Message}";
        }
        return proof;
    }

    public async Task<string> RemoveAsync(CancellationToken cancel)
    {
        var (removed, refused) = (0L, "");
        try
        {
            await Parallel.ForEachAsync(node.ListAsync(bodies.Prefix, new ListOptions { PageEntries = PageEntries }, cancel),
                new ParallelOptions { MaxDegreeOfParallelism = DeletesAtOnce, CancellationToken = cancel },
                async (entry, _) =>
                {
                    await node.DeleteAsync(entry.Name, cancel: cancel);
                    Interlocked.Increment(ref removed);
                });
        }
        catch (OperationCanceledException)
        {
            refused = "it was interrupted";
        }
        catch (Exception failed) when (failed is NodeLostException or NodeRefusedException)
        {
            refused = failed.Message;
        }
        return refused.Length == 0 ? $"{removed} files were deleted"
            : $"{removed} files were deleted, the others stay, {bodies.Prefix}*: {refused}";
    }

    /// <summary>Goes through what was acknowledged and what is listed side by side: both are in order.</summary>
    private async Task CompareAllAsync(Proof proof, Action<long> progress, CancellationToken cancel)
    {
        using var numbers = ledger.Numbers().GetEnumerator();
        var more = numbers.MoveNext();
        await foreach (var entry in node.ListAsync(bodies.Prefix, new ListOptions { PageEntries = PageEntries }, cancel))
        {
            if (bodies.IsRudeName(entry.Name))
            {
                proof.Unfinished++;
                proof.Wrong($"{entry.Name} was never finished, and can be seen");
                continue;
            }
            for (; more && string.CompareOrdinal(bodies.NameOf(numbers.Current), entry.Name) < 0; more = numbers.MoveNext())
                Look(numbers.Current, Missing);
            // What is there and was not acknowledged is as it should be: its answer was lost, or it was the last.
            if (!more || bodies.NameOf(numbers.Current) != entry.Name) continue;
            var file = bodies.FileOf(numbers.Current);
            var digest = entry.Md5 ?? (await node.StatAsync(entry.Name, cancel))?.Md5;
            Look(file.Number, entry.SizeBytes != file.Size || digest != bodies.DigestOf(file) ? Different : null);
            more = numbers.MoveNext();
        }
        for (; more; more = numbers.MoveNext()) Look(numbers.Current, Missing);

        void Look(long number, Action<Proof, long>? isWrong)
        {
            // What is wrong already needs no comparison, and is counted once.
            if (isWrong is not null) _sample.Remove(number);
            isWrong?.Invoke(proof, number);
            proof.Checked++;
            progress(proof.Checked);
        }
    }

    private async Task CompareSampleAsync(Proof proof, CancellationToken cancel)
    {
        foreach (var number in _sample)
        {
            await using var compared = new ComparingStream(bodies, bodies.FileOf(number));
            try
            {
                await node.GetAsync(bodies.NameOf(number), compared, cancel: cancel);
                if (compared.IsSame) proof.Compared++;
                else Different(proof, number);
            }
            catch (NodeRefusedException gone) when (gone.Status == 404)
            {
                // It is listed, and cannot be had.
                Missing(proof, number);
            }
            catch (IOException broken) when (broken is not (NodeLostException or NodeRefusedException))
            {
                Different(proof, number); // its bytes have not the digest that the node says
            }
        }
    }

    private void Missing(Proof proof, long number)
    {
        proof.Missing++;
        proof.Wrong($"{bodies.NameOf(number)} is not there");
    }

    private void Different(Proof proof, long number)
    {
        proof.Different++;
        proof.Wrong($"{bodies.NameOf(number)} has other bytes");
    }
}
