using ActorSock.Blocks;
using ActorSock.Files;
using ActorSock.Framing;
using ActorSock.Wire;

namespace ActorSock.Connections;

/// <summary>The upload that a connection is busy with.</summary>
/// <param name="Id">its writer's name in the tree</param>
/// <param name="Header">what the client announced</param>
/// <param name="Name">the name it will be stored under</param>
/// <param name="Writer">writes it; ends with it</param>
/// <param name="Window">the blocks between framer and writer</param>
/// <param name="Cut">how its body is to be cut into blocks</param>
/// <param name="StartedAt">a timestamp of the node's clock</param>
internal sealed record Upload(
    string Id, PutHeader Header, FileName Name, IActorRef Writer, BlockWindow Window, BlockCut Cut, long StartedAt)
{
    /// <summary>What the client has promised once the body is there; null while it has still to be read.</summary>
    public FileWriterActor.Promise? Promise => Header.Dialect switch
    {
        Dialect.DigestAfter => null,
        Dialect.DigestInHeader => new FileWriterActor.Promise.Digest(Header.Promised),
        _ => FileWriterActor.Promise.None.Instance,
    };
}

/// <summary>Watches the pace of a body: how much came while the peer was waited for.</summary>
/// <remarks>Time in which the node itself was busy does not count against the peer.</remarks>
internal struct Pace(SocketLink link, long bytesASecondMin)
{
    private long _bytes = link.BytesIn;
    private TimeSpan _waited = link.PeerWaited;

    /// <summary>Whether the peer fell short since the last look, an interval ago.</summary>
    public bool FellShort(TimeSpan interval)
    {
        var (bytes, waited) = (link.BytesIn - _bytes, link.PeerWaited - _waited);
        (_bytes, _waited) = (link.BytesIn, link.PeerWaited);
        return waited >= interval * 0.9 && bytes < bytesASecondMin * waited.TotalSeconds;
    }
}
