using System.Security.Cryptography;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Framing;
using ActorSock.Supervision;
using ActorSock.Wire;

namespace ActorSock.Files;

/// <summary>Writes one upload to disk and answers whether its digest is the promised one.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionActor"/>, one writer for each upload, on threads that may block. Children: none.<br/>
/// States: <see cref="Receiving"/> alone; the commit is one step of it, which blocks.<br/>
/// On restart: never restarted. The part file is removed or kept by rule, every block goes back; the parent refuses this upload
/// and keeps the conversation.
/// </remarks>
internal sealed class FileWriterActor : ServerActor
{
    public abstract record Command
    {
        private Command()
        {
        }

        /// <summary>Write a block of the body; it lies in the window.</summary>
        public sealed record Append(Block Block) : Command;

        /// <summary>The body is complete: commit it if its digest is the promised one.</summary>
        public sealed record Finish(Promise Promise) : Command;
    }

    /// <summary>What a client promised about a body.</summary>
    public abstract record Promise
    {
        private Promise()
        {
        }

        /// <summary>Nothing: the dialect has no digest.</summary>
        public sealed record None : Promise
        {
            public static readonly None Instance = new();
        }

        /// <summary>That its digest is this one; null when what the client sent is no digest, which nothing equals.</summary>
        public sealed record Digest(Md5Digest? Value) : Promise;
    }

    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>The part file is open: the body may come.</summary>
        public sealed record Opened : Event
        {
            public static readonly Opened Instance = new();
        }

        /// <summary>The file is on stable storage under its name.</summary>
        public sealed record Stored(Md5Digest Digest, long Bytes) : Event;

        /// <summary>The digest is not the promised one, or what was promised is no digest (null); nothing was stored.</summary>
        public sealed record Differs(Md5Digest Actual, Md5Digest? Promised) : Event;
    }

    /// <summary>Keeps what a writer said last, for a connection that fails or is ended before it hears it.</summary>
    internal sealed class Verdict
    {
        private Event? _said;

        public Event? Said
        {
            get => Volatile.Read(ref _said);
            set => Volatile.Write(ref _said, value);
        }
    }

    private readonly NodeParts _parts;
    private readonly string _uploadId;
    private readonly FileName _name;
    private readonly long _size;
    private readonly BlockWindow _window;
    private readonly Verdict _verdict;
    private IIncomingFile? _file;
    private IncrementalHash? _md5;

    public FileWriterActor(NodeParts parts, string uploadId, FileName name, long size, BlockWindow window, Verdict verdict)
    {
        (_parts, _uploadId, _name, _size, _window, _verdict) = (parts, uploadId, name, size, window, verdict);
        Become(Receiving);
    }

    public static Props PropsOf(NodeParts parts, string uploadId, FileName name, long size, BlockWindow window, Verdict verdict) =>
        Props.Create(() => new FileWriterActor(parts, uploadId, name, size, window, verdict)).WithDispatcher(NodeParts.FilesDispatcher);

    protected override void PreStart()
    {
        _file = _parts.Files.Create(_uploadId, _name, _size);
        _md5 = IncrementalHash.CreateHash(HashAlgorithmName.MD5); // after what may fail: PostStop does not follow a failed PreStart
        Context.Parent.Tell(Event.Opened.Instance, Self);
    }

    private void Receiving()
    {
        Receive<Command.Append>(append => Append(append.Block));
        Receive<Command.Finish>(finish => Finish(finish.Promise));
    }

    private void Append(Block block)
    {
        if (!_window.TryHold(block))
            return; // the window was closed over it: this upload has been given up
        try
        {
            _file!.Write(block.Filled.Span);
            _md5!.AppendData(block.Filled.Span);
        }
        finally
        {
            _window.Remove(block);
        }
        Sender.Tell(FramerActor.Appended.Instance, Self);
    }

    private void Finish(Promise promise)
    {
        Span<byte> bytes = stackalloc byte[Md5Digest.BytesCount];
        _md5!.GetHashAndReset(bytes);
        var actual = Md5Digest.FromBytes(bytes);
        if (promise is Promise.Digest promised && promised.Value != actual)
        {
            _file!.Abandon();
            Say(new Event.Differs(actual, promised.Value));
        }
        else
        {
            _file!.Publish();
            Say(new Event.Stored(actual, _file.BytesWritten));
        }
        Context.Stop(Self);
    }

    private void Say(Event said)
    {
        _verdict.Said = said;
        Context.Parent.Tell(said, Self);
    }

    protected override void PostStop()
    {
        _window.Close();
        _file?.Dispose();
        _md5?.Dispose();
    }
}
