using ActorSock.Files;
using ActorSock.Supervision;

namespace ActorSock.Journal;

/// <summary>Makes durable what the commit log has carried so far, so that a part of the log can be written again.</summary>
/// <remarks>
/// Parent: <see cref="JournalActor"/>. Children: none. On threads that may block: a sync takes as long as the disk likes, and
/// commits go on meanwhile.<br/>
/// States: <see cref="Resting"/> alone.<br/>
/// On restart: never restarted; a sync that failed is told, and the journal begins anew.
/// </remarks>
internal sealed class CheckpointActor : ServerActor
{
    /// <summary>Sync everything that was published before.</summary>
    public sealed record Begin(Checkpoint Checkpoint);

    public abstract record Event
    {
        private Event()
        {
        }

        public sealed record Done : Event
        {
            public static readonly Done Instance = new();
        }

        public sealed record Failed(StorageException Cause) : Event;
    }

    private readonly IFileStore _files;
    private readonly JournalFolder _journal;

    public CheckpointActor(IFileStore files, JournalFolder journal)
    {
        (_files, _journal) = (files, journal);
        Become(Resting);
    }

    public static Props PropsOf(IFileStore files, JournalFolder journal) =>
        Props.Create(() => new CheckpointActor(files, journal)).WithDispatcher(NodeParts.FilesDispatcher);

    private void Resting() => Receive<Begin>(begin =>
    {
        FaultPoints.Reach(FaultPoint.InCheckpointBeforeSync);
        try
        {
            _files.SyncAll();
            _journal.SyncFlushed();
            begin.Checkpoint.Complete();
            Context.Parent.Tell(Event.Done.Instance, Self);
        }
        catch (StorageException e)
        {
            begin.Checkpoint.Fail();
            Context.Parent.Tell(new Event.Failed(e), Self);
        }
    });
}
