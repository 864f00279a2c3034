using ActorSock.Supervision;
using ActorSock.Wire;

namespace ActorSock.Connections;

/// <summary>Says one line to a peer for whom there is no place, and reads on for a while.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>. Children: none.<br/>
/// States: one. A peer that sends at once would lose the line to the reset of an immediate close.<br/>
/// On restart: never restarted; the peer sees a close.
/// </remarks>
internal sealed class TurnedAwayActor : ServerActor, IWithTimers
{
    private sealed record LingerEnded;

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private readonly Refusal _refusal;
    private readonly byte[] _trash = new byte[4096];

    public TurnedAwayActor(NodeParts parts, SocketLink link, Refusal refusal)
    {
        (_parts, _link, _refusal) = (parts, link, refusal);
        Receive<SocketLink.Readable>(_ => Skip());
        Receive<SocketLink.SendEnded>(_ => Context.Stop(Self)); // one line fits every new socket, unless the peer is gone
        Receive<LingerEnded>(_ => Context.Stop(Self));
    }

    public static Props PropsOf(NodeParts parts, SocketLink link, Refusal refusal) =>
        Props.Create(() => new TurnedAwayActor(parts, link, refusal));

    public ITimerScheduler Timers { get; set; } = null!;

    private void Skip()
    {
        var outcome = _link.TryRead(_trash);
        if (outcome.IsEnd && !outcome.WouldBlock)
            Context.Stop(Self);
        else
            _link.WaitReadable(Self); // one piece for each message: a flood here waits its turn like everybody
    }

    protected override void PreStart()
    {
        if (!_link.Send(Replies.Closing(_refusal), Self))
            return;
        _link.EndSending();
        Timers.StartSingleTimer(nameof(LingerEnded), new LingerEnded(), _parts.Settings.Connections.Linger);
        _link.WaitReadable(Self);
    }

    protected override void PostStop() => _link.Dispose();
}
