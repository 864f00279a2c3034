using System.Text;
using ActorSock.Wire.Native;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests.Native;

/// <summary>Makes requests and replies of the native protocol.</summary>
internal static class Natives
{
    public static readonly WireLimits Limits = new()
    {
        HeaderBytesMax = WireLimits.HeaderBytesCeiling,
        FileBytesMax = long.MaxValue,
    };

    public const string Md5 = "5d41402abc4b2a76b9719d911017c592";

    public const string Sha256 = "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824";

    public static readonly Md5Digest Md5Hello = ParseMd5(Md5);

    public static readonly ContentDigest Sha256Hello = Parse(DigestKind.Sha256, Sha256);

    private static readonly Gen<string> Text = Gen.Frequency(
            (6, Gen.Choose('a', 'z')), (3, Gen.Choose(0x4E00, 0x9FFF)), (1, Gen.Choose(0x1F300, 0x1F6FF)),
            (2, Gen.Choose(0x20, 0x7E)), (1, Gen.Choose(0, 0x1F)),
            (1, Gen.Elements('"', '\\', '/', 0x2028, 0xFEFF, 0x7F)))
        .ListOf()
        .Select(points => string.Concat(points.Select(point => new Rune(point).ToString())));

    private static readonly Gen<long> Whole = Gen.OneOf(
        Gen.Elements(0L, 1L, 4096L, int.MaxValue, long.MaxValue),
        Gen.Choose(0, int.MaxValue).Select(value => (long)value),
        Gen.Choose(0, int.MaxValue).Two().Select(halves => ((long)halves.Item1 << 31) | (long)halves.Item2));

    private static readonly Gen<long> Id = Whole.Select(value => value & NativeRequest.IdMax);

    private static readonly Gen<ContentDigest> Digest =
        from kind in Gen.Elements(Enum.GetValues<DigestKind>())
        from bytes in Gen.Choose(0, 255).ArrayOf(ContentDigest.BytesOf(kind))
        select ContentDigest.FromBytes(kind, [.. bytes.Select(value => (byte)value)]);

    private static readonly Gen<Md5Digest> AnyMd5 =
        Digest.Where(digest => digest.AsMd5 is not null).Select(digest => digest.AsMd5!.Value);

    private static readonly Gen<DigestPromise> Promise = Gen.OneOf(
        Gen.Constant(DigestPromise.Nothing),
        Digest.Select(digest => (DigestPromise)new DigestPromise.Named(digest)),
        Gen.Elements(Enum.GetValues<DigestKind>()).Select(kind => (DigestPromise)new DigestPromise.After(kind)));

    private static readonly Gen<ExistsRule> Exists = Gen.Elements(Enum.GetValues<ExistsRule>());

    private static readonly Gen<AckLevel> Ack = Gen.Elements(Enum.GetValues<AckLevel>());

    private static readonly Gen<string> Upload = Gen.Elements("A9-_.".ToCharArray()).ArrayOf()
        .Where(letters => letters.Length is > 0 and <= 64).Select(letters => new string(letters));

    // A whole upload: a counted body ends where the size says, chunks end anywhere up to it.
    private static readonly Gen<NativeRequest> Put =
        from name in Text
        from offset in Gen.OneOf(Gen.Constant(0L), Gen.Choose(0, int.MaxValue).Select(value => (long)value))
        from body in Gen.Choose(0, int.MaxValue)
        from chunked in Gen.Elements(true, false)
        from sized in Gen.Elements(true, false)
        from upload in Upload
        from promise in Promise
        from exists in Exists
        from ack in Ack
        select (NativeRequest)new NativeRequest.Put(name)
        {
            Body = chunked ? FrameBody.Chunked : FrameBody.Of(body),
            Size = sized ? offset + body : null,
            Offset = offset,
            Upload = offset > 0 || body % 2 == 0 ? upload : null,
            Promise = promise,
            Exists = exists,
            Ack = ack,
        };

    private static readonly Gen<NativeRequest> Part =
        from name in Text
        from pages in Gen.Choose(0, 1 << 20)
        from bodyPages in Gen.Choose(0, 1 << 20)
        from rest in Gen.Choose(0, 8192)
        from promise in Promise
        from upload in Upload
        select (NativeRequest)new NativeRequest.Put(name)
        {
            IsPart = true,
            Offset = pages * 4096L,
            Body = FrameBody.Of(bodyPages * 4096L),
            Size = (pages + (long)bodyPages) * 4096 + rest,
            Upload = upload,
            Promise = promise,
        };

    /// <summary>Requests that can be said, all kinds of them.</summary>
    public static readonly Gen<NativeRequest> Requests = Gen.OneOf(
            Put,
            Part,
            from upload in Upload
            from name in Text
            from size in Maybe(Whole)
            from exists in Exists
            from kind in Gen.Elements<DigestKind?>(null, DigestKind.Md5, DigestKind.Sha256)
            select (NativeRequest)new NativeRequest.Resume(upload, name) { Size = size, Exists = exists, Kind = kind },
            from upload in Upload
            from name in Text
            from digest in Maybe(Digest)
            from exists in Exists
            from ack in Ack
            select (NativeRequest)new NativeRequest.Join(upload, name) { Promised = digest, Exists = exists, Ack = ack },
            from name in Text
            from offset in Whole
            from length in Maybe(Whole)
            from digest in Maybe(AnyMd5)
            select (NativeRequest)new NativeRequest.Get(name) { Offset = offset, Length = length, OnlyIf = digest },
            Text.Select(name => (NativeRequest)new NativeRequest.Stat(name)),
            from prefix in Text
            from after in Text
            from hasAfter in Gen.Elements(true, false)
            from limit in Gen.Choose(1, int.MaxValue)
            from recursive in Gen.Elements(true, false)
            select (NativeRequest)new NativeRequest.List
            {
                Prefix = prefix,
                After = hasAfter ? after : null,
                Limit = limit,
                Recursive = recursive,
            },
            from prefix in Text
            from after in Text
            from hasAfter in Gen.Elements(true, false)
            from limit in Gen.Choose(1, int.MaxValue)
            select (NativeRequest)new NativeRequest.Folders { Prefix = prefix, After = hasAfter ? after : null, Limit = limit },
            from name in Text
            from digest in Maybe(AnyMd5)
            select (NativeRequest)new NativeRequest.Delete(name) { OnlyIf = digest },
            from name in Text
            from to in Text
            from exists in Exists
            from digest in Maybe(AnyMd5)
            select (NativeRequest)new NativeRequest.Rename(name, to) { Exists = exists, OnlyIf = digest },
            Gen.Constant((NativeRequest)new NativeRequest.Ping()),
            Gen.Constant((NativeRequest)new NativeRequest.Bye()))
        .Zip(Id)
        .Select(both => both.Item1 with { Id = both.Item2 });

    /// <summary>Replies with any fields.</summary>
    public static readonly Gen<NativeReply> Replies =
        from id in Maybe(Id)
        from status in Gen.Choose(100, 999)
        from texts in Text.ArrayOf(7)
        from numbers in Gen.Choose(0, int.MaxValue).ArrayOf(4)
        from wholes in Whole.ArrayOf(3)
        from given in Gen.Elements(true, false).ArrayOf(18)
        from md5 in Maybe(AnyMd5)
        from sha256 in Digest
        from ack in Maybe(Ack)
        from chunked in Gen.Elements(true, false)
        from ticks in Gen.Choose(0, int.MaxValue)
        select new NativeReply
        {
            Id = id,
            Status = status,
            Error = given[0] ? texts[0] : null,
            Message = given[1] ? texts[1] : null,
            Closes = given[2],
            Ack = ack,
            Name = given[3] ? texts[2] : null,
            Size = given[4] ? wholes[0] : null,
            Md5 = md5,
            Sha256 = sha256.Kind == DigestKind.Sha256 ? sha256 : null,
            Receipt = given[5] ? new Receipt(wholes[1], texts[3]) : null,
            Offset = given[6] ? wholes[2] : null,
            Upload = given[7] ? texts[4] : null,
            Parts = given[8] ? numbers[0] : null,
            Entries = given[9] ? numbers[1] : null,
            More = given[10] ? given[11] : null,
            Modified = given[12] ? DateTimeOffset.UnixEpoch.AddTicks(ticks * 7919L) : null,
            Body = chunked ? FrameBody.Chunked : FrameBody.Of(numbers[2]),
            Version = given[13] ? numbers[3] : null,
            Agent = given[14] ? texts[5] : null,
            Client = given[15] ? texts[6] : null,
            Limits = given[16] ? Allowed : null,
        };

    public static readonly NativeLimits Allowed = new()
    {
        Requests = 64,
        FileBytes = 17_592_186_044_416,
        NameBytes = 1024,
        ChunkBytes = 1 << 20,
        SkipBytes = 16 << 20,
        ListEntries = 10_000,
        IdleSeconds = 300,
    };

    public static readonly Gen<ListEntry> ListEntries = Gen.OneOf(
        Text.Select(name => ListEntry.Folder(name + "/")),
        from name in Text
        from size in Whole
        from ticks in Gen.Choose(0, int.MaxValue)
        from digest in Maybe(AnyMd5)
        select ListEntry.File(name, size, DateTimeOffset.UnixEpoch.AddTicks(ticks * 104_729L), digest));

    public static readonly Gen<FolderEntry> FolderEntries =
        from name in Text
        from files in Whole
        from size in Whole
        from digest in Maybe(Digest)
        select new FolderEntry(name, files, size, digest?.Kind == DigestKind.Sha256 ? digest : null);

    public static readonly Gen<PartEntry> PartEntries =
        from offset in Whole
        from size in Whole
        from digest in Digest
        select new PartEntry(offset, size, digest);

    public static Decoded<NativeRequest> Decode(ReadOnlySpan<byte> bytes) => new NativeDecoder(Limits).Decode(bytes);

    /// <summary>What the server makes of a header of this JSON.</summary>
    public static NativeRequest Decode(string json) => Decode(Headers.Prefixed(json)).Frame;

    /// <summary>All that an answer says, in one line that can be compared.</summary>
    public static string Describe(Decoded<NativeRequest> decoded) => decoded.Outcome switch
    {
        Outcome.Frame => $"{decoded.Consumed} {decoded.Frame}",
        Outcome.Refused => $"{decoded.Consumed} {decoded.Refusal.Rejection.Name}: {decoded.Refusal}",
        _ => $"{decoded.Outcome}",
    };

    private static Gen<T?> Maybe<T>(Gen<T> values)
        where T : struct =>
        Gen.Frequency((1, Gen.Constant<T?>(null)), (3, values.Select(value => (T?)value)));

    public static ContentDigest Parse(DigestKind kind, string digits) =>
        ContentDigest.TryParse(kind, Encoding.ASCII.GetBytes(digits), out var digest)
            ? digest
            : throw new FormatException(digits);

    private static Md5Digest ParseMd5(string digits) => Parse(DigestKind.Md5, digits).AsMd5!.Value;
}
