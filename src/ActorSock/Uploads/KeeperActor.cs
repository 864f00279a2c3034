using ActorSock.Lanes;
using ActorSock.Supervision;

namespace ActorSock.Uploads;

/// <summary>Keeps what a writer has left that ended before its upload, so that somebody can go on with it.</summary>
/// <remarks>
/// Parent: <see cref="UploadsActor"/>, one for each. Children: none.<br/>
/// States: it waits for the lanes to have digested what the writer has written, then makes that durable.<br/>
/// On restart: only with its parent; then it begins anew, with what it has in hand. After a failure of its own it stops: what was kept
/// before still is.
/// </remarks>
internal sealed class KeeperActor : ServerActor
{
    private readonly NodeParts _parts;
    private readonly UploadClaim _claim;
    private readonly IUploadFile _file;
    private readonly UploadDigest _digest;

    public KeeperActor(NodeParts parts, UploadClaim claim, IUploadFile file, UploadDigest digest)
    {
        (_parts, _claim, _file, _digest) = (parts, claim, file, digest);
        Receive<DigestLanesActor.Event.SnapshotTaken>(taken => Keep(taken.State));
        Receive<DigestLanesActor.Event.Broken>(_ => Context.Stop(Self));
        Receive<UploadsActor.Grant.TakenOver>(static _ => { }); // it is letting go
    }

    public static Props PropsOf(NodeParts parts, UploadClaim claim, IUploadFile file, UploadDigest digest) =>
        Props.Create(() => new KeeperActor(parts, claim, file, digest)).WithDispatcher(NodeParts.FilesDispatcher);

    protected override void PreStart() => _digest.Lanes.Tell(new DigestLanesActor.Command.Snapshot(_digest), Self);

    private void Keep(DigestState state)
    {
        if (!_claim.IsLost)
        {
            _file.Keep(state);
            Context.Parent.Tell(new UploadsActor.Command.Kept(_claim, state.BytesCount, state.Digest()), Self);
        }
        Context.Stop(Self);
    }

    protected override void PreRestart(Exception reason, object message)
    {
        // Not PostStop, which lets go.
    }

    protected override void PostStop()
    {
        if (_claim.IsLost)
            _file.Abandon();
        else
            _file.Dispose();
        _parts.Lanes.End(_digest);
    }
}
