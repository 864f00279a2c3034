using ActorSock.Supervision;

namespace ActorSock.Uploads;

/// <summary>Removes what is kept of uploads no more, and notes what was stored, where the disk may take its time.</summary>
/// <remarks>
/// Parent: <see cref="UploadsActor"/>. Children: none.<br/>
/// States: one. On restart: the message in hand is lost; a file that should have been removed is found at the next start.
/// </remarks>
internal sealed class SweeperActor : ServerActor
{
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Remove the files of an upload.</summary>
        public sealed record Drop(string Stem) : Command;

        /// <summary>Note that it was stored.</summary>
        public sealed record Remember(string Stem, StoredUpload Stored) : Command;
    }

    public SweeperActor(NodeParts parts)
    {
        Receive<Command.Drop>(drop => parts.Files.Uploads.Drop(drop.Stem));
        Receive<Command.Remember>(remember => parts.Files.Uploads.Remember(remember.Stem, remember.Stored));
    }

    public static Props PropsOf(NodeParts parts) =>
        Props.Create(() => new SweeperActor(parts)).WithDispatcher(NodeParts.FilesDispatcher);
}
