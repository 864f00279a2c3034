using System.Net;
using System.Threading.Channels;

namespace ActorSock.Cli.Commands.Chatting;

/// <summary>Who waits for an answer, in order, and who has ever written.</summary>
/// <remarks>One thread tells of messages, another one answers.</remarks>
internal sealed class Correspondence
{
    /// <summary>As many messages wait; others are dropped until one is answered.</summary>
    public const int WaitingMax = 1000;

    /// <summary>As many peers are remembered; then the first ones are forgotten.</summary>
    public const int SeenMax = 10_000;

    private readonly Channel<IPEndPoint> _waiting = Channel.CreateBounded<IPEndPoint>(WaitingMax);
    private readonly Lock _turn = new();
    private readonly HashSet<IPEndPoint> _seen = [];
    private readonly Queue<IPEndPoint> _seenInOrder = [];

    /// <summary>Whether one more message could wait.</summary>
    public bool HasRoom => _waiting.Reader.Count < WaitingMax;

    /// <summary>Whom the next answer goes to.</summary>
    public IPEndPoint? Oldest => _waiting.Reader.TryPeek(out var oldest) ? oldest : null;

    /// <summary>A message came that <see cref="HasRoom"/> had room for.</summary>
    public void Add(IPEndPoint from)
    {
        lock (_turn)
        {
            if (_seen.Add(from)) _seenInOrder.Enqueue(from);
            if (_seen.Count > SeenMax) _seen.Remove(_seenInOrder.Dequeue());
        }
        _waiting.Writer.TryWrite(from);
    }

    /// <summary>For how many messages there was no room.</summary>
    public int Dropped { get; private set; }

    /// <summary>A message came for which there is no room.</summary>
    public void Drop() => Dropped++;

    /// <summary>Takes whoever has waited longest.</summary>
    /// <returns>Null when nobody waits.</returns>
    public IPEndPoint? TryTake() => _waiting.Reader.TryRead(out var oldest) ? oldest : null;

    /// <summary>Takes whoever has waited longest, or who is the first to come.</summary>
    public ValueTask<IPEndPoint> TakeAsync(CancellationToken cancel) => _waiting.Reader.ReadAsync(cancel);

    public bool HasSeen(IPEndPoint peer)
    {
        lock (_turn) return _seen.Contains(peer);
    }
}
