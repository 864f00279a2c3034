using System.Buffers;
using ActorSock.Blocks;
using ActorSock.Connections;
using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <summary>Says what is there of an upload, and whether it would be taken.</summary>
/// <param name="parts">the node's</param>
/// <param name="link">is told</param>
/// <param name="resume">the request</param>
/// <param name="key">which upload</param>
/// <param name="name">what the file is to be called, with the folder of the client</param>
internal sealed class ResumeActor(NodeParts parts, SocketLink link, NativeRequest.Resume resume, UploadKey key, FileName name)
    : ReaderActor(parts, link, resume.Id!.Value)
{
    /// <summary>What the line of a part takes at most, about: two numbers, and a digest by SHA-256.</summary>
    private const int LineBytesMax = 160;

    private SmallUpload? _small;
    private NativeReply? _reply;
    private PartTable? _table;
    private Share _share = new(parts.Unsent, Share.FreeBytes);

    public static Props PropsOf(NodeParts parts, SocketLink link, NativeRequest.Resume resume, UploadKey key, FileName name) =>
        Props.Create(() => new ResumeActor(parts, link, resume, key, name)).WithDispatcher(NodeParts.FilesDispatcher);

    protected override void More()
    {
        Receive<JournalActor.Settled>(_ => Ask()); // a small one
        Receive<UploadsActor.Answer.There>(Answer);
        Receive<UploadsActor.Answer.Stored>(stored => End(new Event.StoredBefore(stored.Upload)));
        Receive<UploadsActor.Answer.Refused>(refused => Answer(NativeReply.Refused(Id, refused.Refusal, closes: false)));
    }

    protected override void Look()
    {
        _small = Parts.SmallUploads.Ask(key, new UploadTerms(name, resume.Size, resume.Kind, InParts: false), out var whyNot);
        if (whyNot is not null)
            Answer(NativeReply.Refused(Id, new Refusal(Rejection.UploadDiffers, whyNot), closes: false));
        else if (_small is null)
            Ask();
        else
            _small.TellWhenSettled(Self);
    }

    /// <summary>What the upload would be refused for is said before anything of it was sent.</summary>
    private void Ask()
    {
        if (_small?.Stored is { } stored)
            End(new Event.StoredBefore(stored));
        else
            Parts.Uploads.Actor.Tell(new UploadsActor.Command.Ask(key, name, resume.Size, resume.Kind), Self);
    }

    private void Answer(UploadsActor.Answer.There there)
    {
        try
        {
            Parts.Files.Probe(name, Math.Max(0, (resume.Size ?? 0) - there.Offset));
            if (resume.Exists == ExistsRule.Refuse && Parts.Files.Exists(name))
            {
                Refuse(Rejection.Exists, "");
                return;
            }
        }
        catch (StorageException e)
        {
            Answer(NativeReply.Refused(Id, FailureRefusal.Of(e), closes: false));
            return;
        }
        var reply = new NativeReply
        {
            Id = Id,
            Status = NativeReply.Done,
            Upload = resume.Upload,
            Name = Link.Client is { } client ? name.Value[(client.Length + 1)..] : name.Value,
            Size = resume.Size,
            Offset = there.Offset,
            Md5 = there.Prefix?.AsMd5,
            Sha256 = there.Prefix is { Kind: DigestKind.Sha256 } sha256 ? sha256 : null,
        };
        if (there.Table is null)
        {
            Answer(reply);
            return;
        }
        (_reply, _table) = (reply, there.Table);
        TakeTurn(); // the lines would only wait for it in memory
    }

    protected override void Say()
    {
        var frame = Frame(TakeMemory(_table!.Count));
        _share.KeepOnly(frame.Length);
        if (Link.Send(frame, Self))
            End(new Event.Said(0));
    }

    protected override void SayMore() => End(new Event.Said(0));

    /// <summary>Says for how many parts there is memory: all, or half as many, and so on down to what everybody may have.</summary>
    private int TakeMemory(int parts)
    {
        while (!_share.TryHave(parts * LineBytesMax))
            parts /= 2;
        return parts;
    }

    /// <summary>The whole frame, with so many parts as they are now.</summary>
    private byte[] Frame(int partsMax)
    {
        var (all, lines) = (_table!.Entries, new ArrayBufferWriter<byte>());
        foreach (var entry in all.Take(partsMax))
            entry.WriteLine(lines);
        var told = Math.Min(all.Count, partsMax);
        var reply = _reply! with { Parts = told, More = told < all.Count ? true : null, Body = FrameBody.Of(lines.WrittenCount) };
        return [.. reply.Encode(), .. lines.WrittenSpan];
    }

    protected override void PostStop() => _share.KeepOnly(0);
}
