using ActorSock.Blocks;

namespace ActorSock.Tests.Blocks;

/// <summary>Waits for blocks and keeps what it is granted, in a list that waiters may share.</summary>
internal sealed class RemembersGrants(List<(string Who, Block Block)> grants, string who) : IBlockWaiter
{
    public void Granted(Block block)
    {
        lock (grants)
            grants.Add((who, block));
    }
}
