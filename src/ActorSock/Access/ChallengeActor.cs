using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Supervision;
using ActorSock.Wire;

namespace ActorSock.Access;

/// <summary>Lets only those into a conversation who prove that they have a key.</summary>
/// <remarks>
/// Parent: <see cref="ConnectionSupervisor"/>, which starts the conversation behind it. Children: none.<br/>
/// States: one. Exactly the answer is read: what a client has sent behind it belongs to the conversation.<br/>
/// On restart: never restarted; the peer sees a close.
/// </remarks>
internal sealed class ChallengeActor : ServerActor, IWithTimers
{
    /// <summary>To the parent: this peer is who <see cref="SocketLink.Client"/> says.</summary>
    public sealed record Passed(SocketLink Link);

    private sealed record Late;

    private readonly NodeParts _parts;
    private readonly SocketLink _link;
    private readonly byte[] _challenge = Challenge.Create();
    private readonly byte[] _answer = new byte[Challenge.Bytes];
    private int _read;
    private bool _passed;

    public ChallengeActor(NodeParts parts, SocketLink link)
    {
        (_parts, _link) = (parts, link);
        Receive<SocketLink.Readable>(_ => Read());
        Receive<SocketLink.SendEnded>(_ => Context.Stop(Self)); // 32 bytes fit every new socket, unless the peer is gone
        Receive<Late>(_ => Refuse(Rejection.ChallengeLate, $"more than {_parts.Settings.Access.Deadline.TotalSeconds:0.###} s"));
        Receive<ConnectionActor.Drain>(_ => Context.Stop(Self));
    }

    public static Props PropsOf(NodeParts parts, SocketLink link) => Props.Create(() => new ChallengeActor(parts, link));

    public ITimerScheduler Timers { get; set; } = null!;

    private void Read()
    {
        while (_read < _answer.Length)
        {
            var outcome = _link.TryRead(_answer.AsMemory(_read));
            if (outcome.WouldBlock)
            {
                _link.WaitReadable(Self);
                return;
            }
            if (outcome.IsEnd)
            {
                Refuse(Rejection.ChallengeFailed, "the client closed without an answer");
                return;
            }
            _read += outcome.Bytes;
        }
        Check();
    }

    private void Check()
    {
        var client = _parts.Keys!.ClientOf(_answer, _challenge, out var refused);
        if (refused is not null)
            Context.System.EventStream.Publish(new ServerEvent.KeysRefused(_parts.Now, refused));
        if (client is null)
        {
            Refuse(Rejection.ChallengeFailed, "the answer fits no key");
            return;
        }
        _link.Client = client;
        _passed = true;
        Context.Parent.Tell(new Passed(_link));
        Context.Stop(Self);
    }

    /// <summary>Nothing is said: whoever has no key learns nothing.</summary>
    private void Refuse(Rejection rejection, string detail)
    {
        Context.System.EventStream.Publish(new ServerEvent.Refused(_parts.Now, _link.Id, _link.Peer, null, null,
            rejection.Code, rejection.Name, detail, 0) { Listener = _link.Listener });
        Context.Stop(Self);
    }

    protected override string About => $"{_link.Peer}, {_read} bytes of an answer";

    protected override void PreStart()
    {
        Timers.StartSingleTimer(nameof(Late), new Late(), _parts.Settings.Access.Deadline);
        if (_link.Send(_challenge, Self))
            _link.WaitReadable(Self);
    }

    protected override void PostStop()
    {
        if (!_passed)
            _link.Dispose();
    }
}
