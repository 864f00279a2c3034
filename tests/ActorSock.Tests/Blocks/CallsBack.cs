using ActorSock.Blocks;

namespace ActorSock.Tests.Blocks;

/// <summary>Does with a granted block what the test says.</summary>
internal sealed class CallsBack(Action<Block> onGrant) : IBlockWaiter
{
    public void Granted(Block block) => onGrant(block);
}
