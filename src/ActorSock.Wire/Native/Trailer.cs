namespace ActorSock.Wire.Native;

/// <summary>Reads the frame behind a body that names the digest of it.</summary>
public static class Trailer
{
    /// <summary>Looks for a trailer at the front of <paramref name="unread"/>.</summary>
    /// <param name="unread">All bytes from the first one behind the body on.</param>
    /// <param name="kind">The kind of digest that the request has announced.</param>
    /// <param name="limits">How long a header can be.</param>
    /// <returns>The digest, or a refusal of the upload: behind one that goes on, the next header begins after the
    /// bytes that were consumed.</returns>
    public static Decoded<ContentDigest> Decode(ReadOnlySpan<byte> unread, DigestKind kind, WireLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        var outcome = FrameHead.Find(unread, limits.HeaderBytesMax, out var json, out var refusal);
        if (outcome == Outcome.NotYet) return default;
        if (outcome == Outcome.Refused) return new(refusal);

        var consumed = FrameHead.PrefixBytes + json.Length;
        Span<Range> room = stackalloc Range[NativeKeys.Table.Count];
        if (JsonFields.Find(json, NativeKeys.Table, room, out var fields) is { } broken) return new(broken, consumed);
        return Read(new FieldReader(fields, limits), kind, consumed);
    }

    private static Decoded<ContentDigest> Read(FieldReader fields, DigestKind kind, int consumed)
    {
        var body = fields.Value(NativeKeys.Body);
        if (!body.IsMissingOrNull && !(body.Whole(out var bytes) == WholeNumber.Fits && bytes == 0))
            fields.Refuse(Rejection.BodyLength, $"body is {body.Echo()}, a trailer has none");
        var digest = fields.Digest(kind);
        if (digest is null)
            fields.Refuse(Rejection.FieldMissing, $"the trailer has no {NativeKeys.Of(kind).Name}");
        return fields.Refusal is { } refusal ? new(refusal, consumed) : new(digest!.Value, consumed);
    }
}
