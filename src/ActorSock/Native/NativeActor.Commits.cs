using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <content>What the journal does for a client, and how that is answered: uploads, joins, deletions, renamings.</content>
internal sealed partial class NativeActor
{
    private void BeginJoin(NativeRequest.Join join, int room)
    {
        if (!MayCommit(join, room) || ConfinedOrRefused(join, join.Name, room) is not { } name)
            return;
        var commit = new NativeCommit(join, room, Stored(name)) { StartedAt = _parts.Clock.GetTimestamp(), WriterId = NextWriter() };
        var order = new StoreOrder(commit.Name, _link.Peer)
        {
            Exists = join.Exists,
            Kind = join.Promised?.Kind,
            TellsVerified = join.Ack != AckLevel.Durable, // all has arrived long ago: when that is sure, it is verified, too
        };
        _session.Asked.Add(commit.Id, commit);
        commit.Writer = Context.ActorOf(JoinActor.PropsOf(_parts, KeyOf(join.Upload), order, join.Promised, commit.Verdict), commit.WriterId);
        PassBody();
    }

    private void BeginDelete(NativeRequest.Delete delete, int room)
    {
        if (!MayCommit(delete, room) || ConfinedOrRefused(delete, delete.Name, room) is not { } name)
            return;
        BeginChange(delete, room, Stored(name), delete.OnlyIf);
    }

    private void BeginRename(NativeRequest.Rename rename, int room)
    {
        if (!MayCommit(rename, room) || ConfinedOrRefused(rename, rename.Name, room) is not { } name
            || ConfinedOrRefused(rename, rename.To, room) is null)
            return;
        BeginChange(rename, room, Stored(name), rename.OnlyIf);
    }

    /// <summary>False when nothing can be committed now, and the request was refused.</summary>
    private bool MayCommit(NativeRequest request, int room)
    {
        if (_parts.Journal.ClosedBecause is not { } why)
            return true;
        Refuse(request, room, FailureRefusal.Of(why));
        return false;
    }

    private void BeginChange(NativeRequest request, int room, FileName name, Md5Digest? onlyIf)
    {
        if (onlyIf is { } md5)
        {
            BeginReading(request, room, mayRead => ConditionActor.PropsOf(_parts, _link, request.Id!.Value, name, md5, mayRead));
            return;
        }
        Change(new NativeCommit(request, room, name) { StartedAt = _parts.Clock.GetTimestamp() }, onlyIf: null);
        PassBody();
    }

    /// <summary>A reader has found that a file may be deleted or renamed.</summary>
    private void Change(NativeReading reading, FileName name, StoredFile found)
    {
        _session.Asked.Remove(reading.Id);
        ReaderEnded();
        Change(new NativeCommit(reading.Request, reading.Room, name) { StartedAt = reading.StartedAt }, found);
    }

    private void Change(NativeCommit commit, StoredFile? onlyIf)
    {
        _session.Asked.Add(commit.Id, commit);
        _parts.Journal.Take(commit.Request is NativeRequest.Rename rename
            ? new Commit.Renaming(commit.Name, NewName(rename), _link.Peer, commit.Verdict, Self) { Exists = rename.Exists, OnlyIf = onlyIf }
            : new Commit.Removal(commit.Name, _link.Peer, commit.Verdict, Self) { OnlyIf = onlyIf }, Self);
    }

    private FileName NewName(NativeRequest.Rename rename) =>
        FileName.TryConfine(rename.To, _parts.Settings.Files.NameBytesMax, out var to, out var wrong)
            ? Stored(to)
            : throw new InvalidOperationException($"{rename} was not refused: {wrong}");

    // ---- what becomes of it

    private void Verified(Verdict verdict)
    {
        if (CommitOf(verdict) is not { HasToldEarly: false } commit)
            return; // it may come twice, when the journal begins anew
        commit.HasToldEarly = true;
        TellEarly(commit);
    }

    private void Settled(Verdict verdict)
    {
        if (CommitOf(verdict) is { } commit)
            Conclude(commit);
    }

    private NativeCommit? CommitOf(Verdict verdict)
    {
        foreach (var asked in _session.Asked.Values)
        {
            if (asked is NativeCommit commit && ReferenceEquals(commit.Verdict, verdict))
                return commit;
        }
        return null;
    }

    private void Conclude(NativeCommit commit)
    {
        var reply = ReplyTo(commit, commit.Verdict.Said!);
        if (commit is NativeUpload incoming && ReferenceEquals(incoming, _session.Incoming))
        {
            LetGo(incoming); // somebody has taken it over, or it need not be sent at all
            PassRest(incoming, reply);
            return;
        }
        if (commit is NativeUpload upload)
            Leave(upload);
        Answer(commit, reply);
    }

    /// <summary>Puts an outcome into words, and tells of it.</summary>
    private NativeReply ReplyTo(NativeCommit commit, Verdict.Outcome outcome)
    {
        switch (outcome)
        {
            case Verdict.Outcome.Stored stored:
                PublishStored(commit, stored);
                return StoredReply(commit.Id, stored.Name, stored.Bytes, stored.Digest, stored.Sha256, stored.Receipt);
            case Verdict.Outcome.StoredBefore(var stored):
                return StoredReply(commit.Id, stored.Name, stored.Size, stored.Md5, stored.Sha256, stored.Receipt);
            case Verdict.Outcome.Kept(var part):
                return PartReply(commit, part);
            case Verdict.Outcome.Removed removed:
                Publish(new ServerEvent.FileDeleted(_parts.Now, _link.Id, _link.Peer, commit.Name.Value));
                return new NativeReply { Id = commit.Id, Status = NativeReply.Done, Receipt = ReceiptOf(removed.Receipt) };
            case Verdict.Outcome.Renamed renamed:
                Publish(new ServerEvent.FileRenamed(_parts.Now, _link.Id, _link.Peer, commit.Name.Value, renamed.Name.Value));
                return new NativeReply { Id = commit.Id, Status = NativeReply.Done, Name = Shown(renamed.Name), Receipt = ReceiptOf(renamed.Receipt) };
            case Verdict.Outcome.Differs differs:
                return RefusalOf(commit, new Refusal(Rejection.DigestDiffers,
                    $"the bytes that arrived have {differs.Actual}, the client named {differs.Promised}"))
                    with { Md5 = differs.Actual.AsMd5, Sha256 = Sha256(differs.Actual) };
            case Verdict.Outcome.Refused refused:
                return RefusalOf(commit, refused.Refusal) with { Offset = refused.Offset };
            case Verdict.Outcome.Failed failed:
                return RefusalOf(commit, FailureRefusal.Of(failed.Cause));
            default:
                throw new InvalidOperationException($"{outcome} has no reply");
        }
    }

    private NativeReply RefusalOf(NativeCommit commit, Refusal refusal)
    {
        Note(commit, refusal);
        return NativeReply.Refused(commit.Id, refusal, closes: false);
    }

    private static NativeReply PartReply(NativeCommit commit, PartEntry part) => new()
    {
        Id = commit.Id,
        Status = NativeReply.Done,
        Upload = (commit.Request as NativeRequest.Put)?.Upload,
        Offset = part.OffsetBytes,
        Size = part.SizeBytes,
        Md5 = part.Digest.AsMd5,
        Sha256 = Sha256(part.Digest),
    };

    private NativeReply StoredReply(long id, FileName name, long bytes, Md5Digest? md5, ContentDigest? sha256, JournalReceipt? receipt) => new()
    {
        Id = id,
        Status = NativeReply.Stored,
        Ack = AckLevel.Durable,
        Name = Shown(name),
        Size = bytes,
        Md5 = md5,
        Sha256 = sha256,
        Receipt = receipt is { } line ? ReceiptOf(line) : null,
    };

    private static Receipt ReceiptOf(JournalReceipt receipt) => new(receipt.Sequence, receipt.Hash.ToString());

    private static ContentDigest? Sha256(ContentDigest digest) => digest.Kind == DigestKind.Sha256 ? digest : null;

    /// <summary>A name without the folder of the client, of which it knows nothing.</summary>
    private string Shown(FileName name) => _link.Client is { } client ? name.Value[(client.Length + 1)..] : name.Value;

    private void PublishStored(NativeCommit commit, Verdict.Outcome.Stored stored)
    {
        _link.UploadsStored++;
        Publish(new ServerEvent.Stored(_parts.Now, _link.Id, _link.Peer, commit.WriterId ?? "", stored.Name.Value, stored.Bytes,
            $"{stored.Digest}", _parts.Clock.GetElapsedTime(commit.StartedAt)));
    }
}
