using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Uploads;
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
        else if (put.IsPart && put.Body.IsChunked)
            Refuse(put, room, new Refusal(Rejection.FieldType, "body is chunked, that of a part is a number"));
        else if (ConfinedOrRefused(put, put.Name, room) is { } name)
            Start(put, room, Stored(name));
    }

    private void Start(NativeRequest.Put put, int room, FileName name)
    {
        var isSmall = IsSmall(put);
        if (isSmall && put.Upload is { } word)
        {
            _parts.SmallUploads.Ask(KeyOf(word), TermsOf(put, name), out var whyNot);
            if (whyNot is not null)
            {
                Refuse(put, room, new Refusal(Rejection.UploadDiffers, whyNot));
                return;
            }
        }
        var size = put.IsPart ? null : put.TotalBytes;
        isSmall = isSmall && _parts.SmallBodies.TryTake(SmallFileActor.BytesHeld(size!.Value));
        var upload = new NativeUpload(put, room, name)
        {
            WriterId = NextWriter(),
            Cut = isSmall ? BlockCut.WholeBody : size < _parts.Settings.Files.DirectBytesMin ? BlockCut.Anywhere : BlockCut.OnPages,
            StartedAt = _parts.Clock.GetTimestamp(),
            BytesBefore = _link.BytesIn - _link.Unread,
        };
        _session.Asked.Add(upload.Id, upload);
        (_session.Read, _session.Incoming) = (null, upload);
        upload.Writer = Context.ActorOf(PropsOf(upload, isSmall), upload.WriterId);
        Publish(new ServerEvent.UploadStarted(_parts.Now, _link.Id, _link.Peer, upload.WriterId, "Native", upload.Name.Value, put.TotalBytes ?? 0));
        if (isSmall)
            ReceiveBody(); // nothing is to be opened
        else
            Become(Opening);
    }

    /// <summary>
    /// What comes in chunks without a size may be of any: it goes to the disk as it comes. So does a part, and what has the word of
    /// an upload that is there.
    /// </summary>
    private bool IsSmall(NativeRequest.Put put) => put is { IsPart: false, Offset: 0 }
        && put.TotalBytes <= _parts.Settings.Files.SmallBytesMax
        && !(put.Upload is { } word && _parts.Uploads.Knows(KeyOf(word)));

    private static UploadTerms TermsOf(NativeRequest.Put put, FileName name) => new(name, put.TotalBytes, put.Promise.Kind, InParts: false);

    private string NextWriter() => $"writer-{++_link.UploadsBegun}";

    private Props PropsOf(NativeUpload upload, bool isSmall)
    {
        var put = upload.Put;
        var order = new StoreOrder(upload.Name, _link.Peer)
        {
            Size = put.TotalBytes,
            Exists = put.Exists,
            Kind = put.Promise.Kind,
            TellsVerified = put.Ack == AckLevel.Verified,
        };
        if (isSmall)
        {
            var small = put.Upload is { } word ? _parts.SmallUploads.Begin(KeyOf(word), TermsOf(put, upload.Name), upload.Verdict) : null;
            return SmallFileActor.PropsOf(_parts, order, upload.Window, upload.Verdict, small);
        }
        if (put.Upload is null)
            return FileWriterActor.PropsOf(_parts, $"{_link.Id}-{upload.WriterId}", order, upload.Window, upload.Verdict);
        return put.IsPart
            ? PartWriterActor.PropsOf(_parts, KeyOf(put.Upload), order, put.Offset, put.Body.Bytes!.Value, upload.Window, upload.Verdict)
            : UploadWriterActor.PropsOf(_parts, KeyOf(put.Upload), order, put.Offset, upload.Window, upload.Verdict);
    }

    private UploadKey KeyOf(string upload) => new(_link.Client ?? "", upload);

    /// <summary>The writer has what there is of the file.</summary>
    private void Opened()
    {
        var upload = _session.Incoming!;
        if (upload.Put is { Offset: > 0, IsPart: false } put)
            Publish(new ServerEvent.UploadResumed(_parts.Now, _link.Id, _link.Peer, upload.WriterId!, upload.Name.Value, put.Offset));
        ReceiveBody();
    }

    private void ReceiveBody()
    {
        var upload = _session.Incoming!;
        Become(Receiving);
        WatchPace();
        var bytesMax = (upload.Put.Size ?? _parts.Settings.Wire.FileBytesMax) - upload.Put.Offset;
        _framer.Tell(new NativeFramerActor.Command.ReadBody(upload.Writer, upload.Window, upload.Cut, bytesMax));
    }

    private void BodyRead(long bytes)
    {
        LiftDeadlines();
        var upload = _session.Incoming!;
        var put = upload.Put;
        upload.BodyBytes = bytes;
        if (!put.IsPart && put.Size is { } size && size != put.Offset + bytes)
        {
            RefuseIncoming(new Refusal(Rejection.FieldType, $"size is {size}, and the chunks have brought {put.Offset + bytes} bytes"));
            return;
        }
        if (put is { Ack: AckLevel.Received, IsPart: false }) // a part is no file: it has one reply
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
    private void TellEarly(NativeCommit commit) =>
        Tell(new NativeReply { Id = commit.Id, Status = NativeReply.Early, Ack = commit.Ack }, room: 0);

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
        if (upload.Put.IsPart)
        {
            upload.Writer.Tell(new FileWriterActor.Command.Finish(promise));
            AwaitNext();
            return;
        }
        if (_order.TryGo(upload))
            upload.Writer.Tell(new FileWriterActor.Command.Finish(promise));
        AwaitNext();
    }

    /// <summary>The upload is over, one way or the other: who has waited for it goes on.</summary>
    private void Leave(NativeUpload upload)
    {
        if (_order.Leave(upload) is { Promise: { } promise } next)
            next.Writer.Tell(new FileWriterActor.Command.Finish(promise));
    }

    private void ChildFailed(IActorRef child, Exception cause)
    {
        if (ReadingOf(child) is { } reading)
            ReaderFailed(reading, FailureRefusal.Of(cause));
        else if (_session.Asked.Values.OfType<NativeCommit>().FirstOrDefault(commit => commit.Writer.Equals(child)) is { } commit)
            WriterFailed(commit, FailureRefusal.Of(cause));
    }

    private void WriterFailed(NativeCommit commit, Refusal refusal)
    {
        if (commit.Verdict.IsCommitting || commit.Verdict.Said is not null)
            return; // its work was done, and the outcome comes from the journal
        if (ReferenceEquals(commit, _session.Incoming))
            RefuseIncoming(refusal);
        else
            RefuseRead(commit, refusal);
    }

    /// <summary>Refuses the upload whose body is at hand, wherever in it the framer stands.</summary>
    private void RefuseIncoming(Refusal refusal)
    {
        var upload = Forget(refusal);
        PassRest(upload, NativeReply.Refused(upload.Id, refusal, closes: false));
    }

    /// <summary>The upload at hand is answered before its end: the rest of it is thrown away.</summary>
    private void PassRest(NativeUpload upload, NativeReply reply)
    {
        LiftDeadlines();
        _session.Unsaid = (reply, upload.Room);
        SkipBody();
    }

    /// <summary>Lets go of the upload at hand. Its room stays set aside for the reply.</summary>
    private NativeUpload Forget(Refusal refusal)
    {
        var upload = _session.Incoming!;
        Note(upload, refusal);
        LetGo(upload);
        return upload;
    }

    private void LetGo(NativeUpload upload)
    {
        _session.Incoming = null;
        _session.Asked.Remove(upload.Id);
        if (upload.Put.Upload is null)
        {
            Context.Stop(upload.Writer);
            return;
        }
        _keeping.Add(Context.Watch(upload.Writer));
        upload.Writer.Tell(FileWriterActor.Command.Keep.Instance); // behind the last block, and then it ends
    }

    /// <summary>Refuses what has been read to its end.</summary>
    private void RefuseRead(NativeCommit commit, Refusal refusal)
    {
        if (commit is NativeUpload upload)
            Leave(upload);
        Note(commit, refusal);
        Answer(commit, NativeReply.Refused(commit.Id, refusal, closes: false));
    }

    private Refusal TooLong() => _session.Incoming!.Put.Size is { } size
        ? new Refusal(Rejection.FieldType, $"size is {size}, and the chunks bring more")
        : new Refusal(Rejection.SizeTooLarge, $"the chunks bring more than {_parts.Settings.Wire.FileBytesMax} bytes");

    private long BodyReceived(NativeUpload upload) => upload.BodyBytes
        ?? Math.Min(_link.BytesIn - upload.BytesBefore, upload.Put.Body.Bytes ?? long.MaxValue);
}
