using System.Threading.Channels;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Uploads;

/// <summary>Stands for the connection and the framer of one writer, on a node's own parts.</summary>
internal sealed class TestUpload
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(30);

    private readonly TestNode _node;
    private readonly Channel<object> _heard = Channel.CreateUnbounded<object>();
    private readonly TaskCompletionSource _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource _open = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly IActorRef _desk;
    private readonly TaskCompletionSource<IActorRef> _writer = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private TestUpload(TestNode node, Func<BlockWindow, Verdict, Props> props)
    {
        _node = node;
        _desk = node.Node.System.ActorOf(Props.Create(() => new Desk(this, props(Window, Verdict))));
    }

    public BlockWindow Window { get; } = new();

    public Verdict Verdict { get; } = new();

    /// <summary>Ends when the body may come, whoever hears it.</summary>
    public Task IsOpen => _open.Task.WaitAsync(s_patience);

    /// <summary>Ends when the writer has.</summary>
    public Task Ended => _ended.Task.WaitAsync(s_patience);

    /// <summary>Why the writer has failed; null while it has not.</summary>
    public Exception? Failure { get; private set; }

    public static TestUpload Whole(
        TestNode node, string upload, string name, long? size, long offset = 0, DigestKind? kind = null, string client = "",
        ExistsRule exists = ExistsRule.Replace, bool tellsVerified = false) =>
        new(node, (window, verdict) => UploadWriterActor.PropsOf(node.Node.Parts, new UploadKey(client, upload),
            Order(name, size, kind) with { Exists = exists, TellsVerified = tellsVerified }, offset, window, verdict));

    public static TestUpload Part(
        TestNode node, string upload, string name, long size, long offset, long bytes, DigestKind? kind = null, string client = "") =>
        new(node, (window, verdict) => PartWriterActor.PropsOf(
            node.Node.Parts, new UploadKey(client, upload), Order(name, size, kind), offset, bytes, window, verdict));

    public static TestUpload Join(
        TestNode node, string upload, string name, ContentDigest? promised, ExistsRule exists = ExistsRule.Replace) =>
        new(node, (_, verdict) => JoinActor.PropsOf(
            node.Node.Parts, new UploadKey("", upload), Order(name, null, null) with { Exists = exists }, promised, verdict));

    public static async Task<UploadsActor.Answer> Ask(
        TestNode node, string upload, string name, long? size = null, DigestKind? kind = null, string client = "") =>
        await node.Node.Parts.Uploads.Actor.Ask<UploadsActor.Answer>(
            new UploadsActor.Command.Ask(new UploadKey(client, upload), NameOf(name), size, kind), s_patience);

    public static async Task<UploadsActor.Answer.There> There(
        TestNode node, string upload, string name, long? size = null, DigestKind? kind = null, string client = "") =>
        (await Ask(node, upload, name, size, kind, client)).ShouldBeOfType<UploadsActor.Answer.There>();

    public static FileName NameOf(string name) =>
        FileName.TryConfine(name, 1024, out var confined, out var why) ? confined : throw new ArgumentException(why, nameof(name));

    public async Task<TestUpload> Opened()
    {
        (await Hear<object>()).ShouldBeOfType<FileWriterActor.Event.Opened>();
        return this;
    }

    /// <summary>Why it is refused, before it is open or after; null when it is not, but settled.</summary>
    public async Task<Rejection?> RefusedSooner()
    {
        while (await Hear<object>() is not JournalActor.Settled)
        {
        }
        return (Verdict.Said as Verdict.Outcome.Refused)?.Refusal.Rejection;
    }

    /// <summary>Finishes one of which somebody else hears that it is settled.</summary>
    public async Task<Verdict.Outcome> Promise(ContentDigest promised, Task settled)
    {
        (await _writer.Task).Tell(new FileWriterActor.Command.Finish(new FileWriterActor.Promise.Digest(promised)));
        await settled;
        return Verdict.Said.ShouldNotBeNull();
    }

    /// <summary>The next bytes of the body, a window at a time.</summary>
    public async Task Give(ReadOnlyMemory<byte> bytes)
    {
        var writer = await _writer.Task;
        while (!bytes.IsEmpty)
        {
            while (Window.Outstanding >= 4)
                await Hear<FramerActor.Appended>();
            var block = _node.Node.Parts.Blocks.TryRent(Math.Min(bytes.Length, 1 << 20)).ShouldNotBeNull();
            block.Length = Math.Min(bytes.Length, block.Capacity);
            bytes[..block.Length].CopyTo(block.Memory);
            bytes = bytes[block.Length..];
            if (Window.Add(block))
                writer.Tell(new FileWriterActor.Command.Append(block), _desk);
        }
    }

    /// <summary>Ends when every block that was given is written and digested.</summary>
    public async Task Taken()
    {
        while (Window.Outstanding > 0)
            await Hear<FramerActor.Appended>();
    }

    public async Task<Verdict.Outcome> Finish(ContentDigest? promised = null)
    {
        (await _writer.Task).Tell(new FileWriterActor.Command.Finish(promised is null
            ? FileWriterActor.Promise.None.Instance
            : new FileWriterActor.Promise.Digest(promised)));
        return await Settled();
    }

    /// <summary>What becomes of it.</summary>
    public async Task<Verdict.Outcome> Settled()
    {
        (await Hear<JournalActor.Settled>()).Verdict.ShouldBeSameAs(Verdict);
        return Verdict.Said.ShouldNotBeNull();
    }

    public Task Verified() => Hear<JournalActor.Verified>();

    public async Task<Rejection> Refused() => (await Settled()).ShouldBeOfType<Verdict.Outcome.Refused>().Refusal.Rejection;

    /// <summary>The connection breaks, in order.</summary>
    public async Task Break()
    {
        (await _writer.Task).Tell(FileWriterActor.Command.Keep.Instance);
        await Ended;
    }

    /// <summary>The connection's actor is gone at once.</summary>
    public void Crash() => _node.Node.System.Stop(_desk);

    private async Task<T> Hear<T>()
    {
        while (true)
        {
            var heard = await _heard.Reader.ReadAsync().AsTask().WaitAsync(s_patience);
            if (heard is T wanted)
                return wanted;
            if (heard is not (FramerActor.Appended or JournalActor.Verified))
                throw new InvalidOperationException($"waiting for {typeof(T).Name}, heard {heard}");
        }
    }

    private static StoreOrder Order(string name, long? size, DigestKind? kind) => new(NameOf(name), "test") { Size = size, Kind = kind };

    private sealed class Desk : ReceiveActor
    {
        private readonly TestUpload _upload;
        private readonly Props _props;

        public Desk(TestUpload upload, Props props)
        {
            (_upload, _props) = (upload, props);
            Receive<Terminated>(_ => upload._ended.TrySetResult());
            ReceiveAny(message =>
            {
                upload._heard.Writer.TryWrite(message);
                if (message is FileWriterActor.Event.Opened)
                    upload._open.TrySetResult();
            });
        }

        protected override SupervisorStrategy SupervisorStrategy() => new OneForOneStrategy(cause =>
        {
            _upload.Failure = cause;
            return Directive.Stop;
        });

        protected override void PreStart()
        {
            var writer = Context.ActorOf(_props, "writer-1");
            Context.Watch(writer);
            _upload._writer.SetResult(writer);
        }

        protected override void PostStop() => _upload._ended.TrySetResult();
    }
}
