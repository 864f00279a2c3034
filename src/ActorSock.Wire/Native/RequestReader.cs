using System.Buffers;

namespace ActorSock.Wire.Native;

/// <summary>Judges the header of one request.</summary>
internal ref struct RequestReader
{
    private static readonly SearchValues<char> s_uploadChars =
        SearchValues.Create("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.");

    private FieldReader _fields;
    private FrameBody _body;

    private RequestReader(FieldReader fields) => _fields = fields;

    /// <summary>Reads a header whose object was found.</summary>
    public static NativeRequest Read(JsonFields fields, WireLimits limits)
    {
        var reader = new RequestReader(new FieldReader(fields, limits));
        return reader.Read();
    }

    private NativeRequest Read()
    {
        var action = _fields.Value(NativeKeys.Action);
        long? id = action.Says("hello"u8) ? null : Id();
        _body = _fields.Body();
        var request = _fields.Refusal is null ? Act(action) : null;
        return _fields.Refusal is { } refusal
            ? new NativeRequest.Refused(refusal) { Id = id, Body = _body, AnnouncesTrailer = AnnouncesTrailer() }
            : request! with { Id = id, Body = _body };
    }

    private NativeRequest? Act(JsonValue action)
    {
        if (action.Says("put"u8)) return Put();
        var request = Bodiless(action);
        if (request is not null && _body != FrameBody.None)
            _fields.Refuse(Rejection.FieldType, $"body is {_body}, only put has one");
        if (request is not null && AnnouncesTrailer())
            _fields.Refuse(Rejection.FieldType, "it has a digest \"after\", only put has one");
        return request;
    }

    private NativeRequest? Bodiless(JsonValue action)
    {
        if (action.Says("ping"u8)) return new NativeRequest.Ping();
        if (action.Says("stat"u8)) return new NativeRequest.Stat(Name());
        if (action.Says("get"u8)) return Get();
        if (action.Says("list"u8))
            return Page(new NativeRequest.List { Recursive = _fields.Flag(NativeKeys.Recursive, true) });
        if (action.Says("folders"u8)) return Page(new NativeRequest.Folders());
        if (action.Says("resume"u8)) return Resume();
        if (action.Says("join"u8)) return Join();
        if (action.Says("delete"u8)) return new NativeRequest.Delete(Name()) { OnlyIf = OnlyIf() };
        if (action.Says("rename"u8))
            return new NativeRequest.Rename(Name(), _fields.Text(NativeKeys.To)) { Exists = Exists(), OnlyIf = OnlyIf() };
        if (action.Says("hello"u8)) return Hello();
        if (action.Says("bye"u8)) return new NativeRequest.Bye();
        if (action.IsMissingOrNull) _fields.Refuse(Rejection.FieldMissing, "it has no action");
        else if (!action.IsText) _fields.Wrong(NativeKeys.Action, "text in quotes");
        else _fields.Refuse(Rejection.ActionUnknown, $"action is {action.Echo()}");
        return null;
    }

    private long? Id()
    {
        var said = _fields.Value(NativeKeys.Id);
        if (said.Whole(out var id) == WholeNumber.Fits && id <= NativeRequest.IdMax) return id;
        _fields.Refuse(Rejection.IdRefused, said.IsMissingOrNull
            ? "it has no id"
            : $"id is {said.Echo()}, it must be a whole number from 0 to 2^53-1");
        return null;
    }

    // Whatever the action is, and whatever else is wrong: whoever finds the next header need not know what the request is about.
    private readonly bool AnnouncesTrailer() =>
        _fields.Value(NativeKeys.Md5).Says("after"u8) || _fields.Value(NativeKeys.Sha256).Says("after"u8);

    private NativeRequest.Hello Hello()
    {
        if (!_fields.Has(NativeKeys.Versions)) _fields.Refuse(Rejection.FieldMissing, "it has no versions");
        var versions = _fields.Numbers(NativeKeys.Versions);
        if (versions.Count == 0) _fields.Wrong(NativeKeys.Versions, "a list of at least one number");
        return new NativeRequest.Hello(versions)
        {
            Agent = _fields.TextIfAny(NativeKeys.Agent),
            Capabilities = _fields.Texts(NativeKeys.Capabilities),
        };
    }

    private NativeRequest.Put Put()
    {
        var put = new NativeRequest.Put(Name())
        {
            Size = _fields.Size(),
            Promise = Promise(),
            Exists = Exists(),
            Ack = _fields.Word(NativeKeys.Ack, Words.Ack, AckLevel.Durable),
            Upload = Upload(needed: false),
            Offset = _fields.Whole(NativeKeys.Offset) ?? 0,
            IsPart = _fields.Flag(NativeKeys.Part, false),
        };
        if (_fields.Refusal is null) JudgeExtent(put);
        return put;
    }

    // What the header says of offset, body and size must go together, and only what has a name can be gone on with.
    private void JudgeExtent(NativeRequest.Put put)
    {
        if (put.Upload is null && (put.IsPart || put.Offset > 0))
            _fields.Refuse(Rejection.FieldMissing, put.IsPart ? "a part needs upload" : "an offset needs upload");
        if (put.IsPart && put.Size is null)
            _fields.Refuse(Rejection.FieldMissing, "a part needs size, that of the whole file");
        if (put.IsPart && put.Offset % NativeRequest.PartBytesUnit != 0)
            _fields.Wrong(NativeKeys.Offset, $"a multiple of {NativeRequest.PartBytesUnit} with part");

        var counted = _body.Bytes ?? 0;
        var end = (Int128)put.Offset + counted;
        var isRight = put.Size is not { } size || (put.IsPart || _body.IsChunked ? end <= size : end == size);
        if (!isRight)
            _fields.Refuse(Rejection.FieldType, $"size is {put.Size}, but offset {put.Offset} and body {_body} end at {end}");
        else if (end > _fields.FileBytesMax)
            _fields.TooLarge($"offset {put.Offset} and body {_body} end at {end}");
        else if (put.IsPart && !_body.IsChunked && end != put.Size && counted % NativeRequest.PartBytesUnit != 0)
            _fields.Wrong(NativeKeys.Body, $"a multiple of {NativeRequest.PartBytesUnit} in all parts but the last");
        else if (put.IsPart && !_body.IsChunked && counted == 0 && put.Size > 0)
            _fields.Wrong(NativeKeys.Body, "more than nothing in a part of a file that is not empty");
    }

    private NativeRequest.Resume Resume() => new(Upload(needed: true)!, Name())
    {
        Size = _fields.Size(),
        Exists = Exists(),
        Kind = _fields.Has(NativeKeys.Digest) ? _fields.Word(NativeKeys.Digest, Words.Digests, default) : null,
    };

    private NativeRequest.Join Join() => new(Upload(needed: true)!, Name())
    {
        Promised = _fields.DigestKind() is { } kind ? _fields.Digest(kind) : null,
        Exists = Exists(),
        Ack = _fields.Word(NativeKeys.Ack, Words.Ack, AckLevel.Durable),
    };

    private NativeRequest.Get Get() => new(Name())
    {
        Offset = _fields.Whole(NativeKeys.Offset) ?? 0,
        Length = _fields.Whole(NativeKeys.Length),
        OnlyIf = OnlyIf(),
    };

    private NativeRequest.Page Page(NativeRequest.Page page) => page with
    {
        Prefix = _fields.TextIfAny(NativeKeys.Prefix) ?? "",
        After = _fields.TextIfAny(NativeKeys.After),
        Limit = (int)Math.Min(_fields.Whole(NativeKeys.Limit, least: 1) ?? NativeRequest.Page.LimitDefault, int.MaxValue),
    };

    private string Name() => _fields.Text(NativeKeys.Name);

    private ExistsRule Exists() => _fields.Word(NativeKeys.Exists, Words.Exists, ExistsRule.Replace);

    private string? Upload(bool needed)
    {
        var upload = needed ? _fields.Text(NativeKeys.Upload) : _fields.TextIfAny(NativeKeys.Upload);
        if (_fields.Refusal is null && upload is not null && (upload.Length is 0 or > NativeRequest.UploadCharsMax
            || upload.AsSpan().ContainsAnyExcept(s_uploadChars)))
            _fields.Wrong(NativeKeys.Upload, $"1 to {NativeRequest.UploadCharsMax} of A-Z a-z 0-9 - _ .");
        return upload;
    }

    private DigestPromise Promise()
    {
        if (_fields.DigestKind() is not { } kind) return DigestPromise.Nothing;
        var said = _fields.Value(NativeKeys.Of(kind));
        if (said.Says("after"u8)) return new DigestPromise.After(kind);
        if (ContentDigest.TryParse(kind, said.Unquoted, out var digest)) return new DigestPromise.Named(digest);
        _fields.Wrong(NativeKeys.Of(kind), $"{ContentDigest.BytesOf(kind) * 2} hex digits in quotes or \"after\"");
        return DigestPromise.Nothing;
    }

    // Passing over a condition that is not understood would delete or rename what was to be kept.
    private Md5Digest? OnlyIf()
    {
        if (_fields.Has(NativeKeys.Sha256))
            _fields.Refuse(Rejection.FieldType, "it has sha256, files are told apart by md5 here");
        return _fields.Digest(DigestKind.Md5)?.AsMd5;
    }
}
