namespace ActorSock.Blocks;

/// <summary>Stands in line for a block.</summary>
internal interface IBlockWaiter
{
    /// <summary>
    /// Takes the block that was waited for. Called on any thread, also on the one that called <see
    /// cref="BlockPool.Wait"/>, never under a lock. It must only hand over (tell an actor) and not throw; a
    /// block that comes too late, after <see cref="BlockPool.Cancel"/>, is returned by the waiter.
    /// </summary>
    void Granted(Block block);
}
