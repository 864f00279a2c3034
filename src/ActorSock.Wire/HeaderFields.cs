namespace ActorSock.Wire;

/// <summary>Reads the fields of a complete header and says which of the dialects it is in.</summary>
internal readonly ref struct HeaderFields
{
    private static readonly JsonKeys Keys = new();
    private static readonly JsonKey ActionKey = Keys.Add("action");
    private static readonly JsonKey NameKey = Keys.Add("filename", "file_name");
    private static readonly JsonKey SizeKey = Keys.Add("filesize", "file_size");
    private static readonly JsonKey Md5Key = Keys.Add("md5");

    private readonly JsonValue _action, _name, _size, _md5;

    private HeaderFields(JsonFields fields)
    {
        _action = fields[ActionKey];
        _name = fields[NameKey];
        _size = fields[SizeKey];
        _md5 = fields[Md5Key];
    }

    /// <summary>Judges a header.</summary>
    /// <param name="json">The header, whole, without its prefix.</param>
    /// <param name="hasPrefix">Whether its length came before it.</param>
    /// <param name="limits">What is too large.</param>
    /// <param name="consumed">Bytes of header and prefix, for the answer.</param>
    public static Decoded<PutHeader> Read(
        ReadOnlySpan<byte> json, bool hasPrefix, WireLimits limits, int consumed)
    {
        Span<Range> room = stackalloc Range[Keys.Count];
        return JsonFields.Find(json, Keys, room, out var fields) is { } broken
            ? new(broken, consumed)
            : new HeaderFields(fields).Judge(hasPrefix, limits, consumed);
    }

    private Decoded<PutHeader> Judge(bool hasPrefix, WireLimits limits, int consumed)
    {
        if (hasPrefix && _action.IsMissing && _md5.IsMissing)
            return new(new Refusal(Rejection.FieldMissing, "it has neither action nor md5"), consumed);
        var dialect = (hasPrefix, _action.IsMissing) switch
        {
            (true, false) => Dialect.DigestAfter,
            (true, true) => Dialect.DigestInHeader,
            (false, false) => Dialect.BareAcknowledged,
            (false, true) => Dialect.Bare,
        };
        // Who waits for 200 has sent no body. For the others only a size that is believed leads to the next
        // header, and only behind an action that is known to have a body.
        long? bodyBytes = dialect == Dialect.BareAcknowledged ? 0 : null;
        if (RefuseAction(hasPrefix) is { } ofAction) return new(ofAction, consumed, new(dialect, bodyBytes));
        if (RefuseSize(limits, out var size) is { } ofSize)
            return new(ofSize, consumed, new(dialect, bodyBytes ?? size));
        bodyBytes ??= size;
        Md5Digest digest = default;
        if (dialect == Dialect.DigestInHeader && !Md5Digest.TryParse(_md5.Unquoted, out digest))
            return new(Wrong("md5", _md5, "32 hex digits in quotes"), consumed, new(dialect, bodyBytes));
        if (RefuseName(out var name) is { } ofName) return new(ofName, consumed, new(dialect, bodyBytes));

        Md5Digest? promised = dialect == Dialect.DigestInHeader ? digest : null;
        return new(new PutHeader(dialect, name, size!.Value, promised), consumed);
    }

    // Whoever begins the native protocol without its hello comes here.
    private Refusal? RefuseAction(bool hasPrefix) =>
        _action.IsMissing || _action.Says("put"u8) ? null
        : !_action.IsText ? Wrong("action", _action, "\"put\"")
        : new Refusal(Rejection.ActionUnknown, $"action is {_action.Echo()}, known is \"put\""
            + (hasPrefix ? "; the native protocol begins with \"hello\"" : ""));

    private Refusal? RefuseSize(WireLimits limits, out long? size)
    {
        size = null;
        if (_size.IsMissing) return new Refusal(Rejection.FieldMissing, "it has no filesize");
        var kind = _size.Whole(out var bytes);
        if (kind == WholeNumber.None) return Wrong("filesize", _size, "a whole number");
        if (kind == WholeNumber.Negative)
            return new Refusal(Rejection.SizeNegative, $"filesize is {_size.Echo()}");
        if (kind == WholeNumber.Fits) size = bytes;
        return size <= limits.FileBytesMax ? null
            : new Refusal(Rejection.SizeTooLarge,
                $"filesize is {_size.Echo()}, at most {limits.FileBytesMax} bytes are taken");
    }

    private Refusal? RefuseName(out string name)
    {
        name = "";
        if (_name.IsMissing) return new Refusal(Rejection.FieldMissing, "it has no filename");
        if (!_name.IsText) return Wrong("filename", _name, "text in quotes");
        return _name.TryText(out name) ? null
            : new Refusal(Rejection.NameRefused, $"filename is {_name.Echo()}, which holds half a character");
    }

    private static Refusal Wrong(string field, JsonValue value, string right) =>
        new(Rejection.FieldType, $"{field} is {value.Echo()}, it must be {right}");
}
