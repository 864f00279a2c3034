using ActorSock.Blocks;
using ActorSock.Files;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Journal;

/// <summary>
/// One upload on its way from its writer through the journal to its name; or a file that is to lose its name, or to change it.
/// </summary>
/// <param name="Name">the name to be, or that of the file</param>
/// <param name="Client">who sent it, or asks for it</param>
/// <param name="Verdict">takes the outcome</param>
/// <param name="Owner">hears of the outcome</param>
internal abstract record Commit(FileName Name, string Client, Verdict Verdict, IActorRef Owner)
{
    /// <summary>What becomes of it when there is a file of its name.</summary>
    public ExistsRule Exists { get; init; }

    /// <summary>Whether the owner is to hear a <see cref="JournalActor.Verified"/> when the journal has checked the digest.</summary>
    public bool TellsVerified { get; init; }

    /// <summary>The other digest of the content, when it was promised; known before it gets into the log.</summary>
    public ContentDigest? Sha256 { get; set; }

    /// <summary>Hears of the outcome, too, and keeps the part file of one that fails: <see cref="Uploads.UploadsActor"/>.</summary>
    public IActorRef Keeper { get; init; } = ActorRefs.Nobody;

    /// <summary>Has those told who wait for the outcome; null where nobody can.</summary>
    public SmallUpload? Upload { get; init; }

    /// <summary>As the log is to have it; its digest was checked before.</summary>
    /// <param name="now">when it is committed</param>
    /// <param name="plan">what was found, and which name it gets</param>
    public abstract CommitEntry Entry(DateTimeOffset now, in CommitPlan plan);

    /// <summary>What the owner is told when it is done.</summary>
    public virtual Verdict.Outcome Done(in CommitEntry entry, JournalReceipt receipt) =>
        new Verdict.Outcome.Stored(entry.Name, entry.Size, entry.Digest, receipt) { Sha256 = entry.Sha256 };

    /// <summary>Makes it visible under its name. The log has it by now.</summary>
    /// <param name="files">where</param>
    /// <param name="entry">as the log has it</param>
    /// <exception cref="StorageException">the disk is full, something is in the way</exception>
    public abstract void Publish(IFileStore files, in CommitEntry entry);

    /// <summary>Gives back the memory that it holds; may be repeated.</summary>
    public virtual void LetGo()
    {
    }

    /// <summary>Removes what of it is on the disk; for one that is not to be published any more.</summary>
    public virtual void Drop(IFileStore files)
    {
    }

    /// <summary>Tells the outcome.</summary>
    public void Settle(Verdict.Outcome outcome)
    {
        Verdict.Said = outcome;
        TellKeeper(); // first: whom the owner tells of it may ask there
        TellOwner();
    }

    /// <summary>Tells that it failed, but for the keeper: the log may have it, and until that was replayed nobody may go on with it.</summary>
    public void SettleInDoubt(Exception reason)
    {
        Verdict.Said = new Verdict.Outcome.Failed(reason);
        TellOwner();
    }

    /// <summary>The log was replayed.</summary>
    public void TellKeeper()
    {
        Keeper.Tell(new JournalActor.Settled(Verdict), ActorRefs.NoSender);
        Upload?.Settle();
    }

    private void TellOwner() => Owner.Tell(new JournalActor.Settled(Verdict), ActorRefs.NoSender);

    /// <summary>A body in memory: the journal checks it, and the log carries it to the disk.</summary>
    /// <param name="Name">as above</param>
    /// <param name="Client">as above</param>
    /// <param name="Promise">what it is checked against</param>
    /// <param name="Verdict">as above</param>
    /// <param name="Owner">as above</param>
    /// <param name="Body">has it, held for the journal in the window; null when it is empty</param>
    /// <param name="Window">holds the block</param>
    public sealed record Whole(
        FileName Name, string Client, FileWriterActor.Promise Promise, Verdict Verdict, IActorRef Owner,
        Block? Body, BlockWindow Window)
        : Commit(Name, Client, Verdict, Owner)
    {
        private bool _isLetGo;

        /// <summary>The digest of the body; set before it gets into the log.</summary>
        public Md5Digest Digest { get; set; }

        public ReadOnlyMemory<byte> Bytes => Body?.Filled ?? default;

        public override CommitEntry Entry(DateTimeOffset now, in CommitPlan plan) =>
            CommitEntry.Whole(now, Client, plan.Name, Digest, Bytes) with { Sha256 = Sha256 };

        public override void Publish(IFileStore files, in CommitEntry entry) => files.Store(entry.Name, Bytes.Span, entry.Stamp);

        public override void LetGo()
        {
            // Once: of a group that fails behind its publishing nobody knows how far each commit had got.
            if (Body is not null && !_isLetGo)
                Window.Remove(Body);
            _isLetGo = true;
        }
    }

    /// <summary>A part file whose bytes are durable, and which is only to be named.</summary>
    /// <param name="Name">as above</param>
    /// <param name="Client">as above</param>
    /// <param name="Digest">the digest of its bytes, which was checked; null when nobody has computed it</param>
    /// <param name="Verdict">as above</param>
    /// <param name="Owner">as above</param>
    /// <param name="Size">its bytes</param>
    /// <param name="PartName">the journal's from now on</param>
    public sealed record Part(
        FileName Name, string Client, Md5Digest? Digest, Verdict Verdict, IActorRef Owner, long Size, string PartName)
        : Commit(Name, Client, Verdict, Owner)
    {
        public override CommitEntry Entry(DateTimeOffset now, in CommitPlan plan) =>
            CommitEntry.Part(now, Client, plan.Name, Size, Digest, PartName) with { Sha256 = Sha256 };

        public override void Publish(IFileStore files, in CommitEntry entry) => files.PublishPart(PartName, entry.Name);

        public override void Drop(IFileStore files)
        {
            if (Keeper.IsNobody())
                files.DropPart(PartName);
        }
    }

    /// <summary>A file that is to be deleted.</summary>
    /// <param name="Name">as above</param>
    /// <param name="Client">as above</param>
    /// <param name="Verdict">as above</param>
    /// <param name="Owner">as above</param>
    public sealed record Removal(FileName Name, string Client, Verdict Verdict, IActorRef Owner) : Commit(Name, Client, Verdict, Owner)
    {
        /// <summary>Only if it still is this one, as <see cref="IFileStore.Digest"/> has found it; null for whichever it is.</summary>
        public StoredFile? OnlyIf { get; init; }

        public override CommitEntry Entry(DateTimeOffset now, in CommitPlan plan) =>
            CommitEntry.Removal(now, Client, Name, plan.Found!.Value);

        public override void Publish(IFileStore files, in CommitEntry entry) => files.Remove(entry.Name);

        public override Verdict.Outcome Done(in CommitEntry entry, JournalReceipt receipt) => new Verdict.Outcome.Removed(receipt);
    }

    /// <summary>A file that is to be renamed; <see cref="Exists"/> is about the new name.</summary>
    /// <param name="Name">as above</param>
    /// <param name="To">the name to be</param>
    /// <param name="Client">as above</param>
    /// <param name="Verdict">as above</param>
    /// <param name="Owner">as above</param>
    public sealed record Renaming(FileName Name, FileName To, string Client, Verdict Verdict, IActorRef Owner)
        : Commit(Name, Client, Verdict, Owner)
    {
        /// <summary>As that of a <see cref="Removal"/>.</summary>
        public StoredFile? OnlyIf { get; init; }

        public override CommitEntry Entry(DateTimeOffset now, in CommitPlan plan) =>
            CommitEntry.Renaming(now, Client, Name, plan.Name, plan.Found!.Value);

        public override void Publish(IFileStore files, in CommitEntry entry) => files.Rename(entry.Name, entry.To!.Value);

        public override Verdict.Outcome Done(in CommitEntry entry, JournalReceipt receipt) =>
            new Verdict.Outcome.Renamed(entry.To!.Value, receipt);
    }
}
