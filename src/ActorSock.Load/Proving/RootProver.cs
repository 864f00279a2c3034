using ActorSock.Load.Bodies;
using ActorSock.Load.Measures;

namespace ActorSock.Load.Proving;

/// <summary>Compares every acknowledged file under the root of a node on this machine, byte by byte.</summary>
internal sealed class RootProver(string root, FileBodies bodies, AckLedger ledger) : IProver
{
    private const int BlockBytes = 1 << 20;

    private enum Found { Same, Missing, Different, Unreadable }

    public Task<Proof> ProveAsync(int rudeConnections, Action<long> progress, CancellationToken cancel) =>
        Task.Run(() => Prove(rudeConnections, progress, cancel), CancellationToken.None);

    private Proof Prove(int rudeConnections, Action<long> progress, CancellationToken cancel)
    {
        var proof = new Proof { Method = $"every byte compared under {root}", Acknowledged = ledger.Count, ToCompare = ledger.Count };
        var block = new byte[BlockBytes];
        foreach (var number in ledger.Numbers())
        {
            if (cancel.IsCancellationRequested)
            {
                proof.CutShort = "it was interrupted";
                break;
            }
            switch (Compare(bodies.FileOf(number), block))
            {
                case Found.Missing:
                    proof.Missing++;
                    proof.Wrong($"{bodies.NameOf(number)} is not there");
                    break;
                case Found.Different:
                    proof.Different++;
                    proof.Wrong($"{bodies.NameOf(number)} has other bytes");
                    break;
                case Found.Unreadable:
                    proof.Different++; // what nobody can read is not what was sent
                    proof.Wrong($"{bodies.NameOf(number)} cannot be read");
                    break;
                default:
                    proof.Compared++;
                    break;
            }
            proof.Checked++;
            progress(proof.Checked);
        }
        for (var connection = 0; connection < rudeConnections; connection++)
        {
            if (!File.Exists(PathOf(bodies.RudeNameOf(connection)))) continue;
            proof.Unfinished++;
            proof.Wrong($"{bodies.RudeNameOf(connection)} was never finished, and can be seen");
        }
        return proof;
    }

    private Found Compare(TestFile file, byte[] block)
    {
        try
        {
            using var stored = File.OpenHandle(PathOf(bodies.NameOf(file.Number)));
            if (RandomAccess.GetLength(stored) != file.Size) return Found.Different;
            for (var at = 0L; at < file.Size;)
            {
                var count = RandomAccess.Read(stored, block, at);
                if (count == 0 || !bodies.IsThere(file, at, block.AsSpan(0, count))) return Found.Different;
                at += count;
            }
            return Found.Same;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return Found.Missing;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Found.Unreadable;
        }
    }

    private string PathOf(string name) => Path.Combine(root, name);
}
