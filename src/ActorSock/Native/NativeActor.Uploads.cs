using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Journal;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <content>Uploads: one body is read at a time, any number of commits are under way.</content>
internal sealed partial class NativeActor
{
    private void BeginPut(NativeRequest.Put put, int room)
    {
        if (_parts.Journal.ClosedBecause is { } why)
            Refuse(put, room, FailureRefusal.Of(why));
        else if (put.IsPart || put.Offset > 0)
            Refuse(put, room, new Refusal(Rejection.ActionUnknown, "this server resumes no uploads"));
        else if (put.Exists != ExistsRule.Replace)
            Refuse(put, room, new Refusal(Rejection.FieldType, "this server only replaces files"));
        else if (ConfinedOrRefused(put, put.Name, room) is { } name)
            Start(put, room, Stored(name));
    }

    private void Start(NativeRequest.Put put, int room, FileName name)
    {
        // What comes in chunks without a size may be of any: it goes to the disk as it comes.
        var (size, files) = (put.TotalBytes, _parts.Settings.Files);
        var isSmall = size <= files.SmallBytesMax && _parts.SmallBodies.TryTake(SmallFileActor.BytesHeld(size.Value));
        var upload = new NativeUpload(put, room, name)
        {
            WriterId = $"writer-{++_link.UploadsBegun}",
            Cut = isSmall ? BlockCut.WholeBody : size < files.DirectBytesMin ? BlockCut.Anywhere : BlockCut.OnPages,
            StartedAt = _parts.Clock.GetTimestamp(),
            BytesBefore = _link.BytesIn - _link.Unread,
        };
        _session.Asked.Add(upload.Id, upload);
        (_session.Read, _session.Incoming) = (null, upload);
        var order = new StoreOrder(upload.Name, _link.Peer)
        {
            Size = size,
            Exists = put.Exists,
            Kind = put.Promise.Kind,
            TellsVerified = put.Ack == AckLevel.Verified,
        };
        upload.Writer = Context.ActorOf(isSmall
            ? SmallFileActor.PropsOf(_parts, order, upload.Window, upload.Verdict)
            : FileWriterActor.PropsOf(_parts, $"{_link.Id}-{upload.WriterId}", order, upload.Window, upload.Verdict), upload.WriterId);
        Publish(new ServerEvent.UploadStarted(_parts.Now, _link.Id, _link.Peer, upload.WriterId, "Native", upload.Name.Value, size ?? 0));
        if (isSmall)
            ReceiveBody(); // nothing is to be opened
        else
            Become(Opening);
    }

    private void ReceiveBody()
    {
        var upload = _session.Incoming!;
        Become(Receiving);
        WatchPace();
        var bytesMax = upload.Put.Size - upload.Put.Offset ?? _parts.Settings.Wire.FileBytesMax;
        _framer.Tell(new NativeFramerActor.Command.ReadBody(upload.Writer, upload.Window, upload.Cut, bytesMax));
    }

    private void BodyRead(long bytes)
    {
        LiftDeadlines();
        var upload = _session.Incoming!;
        var put = upload.Put;
        upload.BodyBytes = bytes;
        if (put.Size is { } size && size != put.Offset + bytes)
        {
            RefuseIncoming(new Refusal(Rejection.FieldType, $"size is {size}, and the chunks have brought {put.Offset + bytes} bytes"));
            return;
        }
        if (put.Ack == AckLevel.Received)
            TellEarly(upload);
        switch (put.Promise)
        {
            case DigestPromise.After after:
                Become(AwaitingTrailer);
                Deadline(Rejection.DigestLate, _parts.Settings.Connections.DigestDeadline);
                _framer.Tell(new NativeFramerActor.Command.ReadTrailer(after.Of));
                break;
            case DigestPromise.Named named: Commit(new FileWriterActor.Promise.Digest(named.Digest)); break;
            default: Commit(FileWriterActor.Promise.None.Instance); break;
        }
    }

    /// <summary>Says how far an upload is; its last word follows, and has room of its own.</summary>
    private void TellEarly(NativeUpload upload) =>
        Tell(new NativeReply { Id = upload.Id, Status = NativeReply.Early, Ack = upload.Put.Ack }, room: 0);

    private void Verified(Verdict verdict)
    {
        if (UploadOf(verdict) is not { HasToldEarly: false } upload)
            return; // it may come twice, when the journal begins anew
        upload.HasToldEarly = true;
        TellEarly(upload);
    }

    private void TrailerRead(ContentDigest digest)
    {
        LiftDeadlines();
        Commit(new FileWriterActor.Promise.Digest(digest));
    }

    /// <summary>Lets the upload at hand be committed behind those of its name, and reads on.</summary>
    private void Commit(FileWriterActor.Promise promise)
    {
        var upload = _session.Incoming!;
        _session.Incoming = null;
        upload.Promise = promise;
        // What the journal has comes before what it gets later; until then two writers may be of different speed.
        if (_committing.TryGetValue(upload.Name.Value, out var before) && !before.Verdict.IsCommitting)
            before.Next = upload;
        else
            upload.Writer.Tell(new FileWriterActor.Command.Finish(promise));
        _committing[upload.Name.Value] = upload;
        AwaitNext();
    }

    /// <summary>The upload is over, one way or the other: who has waited for it goes on.</summary>
    private void Leave(NativeUpload upload)
    {
        if (_committing.TryGetValue(upload.Name.Value, out var last) && ReferenceEquals(last, upload))
            _committing.Remove(upload.Name.Value);
        if (upload.Next is { Promise: { } promise } next)
            next.Writer.Tell(new FileWriterActor.Command.Finish(promise));
        upload.Next = null;
    }

    private void Settled(Verdict verdict)
    {
        if (UploadOf(verdict) is { } upload)
            Conclude(upload);
    }

    private NativeUpload? UploadOf(Verdict verdict)
    {
        foreach (var asked in _session.Asked.Values)
        {
            if (asked is NativeUpload upload && ReferenceEquals(upload.Verdict, verdict))
                return upload;
        }
        return null;
    }

    private void Conclude(NativeUpload upload)
    {
        Leave(upload);
        switch (upload.Verdict.Said)
        {
            case Verdict.Outcome.Stored stored:
                PublishStored(upload, stored);
                Answer(upload, StoredReply(upload, stored));
                break;
            case Verdict.Outcome.Differs differs:
                var refusal = new Refusal(Rejection.DigestDiffers, $"the bytes that arrived have {differs.Actual}, the client named {differs.Promised}");
                Note(upload, refusal);
                Answer(upload, NativeReply.Refused(upload.Id, refusal, closes: false) with { Md5 = differs.Actual.AsMd5, Sha256 = Sha256(differs.Actual) });
                break;
            case Verdict.Outcome.Failed failed:
                RefuseRead(upload, FailureRefusal.Of(failed.Cause));
                break;
        }
    }

    private NativeReply StoredReply(NativeUpload upload, Verdict.Outcome.Stored stored) => new()
    {
        Id = upload.Id,
        Status = NativeReply.Stored,
        Ack = AckLevel.Durable,
        Name = Shown(stored.Name),
        Size = stored.Bytes,
        Md5 = stored.Digest,
        Sha256 = stored.Sha256,
        Receipt = new Receipt(stored.Receipt.Sequence, stored.Receipt.Hash.ToString()),
    };

    private static ContentDigest? Sha256(ContentDigest digest) => digest.Kind == DigestKind.Sha256 ? digest : null;

    /// <summary>A name without the folder of the client, of which it knows nothing.</summary>
    private string Shown(FileName name) => _link.Client is { } client ? name.Value[(client.Length + 1)..] : name.Value;

    private void PublishStored(NativeUpload upload, Verdict.Outcome.Stored stored)
    {
        _link.UploadsStored++;
        Publish(new ServerEvent.Stored(_parts.Now, _link.Id, _link.Peer, upload.WriterId, stored.Name.Value, stored.Bytes,
            $"{stored.Digest}", _parts.Clock.GetElapsedTime(upload.StartedAt)));
    }

    private void ChildFailed(IActorRef child, Exception cause)
    {
        if (ReadingOf(child) is { } reading)
            ReaderFailed(reading, FailureRefusal.Of(cause));
        else if (_session.Asked.Values.OfType<NativeUpload>().FirstOrDefault(upload => upload.Writer.Equals(child)) is { } upload)
            WriterFailed(upload, FailureRefusal.Of(cause));
    }

    private void WriterFailed(NativeUpload upload, Refusal refusal)
    {
        if (upload.Verdict.IsCommitting || upload.Verdict.Said is not null)
            return; // its work was done, and the outcome comes from the journal
        if (ReferenceEquals(upload, _session.Incoming))
            RefuseIncoming(refusal);
        else
            RefuseRead(upload, refusal);
    }

    /// <summary>Refuses the upload whose body is at hand, wherever in it the framer stands.</summary>
    private void RefuseIncoming(Refusal refusal)
    {
        LiftDeadlines();
        var upload = Forget(refusal);
        _unsaid = (NativeReply.Refused(upload.Id, refusal, closes: false), upload.Room);
        SkipBody();
    }

    /// <summary>Lets go of the upload at hand. Its room stays set aside for the reply.</summary>
    private NativeUpload Forget(Refusal refusal)
    {
        var upload = _session.Incoming!;
        Note(upload, refusal);
        _session.Incoming = null;
        _session.Asked.Remove(upload.Id);
        Context.Stop(upload.Writer);
        return upload;
    }

    /// <summary>Refuses an upload whose frames are all read.</summary>
    private void RefuseRead(NativeUpload upload, Refusal refusal)
    {
        Leave(upload);
        Note(upload, refusal);
        Answer(upload, NativeReply.Refused(upload.Id, refusal, closes: false));
    }

    private Refusal TooLong() => _session.Incoming!.Put.Size is { } size
        ? new Refusal(Rejection.FieldType, $"size is {size}, and the chunks bring more")
        : new Refusal(Rejection.SizeTooLarge, $"the chunks bring more than {_parts.Settings.Wire.FileBytesMax} bytes");

    private long BodyReceived(NativeUpload upload) => upload.BodyBytes
        ?? Math.Min(_link.BytesIn - upload.BytesBefore, upload.Put.Body.Bytes ?? long.MaxValue);
}
