using ActorSock.Digests;
using ActorSock.Wire;

namespace ActorSock.Journal;

/// <summary>Digests many small bodies at once: alone, each would take longer than everything else that is computed for it.</summary>
/// <remarks>For one thread.</remarks>
internal sealed class GroupDigests
{
    private readonly Md5Lanes _kernel = new();
    private readonly List<Md5Lane> _lanes = [];

    /// <summary>Sets the digest of each, and gives them back.</summary>
    public IReadOnlyList<Commit.Whole> Of(IReadOnlyList<Commit.Whole> commits)
    {
        foreach (var commit in commits)
            _lanes.Add(new Md5Lane(new Md5Stream(), commit.Bytes));
        _kernel.Append(System.Runtime.InteropServices.CollectionsMarshal.AsSpan(_lanes));
        Span<byte> bytes = stackalloc byte[Md5Digest.BytesCount];
        for (var i = 0; i < commits.Count; i++)
        {
            _lanes[i].Stream.GetDigest(bytes);
            commits[i].Digest = Md5Digest.FromBytes(bytes);
        }
        _lanes.Clear();
        return commits;
    }
}
