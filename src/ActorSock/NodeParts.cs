using ActorSock.Blocks;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Settings;

namespace ActorSock;

/// <summary>What the actors of one node share, and the seam where tests put a failing disk or another clock.</summary>
internal sealed record NodeParts(NodeSettings Settings, IFileStore Files, BlockPool Blocks, TimeProvider Clock)
{
    /// <summary>The dispatcher of work that blocks on the disk; its section is in the reference configuration.</summary>
    public const string FilesDispatcher = "actorsock-files-dispatcher";

    /// <summary>What long headers may take together: a quarter of what bodies may.</summary>
    public HeaderMemory LongHeaders { get; } = new(Settings.Memory.BlocksMax / 4);

    public DateTimeOffset Now => Clock.GetUtcNow();
}
