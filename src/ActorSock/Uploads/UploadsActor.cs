using ActorSock.Files;
using ActorSock.Lanes;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Uploads;

/// <summary>Knows the uploads that can be gone on with, and who is at each of them.</summary>
/// <remarks>
/// Parent: <see cref="ServerSupervisor"/>. Children: none.<br/>
/// States: <see cref="Serving"/> alone.<br/>
/// On restart: nothing is lost but the message in hand.
/// </remarks>
internal sealed class UploadsActor : ServerActor
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

        /// <summary>Nobody is at any upload any more: end when what they left is kept.</summary>
        public sealed record Close : Command
        {
            public static readonly Close Instance = new();
        }
    }

    /// <summary>To who asks.</summary>
    /// <param name="Asked">the very question</param>
    public abstract record Answer(Command.Ask Asked)
    {

        /// <summary>So much is durable; nothing of an upload that is not known.</summary>
        /// <param name="Asked">as above</param>
        /// <param name="Offset">where to go on, in bytes</param>
        /// <param name="Prefix">the digest of what is before that</param>
        /// <param name="Parts">those that are there, by offset; null when the upload has none</param>
        public sealed record There(Command.Ask Asked, long Offset, ContentDigest Prefix, IReadOnlyList<PartEntry>? Parts)
            : Answer(Asked);

        /// <summary>It was stored.</summary>
        public sealed record Stored(Command.Ask Asked, StoredUpload Upload) : Answer(Asked);

        /// <summary>It is not the upload that the client takes it for, or somebody else has asked since.</summary>
        public sealed record Refused(Command.Ask Asked, Refusal Refusal) : Answer(Asked);
    }

    public UploadsActor() => Become(Serving);

    public static Props PropsOf() => Props.Create(() => new UploadsActor());

    private void Serving()
    {
        Receive<Command.Ask>(ask => Sender.Tell(
            new Answer.There(ask, 0, DigestState.Empty(ask.Kind ?? DigestKind.Md5).Digest(), null), Self));
        Receive<Command.Close>(_ => Context.Stop(Self));
    }
}
