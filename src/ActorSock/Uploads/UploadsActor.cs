using System.Collections.Concurrent;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Settings;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>Knows the uploads that can be gone on with, and who is at each of them. The newer always wins.</summary>
/// <remarks>
/// Parent: <see cref="ServerSupervisor"/>. Children: a <see cref="SweeperActor"/>, and a <see cref="KeeperActor"/> for each writer that has
/// ended before its upload. It never blocks.<br/>
/// States: <see cref="Serving"/>, <see cref="Closing"/>.<br/>
/// On restart: what is known of the uploads is not its own, and goes on; who sent the message in hand is refused.
/// </remarks>
internal sealed partial class UploadsActor : ServerActor, IWithTimers
{
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>
        /// What is there of an upload? Whoever is at it has to let go; an <see cref="Answer"/> comes when that is done.
        /// </summary>
        /// <param name="Key">which</param>
        /// <param name="Name">what the file is to be called</param>
        /// <param name="Size">its bytes; null when the client does not say</param>
        /// <param name="Kind">of the digest that will be promised; null when the client does not say</param>
        public sealed record Ask(UploadKey Key, FileName Name, long? Size, DigestKind? Kind) : Command;

        /// <summary>A writer wants to be at an upload; a <see cref="Grant"/> comes when others have let go.</summary>
        /// <param name="Key">which</param>
        /// <param name="Use">to do what</param>
        /// <param name="Order">what the client says of it</param>
        /// <param name="Offset">where in the file its body begins</param>
        /// <param name="Bytes">of a part</param>
        public sealed record Claim(UploadKey Key, UploadUse Use, StoreOrder Order, long Offset, long Bytes) : Command
        {
            /// <summary>What the upload would be begun with.</summary>
            public UploadTerms Terms => new(Order.Name, Order.Size, Use == UploadUse.Whole ? Order.Kind : null, InParts: Use != UploadUse.Whole);
        }

        /// <summary>The files of a new upload are there: others may come to it.</summary>
        public sealed record Begun(UploadClaim Held) : Command;

        /// <summary>So much is durable now.</summary>
        public sealed record Kept(UploadClaim Held, long Offset, ContentDigest Prefix) : Command;

        /// <summary>The journal has it, and will say what becomes of it.</summary>
        public sealed record Committing(UploadClaim Held, Verdict Verdict, long Size, ContentDigest? Digest) : Command;

        /// <summary>Nothing of it can be gone on with.</summary>
        public sealed record Forget(UploadClaim Held) : Command;

        /// <summary>Its writer ends before it: keep what is there.</summary>
        /// <param name="Held">the claim</param>
        /// <param name="File">open, and the actor's from now on</param>
        /// <param name="Digest">the same</param>
        public sealed record Leave(UploadClaim Held, IUploadFile File, UploadDigest Digest) : Command;

        /// <summary>Nobody is at any upload any more: end when what they left is kept.</summary>
        public sealed record Close : Command
        {
            public static readonly Close Instance = new();
        }
    }

    /// <summary>To a writer.</summary>
    public abstract record Grant
    {
        private Grant()
        {
        }

        /// <summary>It may begin.</summary>
        public sealed record Given(UploadClaim Claim) : Grant;

        /// <summary>It may not.</summary>
        /// <param name="Refusal">why</param>
        /// <param name="Offset">where the upload goes on, or what it lacks; null when that is not the question</param>
        public sealed record Refused(Refusal Refusal, long? Offset = null) : Grant;

        /// <summary>It was stored before.</summary>
        public sealed record Stored(StoredUpload Upload) : Grant;

        /// <summary>Another has come: let go.</summary>
        public sealed record TakenOver : Grant
        {
            public static readonly TakenOver Instance = new();
        }
    }

    /// <summary>To who asks.</summary>
    /// <param name="Asked">the very question</param>
    public abstract record Answer(Command.Ask Asked)
    {
        /// <summary>So much is durable; nothing of an upload that is not known.</summary>
        /// <param name="Asked">as above</param>
        /// <param name="Offset">where to go on, in bytes; of one in parts, the first byte that is missing</param>
        /// <param name="Prefix">the digest of what is before that; null of one in parts</param>
        /// <param name="Table">its parts, now and later; null when the upload has none</param>
        public sealed record There(Command.Ask Asked, long Offset, ContentDigest? Prefix, PartTable? Table) : Answer(Asked)
        {
            /// <summary>Those that are there, by offset; a copy.</summary>
            public IReadOnlyList<PartEntry>? Parts => Table?.Entries;
        }

        /// <summary>It was stored.</summary>
        public sealed record Stored(Command.Ask Asked, StoredUpload Upload) : Answer(Asked);

        /// <summary>It is not the upload that the client takes it for, or the question was lost.</summary>
        public sealed record Refused(Command.Ask Asked, Refusal Refusal) : Answer(Asked);
    }

    private sealed record TakeoverDue(UploadClaim Claim);

    private sealed record ExpiryDue
    {
        public static readonly ExpiryDue Instance = new();
    }

    private const string NoRoom = "too many parts are kept here";
    private static readonly TimeSpan s_expiryIntervalMax = TimeSpan.FromMinutes(1);

    private readonly NodeParts _parts;
    private IActorRef _sweeper = ActorRefs.Nobody;
    private readonly Dictionary<IActorRef, UploadEntry> _at = []; // those who are watched
    private IActorRef _asker = ActorRefs.Nobody; // of the last question, which may be the one in hand
    private readonly Dictionary<string, UploadShelf> _shelves = []; // by client
    private bool _isClosing;

    public UploadsActor(NodeParts parts)
    {
        _parts = parts;
        Become(Serving);
    }

    public static Props PropsOf(NodeParts parts) => Props.Create(() => new UploadsActor(parts));

    public ITimerScheduler Timers { get; set; } = null!;

    private ConcurrentDictionary<UploadKey, UploadEntry> Entries => _parts.Uploads.Entries;

    private FilesSettings Files => _parts.Settings.Files;

    private void Serving()
    {
        Receive<Command.Ask>(Ask);
        Receive<Command.Claim>(Claim);
        Always();
        Receive<Command.Close>(_ =>
        {
            _isClosing = true;
            Context.Watch(_sweeper);
            Become(Closing);
            EndIfNobodyIsLeft();
        });
    }

    /// <summary>Keepers finish.</summary>
    private void Closing() => Always();

    private void Always()
    {
        Receive<Command.Begun>(begun => At(begun.Held, entry =>
        {
            entry.IsBegun = true;
            if (!begun.Held.HasToGo)
                Timers.Cancel(begun.Held); // it was in the way of all others only as long as it made the files
            Next(entry);
        }));
        Receive<Command.Kept>(kept => At(kept.Held, entry =>
            (entry.Offset, entry.Prefix, entry.Bytes) = (kept.Offset, kept.Prefix, Math.Max(entry.Bytes, kept.Offset))));
        Receive<Command.Committing>(committing => At(committing.Held, entry => Commit(entry, committing)));
        Receive<JournalActor.Settled>(settled => Settle(settled.Verdict));
        Receive<Command.Forget>(forget => At(forget.Held, entry =>
        {
            Sweep(entry.Stem);
            entry.Renew(entry.Terms, "");
        }));
        Receive<Command.Leave>(Leave);
        Receive<Terminated>(ended => Ended(ended.ActorRef));
        Receive<TakeoverDue>(due => At(due.Claim, entry => TakeFromStuck(entry, due.Claim)));
        Receive<ExpiryDue>(_ => Expire());
    }

    // ---- who comes

    private void Ask(Command.Ask ask)
    {
        _asker = Sender;
        if (!Entries.TryGetValue(ask.Key, out var entry))
        {
            Sender.Tell(new Answer.There(ask, 0, DigestState.Empty(ask.Kind ?? DigestKind.Md5).Digest(), null), Self);
            return;
        }
        if (entry.Stored is null && entry.Terms.WhyNot(ask.Name, ask.Size, ask.Kind) is { } why)
        {
            Sender.Tell(new Answer.Refused(ask, new Refusal(Rejection.UploadDiffers, why)), Self);
            return;
        }
        TakeOver(entry, ask);
        Wait(entry, ask);
    }

    private void Claim(Command.Claim claim)
    {
        _asker = Sender;
        if (!Entries.TryGetValue(claim.Key, out var entry))
        {
            var terms = claim.Terms;
            // It is known before the small ones are asked: one that begins just now gives way, or is found here.
            Entries[claim.Key] = entry = new UploadEntry(claim.Key, terms, "") { Touched = _parts.Now };
            _parts.SmallUploads.Ask(claim.Key, terms, out var whyNot);
            if (whyNot is not null)
            {
                Entries.TryRemove(claim.Key, out _);
                Refuse(Sender, Rejection.UploadDiffers, whyNot);
                return;
            }
        }
        else if (entry.Stored is null && WhyNot(entry, claim) is { } why)
        {
            Refuse(Sender, Rejection.UploadDiffers, why);
            return;
        }
        TakeOver(entry, claim);
        Watch(Sender, entry);
        Wait(entry, claim);
    }

    private void Watch(IActorRef holder, UploadEntry entry)
    {
        Context.Watch(holder);
        _at[holder] = entry;
    }

    private static string? WhyNot(UploadEntry entry, Command.Claim claim)
    {
        if (entry.Terms.WhyNot(claim.Terms) is { } why)
            return why;
        if (claim.Use != UploadUse.Part)
            return null;
        if (entry.Parts?.Same(claim.Offset, claim.Bytes) is not null)
            return null;
        if (entry.Parts?.Overlaps(claim.Offset, claim.Bytes) == true)
            return "the part overlaps others";
        var count = entry.Parts?.Count ?? 0;
        foreach (var other in entry.Claims.Concat(entry.Stuck))
        {
            if (other.Use != UploadUse.Part || (other.Offset, other.Bytes) == (claim.Offset, claim.Bytes))
                continue;
            if (PartTable.Overlap(other.Offset, other.Bytes, claim.Offset, claim.Bytes))
                return "the part overlaps another that is on its way";
            if (other.Repeated is null)
                count++;
        }
        return count >= NativeRequest.PartsMax ? $"it has {NativeRequest.PartsMax} parts already" : null;
    }

    /// <summary>Who is in the way has to go, and so has who only waits to be there; those who have asked are answered.</summary>
    private void TakeOver(UploadEntry entry, Command newer)
    {
        foreach (var claim in entry.Claims.Where(claim => IsInTheWay(newer, claim.Use, claim.Offset, claim.Bytes)))
        {
            if (entry.Committing is null && claim is { HasToGo: false, IsLeft: false })
                Publish(new ServerEvent.UploadTakenOver(_parts.Now, entry.Key.ClientIfAny, entry.Key.Upload, entry.Terms.Name.Value, entry.BytesKept));
            claim.HasToGo = true;
            claim.Holder.Tell(Grant.TakenOver.Instance, Self);
            LimitTakeover(claim);
        }
        foreach (var waiting in entry.Waiting.ToList())
        {
            if (waiting.What is Command.Claim older && IsInTheWay(newer, older.Use, older.Offset, older.Bytes))
            {
                entry.Waiting.Remove(waiting);
                Refuse(waiting.Who, Rejection.TakenOver, "");
            }
        }
    }

    /// <summary>Parts come beside one another; all else is for one alone.</summary>
    private static bool IsInTheWay(Command newer, UploadUse use, long offset, long bytes) =>
        newer is not Command.Claim { Use: UploadUse.Part } part || use != UploadUse.Part || (part.Offset, part.Bytes) == (offset, bytes);

    private void Wait(UploadEntry entry, Command what)
    {
        Unshelve(entry);
        entry.Touched = _parts.Now;
        entry.Waiting.AddLast(new UploadWaiting(Sender, what));
        Next(entry);
        if (entry.Waiting.Count > 0 && !entry.IsBegun)
            entry.Claims.ForEach(LimitTakeover); // who makes the files is in everybody's way
    }

    /// <summary>Counted from the first who waits: others who come behind put nothing off.</summary>
    private void LimitTakeover(UploadClaim claim)
    {
        if (!Timers.IsTimerActive(claim))
            Timers.StartSingleTimer(claim, new TakeoverDue(claim), Files.TakeoverLimit);
    }

    /// <summary>Serves those who wait as far as the others have let go. Parts that cannot come yet hold up no other parts.</summary>
    private void Next(UploadEntry entry)
    {
        for (var next = entry.Waiting.First; next is not null && entry.Committing is null;)
        {
            var (who, what) = next.Value;
            var isServed = what switch
            {
                Command.Claim { Use: UploadUse.Part } part => TryPart(entry, who, part),
                _ when entry.Claims.Count > 0 => false,
                Command.Claim { Use: UploadUse.Join } when entry.Stuck.Exists(static stuck => stuck.Use == UploadUse.Join) => false,
                Command.Claim claim => Serve(entry, who, claim),
                Command.Ask ask => Serve(entry, who, ask),
                _ => throw new InvalidOperationException($"{what} does not wait"),
            };
            if (!isServed && what is not Command.Claim { Use: UploadUse.Part })
                break;
            var behind = next.Next;
            if (isServed)
                entry.Waiting.Remove(next);
            next = behind;
        }
        if (entry.IsIdle)
            Rest(entry);
    }

    private bool Serve(UploadEntry entry, IActorRef who, Command.Ask ask)
    {
        Answer answer = entry switch
        {
            { Stored: { } stored } => new Answer.Stored(ask, stored),
            { Parts: { } parts } => new Answer.There(ask, parts.Missing ?? entry.Terms.Size ?? 0, null, parts),
            _ => new Answer.There(ask, entry.Offset, entry.Prefix ?? DigestState.Empty(entry.Terms.Kind ?? DigestKind.Md5).Digest(), null),
        };
        who.Tell(answer, Self);
        return true;
    }

    private bool Serve(UploadEntry entry, IActorRef who, Command.Claim claim)
    {
        if (claim.Use == UploadUse.Join)
            Join(entry, who);
        else if (claim.Offset == 0)
            Give(entry, who, BeginAnew(entry, claim));
        else if (entry.Stored is not null || claim.Offset > entry.Offset)
            Refuse(who, Rejection.OffsetBeyond, "", entry.Stored is null ? entry.Offset : 0);
        else if (claim.Offset < entry.Offset)
            Refuse(who, Rejection.OffsetUnknown, "", entry.Offset);
        else
            Give(entry, who, new UploadClaim(entry.Key, UploadUse.Whole, entry.Stem, entry.Terms));
        return true;
    }

    private UploadClaim BeginAnew(UploadEntry entry, Command.Claim claim)
    {
        if (entry.IsBegun)
            Sweep(entry.Stem);
        var (terms, isPart) = (claim.Terms, claim.Use == UploadUse.Part);
        entry.Renew(terms, _parts.Uploads.NewStem(entry.Key));
        _parts.SmallUploads.Forget(entry.Key);
        if (isPart)
            entry.Parts = _parts.Uploads.NewParts(entry.Key, entry.Stem, terms.Size!.Value);
        return new UploadClaim(entry.Key, claim.Use, entry.Stem, entry.Terms)
        {
            IsNew = true,
            Offset = claim.Offset,
            Bytes = claim.Bytes,
            Parts = entry.Parts,
            HasRoom = isPart,
        };
    }

    private void Join(UploadEntry entry, IActorRef who)
    {
        if (entry.Stored is { } stored)
            who.Tell(new Grant.Stored(stored), Self);
        else if (entry.Parts is not { } parts)
            Refuse(who, Rejection.PartsMissing, "nothing is there", 0);
        else if (parts.Missing is { } missing)
            Refuse(who, Rejection.PartsMissing, $"the first from {missing} on", missing);
        else
            Give(entry, who, new UploadClaim(entry.Key, UploadUse.Join, entry.Stem, entry.Terms) { Parts = parts });
    }

    /// <summary>Parts come beside one another, but not two to one place, and not before the files are made.</summary>
    private bool TryPart(UploadEntry entry, IActorRef who, Command.Claim claim)
    {
        if (entry.Claims.Any(other => other.Use != UploadUse.Part || PartTable.Overlap(other.Offset, other.Bytes, claim.Offset, claim.Bytes))
            || entry.Stuck.Any(other => other.Use == UploadUse.Part && PartTable.Overlap(other.Offset, other.Bytes, claim.Offset, claim.Bytes)))
        {
            return false;
        }
        if (!entry.IsBegun || entry.Stored is not null)
        {
            if (entry.Claims.Count > 0)
                return false; // who makes them
            if (!TryReserve(entry.Key.Client))
                Refuse(who, Rejection.NotStored, NoRoom);
            else
                Give(entry, who, BeginAnew(entry, claim));
            return true;
        }
        if (WhyNot(entry, claim) is { } why) // others have come meanwhile
        {
            Refuse(who, Rejection.UploadDiffers, why);
            return true;
        }
        var repeated = entry.Parts!.Same(claim.Offset, claim.Bytes);
        if (repeated is null && !TryReserve(entry.Key.Client))
        {
            Refuse(who, Rejection.NotStored, NoRoom);
            return true;
        }
        Give(entry, who, new UploadClaim(entry.Key, UploadUse.Part, entry.Stem, entry.Terms)
        {
            Offset = claim.Offset,
            Bytes = claim.Bytes,
            Parts = entry.Parts,
            Repeated = repeated,
            HasRoom = repeated is null,
        });
        return true;
    }

    private void Give(UploadEntry entry, IActorRef who, UploadClaim claim)
    {
        claim.Holder = who;
        entry.Claims.Add(claim);
        who.Tell(new Grant.Given(claim), Self);
    }

    private void Refuse(IActorRef who, Rejection rejection, string why, long? offset = null) =>
        who.Tell(new Grant.Refused(new Refusal(rejection, why), offset), Self);

    private static void Publish(ServerEvent happened) => Context.System.EventStream.Publish(happened);

    protected override string About => $"{Entries.Count} uploads, {Entries.Values.Sum(static entry => entry.Claims.Count)} at them";

    // ---- failure policy

    private static readonly FailurePolicy.Row[] s_policy =
    [
        new("sweeper", typeof(Exception), Directive.Restart), // what it leaves behind is found at the next start
        new("*", typeof(Exception), Directive.Stop),          // a keeper: what was kept before is there
    ];

    protected override FailurePolicy Policy => new(s_policy, (child, cause, directive) =>
    {
        var path = child.Path.ToStringWithoutAddress();
        Publish(directive == Directive.Restart
            ? new ServerEvent.Restarted(_parts.Now, path, cause)
            : new ServerEvent.ActorStopped(_parts.Now, path, cause));
    });

    // ---- lifecycle

    protected override void PreStart()
    {
        var sweeper = Context.Child("sweeper");
        _sweeper = sweeper.IsNobody() ? Context.ActorOf(SweeperActor.PropsOf(_parts), "sweeper") : sweeper;
        var interval = Files.KeepUploads / 2 < s_expiryIntervalMax ? Files.KeepUploads / 2 : s_expiryIntervalMax;
        if (interval > TimeSpan.Zero)
            Timers.StartPeriodicTimer(nameof(ExpiryDue), ExpiryDue.Instance, TimeSpan.Zero, interval);
        foreach (var entry in Entries.Values)
        {
            foreach (var claim in entry.Claims.Concat(entry.Stuck))
                Watch(claim.Holder, entry); // those who have ended meanwhile, too
            foreach (var waiting in entry.Waiting.Where(static waiting => waiting.What is Command.Claim))
                Watch(waiting.Who, entry);
            foreach (var claim in entry.Claims.Where(claim => entry.Waiting.Count > 0 && (claim.HasToGo || !entry.IsBegun)))
                LimitTakeover(claim);
        }
        foreach (var idle in Entries.Values.Where(static entry => entry.IsIdle).OrderBy(static entry => entry.Touched).ToList())
        {
            idle.Place = null; // on a shelf of the life before
            Rest(idle);
        }
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Not the default, which would stop the children: they hold files, and begin anew with them.
        var refusal = new Refusal(Rejection.Crashed, "");
        if (message is Command.Ask ask)
            _asker.Tell(new Answer.Refused(ask, refusal), Self);
        else if (message is Command.Claim)
            _asker.Tell(new Grant.Refused(refusal), Self);
    }
}
