using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace ActorSock.Wire.Tests;

/// <summary>Answers bytes by the rules of WIRE.md without sockets, disk or clock.</summary>
/// <remarks>Transcripts are replayed against it, and in-test servers speak by it.</remarks>
internal sealed class PaperServer(WireLimits limits, long skipBytesMax)
{
    private readonly HeaderDecoder _decoder = new(limits);
    private readonly List<byte> _unread = [];
    private readonly List<byte> _said = [];
    private readonly List<string> _facts = [];
    private Func<bool>? _step;
    private long _bodyBytesLeft;
    private IncrementalHash? _digest;

    /// <summary>Says why a header is refused that the decoder let through; null takes it.</summary>
    public Func<PutHeader, Refusal?> Judge { get; init; } = header =>
        header.FileName.Split('/', '\\').Contains("..")
            ? new Refusal(Rejection.NameRefused, "it has a '..'")
            : null;

    /// <summary>What became of the uploads, one line each.</summary>
    public IReadOnlyList<string> Facts => _facts;

    /// <summary>Whether it has said its last word: what comes now is read and thrown away.</summary>
    public bool IsClosed { get; private set; }

    /// <summary>Takes what the client sent and gives back what it says to it.</summary>
    public byte[] Take(ReadOnlySpan<byte> bytes)
    {
        if (IsClosed) return [];
        _unread.AddRange(bytes);
        while (!IsClosed && (_step ?? ReadHeader)()) { }
        var said = _said.ToArray();
        _said.Clear();
        return said;
    }

    /// <summary>Learns that the client sends no more.</summary>
    public void TakeEnd()
    {
        if (!IsClosed && (_step is not null || _unread.Count > 0)) Note(Rejection.PeerVanished);
        IsClosed = true;
    }

    private bool ReadHeader()
    {
        var decoded = _decoder.Decode(CollectionsMarshal.AsSpan(_unread));
        if (decoded.Outcome == Outcome.NotYet) return false;
        _decoder.Reset();
        _unread.RemoveRange(0, decoded.Consumed);
        if (decoded.Outcome == Outcome.Refused) return Refuse(decoded.Refusal, decoded.Announced);
        var header = decoded.Frame;
        var waits = header.Dialect == Dialect.BareAcknowledged;
        if (Judge(header) is { } refusal)
            return Refuse(refusal, new Announced(header.Dialect, waits ? 0 : header.FileSize));

        if (waits) Say(Replies.Ready);
        return ReadBody(header.FileSize, () => EndOfBody(header));
    }

    private bool Refuse(Refusal refusal, Announced? announced)
    {
        Note(refusal.Rejection);
        var goesOn = refusal.Rejection.Goes == Aftermath.GoesOn
            && announced is { Dialect: not Dialect.Bare, BodyBytes: { } bodyBytes }
            && bodyBytes <= skipBytesMax;
        if (!goesOn)
        {
            Say(Replies.Closing(refusal));
            IsClosed = true;
            return false;
        }
        return ReadBody(announced!.Value.BodyBytes!.Value, () =>
        {
            if (announced.Value.Dialect == Dialect.DigestAfter)
            {
                Say(Replies.Ok);
                return Next(() => ReadDigest(_ => Say(Replies.Code(refusal.Rejection))));
            }
            Say(Replies.Code(refusal.Rejection));
            return Next(null);
        });
    }

    private bool EndOfBody(PutHeader header)
    {
        var digest = Md5Digest.FromBytes(_digest!.GetHashAndReset());
        switch (header.Dialect)
        {
            case Dialect.DigestAfter:
                Say(Replies.Ok);
                return Next(() => ReadDigest(promised => Conclude(header, digest, promised)));
            case Dialect.DigestInHeader:
                Conclude(header, digest, header.Promised);
                return Next(null);
            default:
                Store(header, digest);
                return Next(null);
        }
    }

    private void Conclude(PutHeader header, Md5Digest digest, Md5Digest? promised)
    {
        if (digest != promised) Note(Rejection.DigestDiffers);
        else Store(header, digest);
        Say(digest == promised ? Replies.Stored : Replies.Differs);
    }

    private bool ReadDigest(Action<Md5Digest?> conclude)
    {
        var decoded = DigestDecoder.Decode(CollectionsMarshal.AsSpan(_unread));
        if (decoded.Outcome == Outcome.NotYet) return false;
        _unread.RemoveRange(0, decoded.Consumed);
        conclude(decoded.Frame);
        return Next(null);
    }

    private bool ReadBody(long bytes, Func<bool> then)
    {
        _digest = IncrementalHash.CreateHash(HashAlgorithmName.MD5);
        _bodyBytesLeft = bytes;
        return Next(() =>
        {
            var taken = (int)Math.Min(_bodyBytesLeft, _unread.Count);
            _digest.AppendData(CollectionsMarshal.AsSpan(_unread)[..taken]);
            _unread.RemoveRange(0, taken);
            _bodyBytesLeft -= taken;
            return _bodyBytesLeft == 0 && then();
        });
    }

    private bool Next(Func<bool>? step)
    {
        _step = step;
        return true;
    }

    private void Store(PutHeader header, Md5Digest digest) =>
        _facts.Add($"stored {header.FileName}, {header.FileSize} bytes, {digest}, by {header.Dialect}");

    private void Note(Rejection rejection) => _facts.Add($"refused with {rejection.Name}");

    private void Say(ReadOnlyMemory<byte> words) => _said.AddRange(words.Span);
}
