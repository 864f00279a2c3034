using System.Buffers;
using System.Net.Sockets;
using System.Text;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>One connection of a <see cref="PaperNode"/>.</summary>
internal sealed class PaperConversation(PaperNode node, Socket peer)
{
    private static readonly WireLimits s_limits = new() { HeaderBytesMax = 65_536, FileBytesMax = 1L << 44 };

    private readonly NativeDecoder _decoder = new(s_limits);
    private byte[] _unread = [];

    public async Task RunAsync()
    {
        while (await NextAsync() is { } request) await AnswerAsync(request);
    }

    private async Task AnswerAsync(NativeRequest request)
    {
        if (request is NativeRequest.Hello)
        {
            await SayAsync(Greeting());
            return;
        }
        var fault = node.Take(request);
        if (fault is Fault.Silence) return;
        if (fault is Fault.Hold(var done, var cuts))
        {
            await done;
            if (cuts) throw new EndOfStreamException();
        }
        if (fault is Fault.CutInBody(var until)) await KeepAsync((NativeRequest.Put)request, await TakeAsync((int)until));
        if (fault is Fault.RefuseInBody(var before, var inBody))
        {
            await TakeAsync((int)before);
            await SayAsync(NativeReply.Refused(request.Id, new Refusal(inBody, "in the middle"), closes: true));
            await ListenAsync();
            throw new EndOfStreamException();
        }
        var content = await BodyAsync(request.Body);
        ContentDigest? trailer = request.HasTrailer && content is not null ? await TrailerAsync(request) : null;
        var (reply, body) = fault is Fault.Refuse(var with)
            ? (NativeReply.Refused(request.Id, new Refusal(with, "the test wants it so"), closes: false), [])
            : Do(request, content, trailer);
        if (fault is Fault.Lie(var lie)) (reply, body) = lie(reply, body);
        if (fault is Fault.CloseBeforeReply(var last))
        {
            await SayAsync(NativeReply.Refused(null, new Refusal(last, "the test wants it so"), closes: true));
            throw new EndOfStreamException();
        }
        if (fault is Fault.CutBeforeReply) throw new EndOfStreamException();
        if (request is NativeRequest.Put { Ack: not AckLevel.Durable } early && !reply.IsRefusal)
            await SayAsync(new NativeReply { Id = request.Id, Status = NativeReply.Early, Ack = early.Ack });
        await SayAsync(reply with { Id = request.Id, Body = FrameBody.Of(body.Length) });
        await peer.SendAsync(fault switch
        {
            Fault.CutInAnswer(var part) => body.AsMemory(0, part),
            Fault.StallInAnswer(var part) => body.AsMemory(0, part),
            _ => body,
        });
        if (fault is Fault.CutInAnswer || reply.Closes) throw new EndOfStreamException();
    }

    private NativeReply Greeting() => new()
    {
        Status = NativeReply.Done,
        Version = NativeHello.Version,
        Capabilities = node.Capabilities,
        Limits = new NativeLimits
        {
            Requests = node.RequestsMax,
            FileBytes = s_limits.FileBytesMax,
            NameBytes = 1024,
            ChunkBytes = 1 << 20,
            SkipBytes = 16 << 20,
            ListEntries = 10_000,
            IdleSeconds = 300,
        },
    };

    private (NativeReply Reply, byte[] Body) Do(NativeRequest request, byte[]? content, ContentDigest? trailer) => request switch
    {
        NativeRequest.Put { Upload: not null } or NativeRequest.Resume or NativeRequest.Join
            when node.Capabilities.Length == 0 => (No(request, Rejection.ActionUnknown), []),
        NativeRequest.Put when content is null => (No(request, Rejection.GivenUp), []),
        NativeRequest.Put { IsPart: true } part => (Part(part, content!, trailer), []),
        NativeRequest.Put put => (Put(put, content!, trailer), []),
        NativeRequest.Resume resume => Resume(resume),
        NativeRequest.Join join => (Join(join), []),
        NativeRequest.Get get => Get(get),
        NativeRequest.Stat stat => (Stat(stat), []),
        NativeRequest.List list => List(list),
        NativeRequest.Folders folders => node.Capabilities.Contains("folders") ? Folders(folders) : (No(request, Rejection.ActionUnknown), []),
        NativeRequest.Delete delete => (Delete(delete), []),
        NativeRequest.Rename rename => (Rename(rename), []),
        NativeRequest.Refused refused => (NativeReply.Refused(request.Id, refused.Refusal, closes: false), []),
        _ => (new NativeReply { Status = NativeReply.Done }, []),
    };

    private NativeReply Put(NativeRequest.Put put, byte[] content, ContentDigest? trailer)
    {
        if (put.Upload is not null && put.Offset == 0) node.Uploads.TryRemove(put.Upload, out _);
        if (put.Upload is not null && put.Offset > 0)
        {
            var upload = Upload(put.Upload);
            if (put.Offset > upload.Bytes.Count) return No(put, Rejection.OffsetBeyond);
            content = [.. upload.Bytes.Take((int)put.Offset), .. content];
        }
        var promised = trailer ?? (put.Promise as DigestPromise.Named)?.Digest;
        if (promised is { } digest && digest != Digest(digest.Kind, content)) return No(put, Rejection.DigestDiffers);
        return Store(put, put.Name, put.Exists, put.Upload, content);
    }

    private NativeReply Store(NativeRequest request, string name, ExistsRule exists, string? upload, byte[] content)
    {
        name = Free(name, exists);
        if (name.Length == 0) return No(request, Rejection.Exists);
        var file = node.Files[name] = PaperFile.Of(content);
        var reply = new NativeReply
        {
            Status = NativeReply.Stored,
            Ack = AckLevel.Durable,
            Name = name,
            Size = content.Length,
            Md5 = file.Md5,
            Receipt = node.NextReceipt(),
        };
        if (upload is not null) Upload(upload).Stored = reply;
        return reply;
    }

    private string Free(string name, ExistsRule exists)
    {
        if (exists == ExistsRule.Replace || !node.Files.ContainsKey(name)) return name;
        if (exists == ExistsRule.Refuse) return "";
        var dot = name.LastIndexOf('.');
        return Enumerable.Range(2, 100).Select(number => $"{name[..dot]} ({number}){name[dot..]}")
            .First(candidate => !node.Files.ContainsKey(candidate));
    }

    private NativeReply Part(NativeRequest.Put part, byte[] content, ContentDigest? trailer)
    {
        if (trailer != Digest(trailer!.Value.Kind, content)) return No(part, Rejection.DigestDiffers);
        lock (node.Uploads)
        {
            if (Upload(part.Upload!).Stored is not null) node.Uploads[part.Upload!] = new PaperUpload();
            Upload(part.Upload!).Parts[part.Offset] = content;
        }
        return new NativeReply { Status = NativeReply.Done, Offset = part.Offset, Size = content.Length };
    }

    private (NativeReply Reply, byte[] Body) Resume(NativeRequest.Resume resume)
    {
        var upload = Upload(resume.Upload);
        if (upload.Stored is { } stored) return (stored, []);
        if (resume.Exists == ExistsRule.Refuse && node.Files.ContainsKey(resume.Name)) return (No(resume, Rejection.Exists), []);
        var reply = new NativeReply { Status = NativeReply.Done, Upload = resume.Upload, Name = resume.Name };
        if (upload.Parts.Count == 0)
        {
            var kind = resume.Kind ?? DigestKind.Md5;
            var digest = Digest(kind, [.. upload.Bytes]);
            return (reply with
            {
                Offset = upload.Bytes.Count,
                Md5 = digest.AsMd5,
                Sha256 = kind == DigestKind.Sha256 ? digest : null,
            }, []);
        }
        var lines = new ArrayBufferWriter<byte>();
        foreach (var (offset, bytes) in upload.Parts)
            new PartEntry(offset, bytes.Length, Digest(DigestKind.Md5, bytes)).WriteLine(lines);
        return (reply with { Parts = upload.Parts.Count }, lines.WrittenSpan.ToArray());
    }

    private NativeReply Join(NativeRequest.Join join)
    {
        if (Upload(join.Upload).Stored is { } stored) return stored;
        byte[] whole = [.. Upload(join.Upload).Parts.Values.SelectMany(bytes => bytes)];
        if (join.Promised is { } digest && digest != Digest(digest.Kind, whole)) return No(join, Rejection.DigestDiffers);
        return Store(join, join.Name, join.Exists, join.Upload, whole);
    }

    private (NativeReply Reply, byte[] Body) Get(NativeRequest.Get get)
    {
        if (!node.Files.TryGetValue(get.Name, out var file)) return (No(get, Rejection.NameUnknown), []);
        if (get.OnlyIf is { } wanted && wanted != file.Md5) return (No(get, Rejection.Changed), []);
        if (get.Offset > file.Content.Length) return (No(get, Rejection.OffsetBeyond), []);
        var body = file.Content[(int)get.Offset..];
        if (get.Length < body.Length) body = body[..(int)get.Length];
        return (Told(get.Name, file) with
        {
            Status = body.Length == file.Content.Length ? NativeReply.Done : NativeReply.Partial,
            Offset = get.Offset,
        }, body);
    }

    private NativeReply Stat(NativeRequest.Stat stat) => node.Files.TryGetValue(stat.Name, out var file)
        ? Told(stat.Name, file) with { Md5 = file.Md5 }
        : No(stat, Rejection.NameUnknown);

    private (NativeReply Reply, byte[] Body) List(NativeRequest.List list)
    {
        var behind = node.Files
            .Where(each => each.Key.StartsWith(list.Prefix, StringComparison.Ordinal))
            .Select(each => Entry(each.Key, each.Value, list))
            .DistinctBy(entry => entry.Name)
            .OrderBy(entry => entry.Name, Utf8Order.Instance)
            .Where(entry => list.After is null || Utf8Order.Instance.Compare(entry.Name, list.After) > 0)
            .ToArray();
        var page = behind.Take(list.Limit).ToArray();
        var lines = new ArrayBufferWriter<byte>();
        foreach (var entry in page) entry.WriteLine(lines);
        var reply = new NativeReply { Status = NativeReply.Done, Entries = page.Length, More = behind.Length > page.Length };
        return (reply, lines.WrittenSpan.ToArray());
    }

    private (NativeReply Reply, byte[] Body) Folders(NativeRequest.Folders folders)
    {
        var behind = node.Files
            .GroupBy(each => each.Key[..(each.Key.LastIndexOf('/') + 1)])
            .Where(folder => folder.Key.StartsWith(folders.Prefix, StringComparison.Ordinal))
            .Where(folder => folders.After is null || Utf8Order.Instance.Compare(folder.Key, folders.After) > 0)
            .OrderBy(folder => folder.Key, Utf8Order.Instance)
            .ToArray();
        var lines = new ArrayBufferWriter<byte>();
        foreach (var folder in behind.Take(folders.Limit))
        {
            var digest = new FolderDigest();
            foreach (var (name, file) in folder) digest.Add(name[folder.Key.Length..], file.Content.Length, file.Md5);
            new FolderEntry(
                folder.Key, folder.Count(), folder.Sum(file => (long)file.Value.Content.Length),
                node.KnowsDigests ? digest.Current : null).WriteLine(lines);
        }
        var count = Math.Min(behind.Length, folders.Limit);
        return (new NativeReply { Status = NativeReply.Done, Entries = count, More = behind.Length > count }, lines.WrittenSpan.ToArray());
    }

    private ListEntry Entry(string name, PaperFile file, NativeRequest.List list)
    {
        var slash = list.Recursive ? -1 : name.IndexOf('/', list.Prefix.Length);
        return slash >= 0
            ? ListEntry.Folder(name[..(slash + 1)])
            : ListEntry.File(name, file.Content.Length, file.Modified, node.KnowsDigests ? file.Md5 : null);
    }

    private NativeReply Delete(NativeRequest.Delete delete)
    {
        if (!node.Files.TryGetValue(delete.Name, out var file)) return No(delete, Rejection.NameUnknown);
        if (delete.OnlyIf is { } wanted && wanted != file.Md5) return No(delete, Rejection.Changed);
        node.Files.TryRemove(delete.Name, out _);
        return new NativeReply { Status = NativeReply.Done, Receipt = node.NextReceipt() };
    }

    private NativeReply Rename(NativeRequest.Rename rename)
    {
        if (!node.Files.TryGetValue(rename.Name, out var file)) return No(rename, Rejection.NameUnknown);
        var to = Free(rename.To, rename.Exists);
        if (to.Length == 0) return No(rename, Rejection.Exists);
        node.Files.TryRemove(rename.Name, out _);
        node.Files[to] = file;
        return new NativeReply { Status = NativeReply.Done, Name = to, Receipt = node.NextReceipt() };
    }

    private NativeReply Told(string name, PaperFile file) => new()
    {
        Status = NativeReply.Done,
        Name = name,
        Size = file.Content.Length,
        Modified = file.Modified,
        Md5 = node.KnowsDigests ? file.Md5 : null,
    };

    private PaperUpload Upload(string name) => node.Uploads.GetOrAdd(name, _ => new PaperUpload());

    private static NativeReply No(NativeRequest request, Rejection rejection) =>
        NativeReply.Refused(request.Id, new Refusal(rejection, ""), closes: false);

    private static ContentDigest Digest(DigestKind kind, byte[] content) => ContentDigest.FromBytes(kind, kind == DigestKind.Md5
        ? System.Security.Cryptography.MD5.HashData(content)
        : System.Security.Cryptography.SHA256.HashData(content));

    private Task KeepAsync(NativeRequest.Put put, byte[] begun)
    {
        if (put is { Upload: { } upload, IsPart: false })
        {
            var bytes = Upload(upload).Bytes;
            bytes.RemoveRange((int)put.Offset, bytes.Count - (int)put.Offset);
            bytes.AddRange(begun);
        }
        throw new EndOfStreamException();
    }

    private async Task<byte[]?> BodyAsync(FrameBody body)
    {
        if (!body.IsChunked) return await TakeAsync((int)body.Bytes!.Value);
        var content = new List<byte>();
        while (true)
        {
            var length = ChunkLength.Decode(await TakeAsync(4)).Frame;
            if (length.IsGivenUp) return null;
            if (length.IsEnd) return [.. content];
            content.AddRange(await TakeAsync(length.Bytes));
        }
    }

    private async Task<ContentDigest> TrailerAsync(NativeRequest request)
    {
        var kind = ((DigestPromise.After)((NativeRequest.Put)request).Promise).Of;
        while (true)
        {
            var decoded = Trailer.Decode(_unread, kind, s_limits);
            if (decoded.Outcome != Outcome.NotYet)
            {
                _unread = _unread[decoded.Consumed..];
                return decoded.Frame;
            }
            if (!await ReceiveAsync()) throw new EndOfStreamException();
        }
    }

    private async Task<NativeRequest?> NextAsync()
    {
        while (true)
        {
            var decoded = _decoder.Decode(_unread);
            if (decoded.Outcome == Outcome.Frame)
            {
                _unread = _unread[decoded.Consumed..];
                return decoded.Frame;
            }
            if (decoded.Outcome == Outcome.Refused) throw new InvalidDataException($"{decoded.Refusal}");
            if (!await ReceiveAsync()) return null;
        }
    }

    private async Task<byte[]> TakeAsync(int count)
    {
        var taken = new byte[count];
        var had = Math.Min(count, _unread.Length);
        _unread.AsSpan(0, had).CopyTo(taken);
        _unread = _unread[had..];
        while (had < count)
        {
            var got = await peer.ReceiveAsync(taken.AsMemory(had));
            if (got == 0) throw new EndOfStreamException();
            had += got;
        }
        return taken;
    }

    private async Task<bool> ReceiveAsync()
    {
        var buffer = new byte[64 << 10];
        var count = await peer.ReceiveAsync(buffer);
        _unread = [.. _unread, .. buffer.AsSpan(0, count)];
        return count > 0;
    }

    private async Task ListenAsync()
    {
        peer.Shutdown(SocketShutdown.Send);
        var buffer = new byte[64 << 10];
        while (await peer.ReceiveAsync(buffer) > 0) { }
    }

    private async Task SayAsync(NativeReply reply) => await peer.SendAsync(reply.Encode());

    /// <summary>Orders names by their bytes.</summary>
    private sealed class Utf8Order : IComparer<string>
    {
        public static readonly Utf8Order Instance = new();

        public int Compare(string? x, string? y) =>
            Encoding.UTF8.GetBytes(x!).AsSpan().SequenceCompareTo(Encoding.UTF8.GetBytes(y!));
    }
}
