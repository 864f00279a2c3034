namespace ActorSock.Wire.Native;

public sealed partial record NativeReply
{
    /// <summary>Looks for a reply at the front of <paramref name="unread"/>.</summary>
    /// <param name="unread">All bytes from the reply's first one on; what follows it may be there already.</param>
    public static Decoded<NativeReply> Decode(ReadOnlySpan<byte> unread)
    {
        var outcome = FrameHead.Find(unread, WireLimits.HeaderBytesCeiling, out var json, out var refusal);
        if (outcome == Outcome.NotYet) return default;
        if (outcome == Outcome.Refused) return new(refusal);
        var consumed = FrameHead.PrefixBytes + json.Length;
        return Read(json, out var reply) is { } wrong ? new(wrong, consumed) : new(reply, consumed);
    }

    /// <summary>Reads a reply.</summary>
    /// <param name="json">The bytes behind the length.</param>
    /// <param name="reply">What it says, when true.</param>
    /// <param name="why">What is wrong with it, when false.</param>
    public static bool TryDecode(ReadOnlySpan<byte> json, out NativeReply reply, out string why)
    {
        var wrong = Read(json, out reply);
        why = wrong?.ToString() ?? "";
        return wrong is null;
    }

    private static Refusal? Read(ReadOnlySpan<byte> json, out NativeReply reply)
    {
        Span<Range> room = stackalloc Range[NativeKeys.Table.Count];
        var fields = FieldReader.Of(json, NativeKeys.Table, room);
        reply = Read(ref fields);
        return fields.Refusal;
    }

    private static NativeReply Read(ref FieldReader fields) => new()
    {
        Id = fields.Whole(NativeKeys.Id),
        Status = StatusOf(ref fields),
        Error = fields.TextIfAny(NativeKeys.Error),
        Message = fields.TextIfAny(NativeKeys.Message),
        Closes = fields.Flag(NativeKeys.Closes, false),
        Ack = fields.Has(NativeKeys.Ack) ? fields.Word(NativeKeys.Ack, Words.Ack, default) : null,
        Name = fields.TextIfAny(NativeKeys.Name),
        Size = fields.Whole(NativeKeys.Size),
        Modified = fields.Time(NativeKeys.Modified),
        Md5 = fields.Digest(DigestKind.Md5)?.AsMd5,
        Sha256 = fields.Digest(DigestKind.Sha256),
        Receipt = ReceiptOf(ref fields),
        Upload = fields.TextIfAny(NativeKeys.Upload),
        Offset = fields.Whole(NativeKeys.Offset),
        Parts = fields.Count(NativeKeys.Parts),
        Entries = fields.Count(NativeKeys.Entries),
        More = fields.Has(NativeKeys.More) ? fields.Flag(NativeKeys.More, false) : null,
        Version = fields.Count(NativeKeys.Version),
        Versions = fields.Has(NativeKeys.Versions) ? fields.Numbers(NativeKeys.Versions) : null,
        Agent = fields.TextIfAny(NativeKeys.Agent),
        Node = fields.TextIfAny(NativeKeys.Node),
        Client = fields.TextIfAny(NativeKeys.Client),
        Capabilities = fields.Has(NativeKeys.Capabilities) ? fields.Texts(NativeKeys.Capabilities) : null,
        Limits = LimitsOf(ref fields),
        Body = fields.Body(),
    };

    private static int StatusOf(ref FieldReader fields)
    {
        if (!fields.Has(NativeKeys.Status)) fields.Refuse(Rejection.FieldMissing, "it has no status");
        var status = fields.Whole(NativeKeys.Status) ?? 0;
        if (status is < 100 or > 999) fields.Wrong(NativeKeys.Status, "three digits");
        return (int)status;
    }

    private static Receipt? ReceiptOf(ref FieldReader fields)
    {
        if (!fields.Has(NativeKeys.Receipt)) return null;
        Span<Range> room = stackalloc Range[NativeKeys.Table.Count];
        var inner = fields.Inner(NativeKeys.Receipt, NativeKeys.Table, room);
        var receipt = new Receipt(inner.WholeNeeded(NativeKeys.Sequence), inner.Text(NativeKeys.Hash));
        fields.Adopt(inner.Refusal);
        return receipt;
    }

    private static NativeLimits? LimitsOf(ref FieldReader fields)
    {
        if (!fields.Has(NativeKeys.Limits)) return null;
        Span<Range> room = stackalloc Range[NativeLimits.Keys.Count];
        var inner = fields.Inner(NativeKeys.Limits, NativeLimits.Keys, room);
        var limits = NativeLimits.Read(ref inner);
        fields.Adopt(inner.Refusal);
        return limits;
    }
}
