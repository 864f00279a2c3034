using ActorSock.Digests;
using ActorSock.Wire.Native;

namespace ActorSock.Lanes;

/// <summary>The digests of the first bytes of a file, in a form that can be kept and gone on from.</summary>
internal sealed class DigestState
{
    private readonly byte[] _md5;
    private readonly byte[]? _sha256;

    private DigestState(byte[] md5, byte[]? sha256, long bytesCount) => (_md5, _sha256, BytesCount) = (md5, sha256, bytesCount);

    /// <summary>How many bytes have been digested.</summary>
    public long BytesCount { get; }

    /// <summary>The digest that the client names: MD5 is always there, SHA-256 when the upload was begun with it.</summary>
    public DigestKind Kind => _sha256 is null ? DigestKind.Md5 : DigestKind.Sha256;

    /// <summary>As <see cref="Md5Stream.Export"/> writes it.</summary>
    public ReadOnlySpan<byte> Md5 => _md5;

    /// <summary>As <see cref="Sha256Stream.Export"/> writes it; empty when it was not asked for.</summary>
    public ReadOnlySpan<byte> Sha256 => _sha256;

    /// <summary>The state before the first byte.</summary>
    public static DigestState Empty(DigestKind kind) => Of(new Md5Stream(), kind == DigestKind.Sha256 ? new Sha256Stream() : null);

    /// <summary>The state of running digests; they have had the same bytes.</summary>
    public static DigestState Of(Md5Stream md5, Sha256Stream? sha256)
    {
        var (md5State, shaState) = (new byte[Md5Stream.StateBytes], sha256 is null ? null : new byte[Sha256Stream.StateBytes]);
        md5.Export(md5State);
        sha256?.Export(shaState);
        return new DigestState(md5State, shaState, md5.BytesCount);
    }

    /// <summary>Takes what was kept of a state.</summary>
    /// <param name="md5">as of <see cref="Md5"/></param>
    /// <param name="sha256">as of <see cref="Sha256"/></param>
    /// <exception cref="FormatException">It is none, or the two are of different bytes.</exception>
    public static DigestState Parse(ReadOnlySpan<byte> md5, ReadOnlySpan<byte> sha256)
    {
        var bytesCount = Md5Stream.Import(md5).BytesCount;
        if (!sha256.IsEmpty && Sha256Stream.Import(sha256).BytesCount != bytesCount)
            throw new FormatException("the states of the two digests are not of the same bytes");
        return new DigestState(md5.ToArray(), sha256.IsEmpty ? null : sha256.ToArray(), bytesCount);
    }

    /// <summary>The digest of these bytes, of <see cref="Kind"/>.</summary>
    public ContentDigest Digest()
    {
        Span<byte> bytes = stackalloc byte[ContentDigest.BytesMax];
        bytes = bytes[..ContentDigest.BytesOf(Kind)];
        if (Resumed() is (_, { } sha256))
            sha256.GetDigest(bytes);
        else
            Md5Stream.Import(_md5).GetDigest(bytes);
        return ContentDigest.FromBytes(Kind, bytes);
    }

    /// <summary>Digests that go on from here.</summary>
    public (Md5Stream Md5, Sha256Stream? Sha256) Resumed() =>
        (Md5Stream.Import(_md5), _sha256 is null ? null : Sha256Stream.Import(_sha256));
}
