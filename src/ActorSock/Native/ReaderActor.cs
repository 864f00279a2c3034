using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Supervision;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Answers one request that only reads the disk; what all of these have in common.</summary>
/// <remarks>
/// Parent: <see cref="NativeActor"/>, one for each request, on threads that may block. Children: none.<br/>
/// States: one. It looks at the disk when it starts; a reply with a body it says itself, when its turn in the
/// <see cref="Outbox"/> has come, and until then it holds no memory for it.<br/>
/// On restart: never restarted. The parent refuses the request, or closes where half a reply was said.
/// </remarks>
internal abstract class ReaderActor : ServerActor
{
    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The reply has no body: it is to be said as any.</summary>
        public sealed record Answered(NativeReply Reply) : Event;

        /// <summary>The digest of the file is not known: somebody is to ask again who may take the time to read it.</summary>
        public sealed record NeedsDigest : Event
        {
            public static readonly NeedsDigest Instance = new();
        }

        /// <summary>The file has the digest that it must have to be deleted or renamed.</summary>
        public sealed record MayChange(FileName Name, StoredFile Found) : Event;

        /// <summary>The upload is over, and its client has not heard it.</summary>
        public sealed record StoredBefore(StoredUpload Upload) : Event;

        /// <summary>The reply has a body: give me a turn.</summary>
        public sealed record Ready : Event
        {
            public static readonly Ready Instance = new();
        }

        /// <summary>The turn is over, all is said.</summary>
        /// <param name="Bytes">of a file</param>
        public sealed record Said(long Bytes) : Event;

        /// <summary>The turn is over, and so is the connection.</summary>
        public sealed record Broken(System.Net.Sockets.SocketError Error) : Event;
    }

    protected ReaderActor(NodeParts parts, SocketLink link, long id)
    {
        (Parts, Link, Id) = (parts, link, id);
        Receive<Outbox.Turn>(_ => Say());
        Receive<SocketLink.SendEnded>(ended =>
        {
            if (ended.Error == System.Net.Sockets.SocketError.Success)
                SayMore();
            else
                Context.Parent.Tell(new Event.Broken(ended.Error), Self); // which stops us
        });
        More();
    }

    protected NodeParts Parts { get; }

    protected SocketLink Link { get; }

    /// <summary>The request's.</summary>
    protected long Id { get; }

    /// <summary>Handlers of other messages.</summary>
    protected virtual void More()
    {
    }

    /// <summary>Looks at the disk, and says <see cref="Answer"/> or <see cref="TakeTurn"/>.</summary>
    /// <exception cref="StorageException">the request is refused for it</exception>
    protected abstract void Look();

    /// <summary>The turn has come.</summary>
    protected virtual void Say()
    {
    }

    /// <summary>The socket has taken what was to be sent.</summary>
    protected virtual void SayMore()
    {
    }

    /// <summary>
    /// What there is under a name, with its digest; null when somebody else is to say it, or it is refused, which is told then.
    /// </summary>
    /// <param name="name">with the folder of the client</param>
    /// <param name="mayRead">whether it runs where a whole file may be read for its digest</param>
    protected StoredFile? LookAt(FileName name, bool mayRead)
    {
        if ((mayRead ? Parts.Files.Digest(name) : Parts.Files.Stat(name)) is not { } found)
            Refuse(Rejection.NameUnknown, "");
        else if (found.Md5 is null && !mayRead)
            End(Event.NeedsDigest.Instance);
        else
            return found;
        return null;
    }

    protected void TakeTurn() => Context.Parent.Tell(Event.Ready.Instance, Self);

    protected void Answer(NativeReply reply) => End(new Event.Answered(reply));

    /// <summary>The last word.</summary>
    protected void End(Event last)
    {
        Context.Parent.Tell(last, Self);
        Context.Stop(Self);
    }

    protected void Refuse(Rejection rejection, string detail) =>
        Answer(NativeReply.Refused(Id, new Refusal(rejection, detail), closes: false));

    protected override void PreStart()
    {
        try
        {
            Look();
        }
        catch (StorageException e)
        {
            Answer(NativeReply.Refused(Id, FailureRefusal.Of(e), closes: false));
        }
    }
}
