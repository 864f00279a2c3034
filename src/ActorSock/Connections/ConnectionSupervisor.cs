using System.Globalization;
using System.Net.Sockets;
using ActorSock.Access;
using ActorSock.Chat;
using ActorSock.Commands;
using ActorSock.Conversations;
using ActorSock.Events;
using ActorSock.Listening;
using ActorSock.Native;
using ActorSock.Settings;
using ActorSock.Supervision;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Connections;

/// <summary>Parent of all connections: counts them, refuses those beyond the limit, drains them.</summary>
/// <remarks>
/// Parent: <see cref="ServerSupervisor"/>. Children: an actor for each open connection, a
/// <see cref="ChallengeActor"/> for each that has yet to prove who it is, and a <see cref="TurnedAwayActor"/> for some of those
/// that found no place.<br/>
/// States: one.<br/>
/// On restart: never restarted; its failure ends the node, because the sockets below it would be lost with it.
/// </remarks>
internal sealed class ConnectionSupervisor : ServerActor
{
    /// <summary>A listener has a new peer.</summary>
    public sealed record Accepted(Socket Socket, ListenerPlan Plan);

    /// <summary>Let every connection finish what is in hand and close.</summary>
    public sealed record Drain
    {
        public static readonly Drain Instance = new();
    }

    /// <summary>End every connection, whatever it has in hand.</summary>
    public sealed record Cut
    {
        public static readonly Cut Instance = new();
    }

    /// <summary>The answer to both: nobody is connected any more.</summary>
    public sealed record Drained
    {
        public static readonly Drained Instance = new();
    }

    /// <summary>The peer of a connection speaks the native protocol: another actor goes on when this one has ended.</summary>
    public sealed record SpeaksNative(SocketLink Link);

    /// <summary>A connection has recovered from this failure; the next one may be known here before that.</summary>
    public sealed record Recovered(Exception From);

    private readonly NodeParts _parts;
    private readonly IActorRef _server;
    private readonly Dictionary<IActorRef, Exception?> _open = [];
    private readonly Dictionary<IActorRef, Service> _challenged = [];
    private readonly Dictionary<IActorRef, SocketLink> _handedOver = [];
    private long _accepted;
    private int _leaving;
    private IActorRef? _drainer;
    private bool _isCut;

    public ConnectionSupervisor(NodeParts parts, IActorRef server)
    {
        (_parts, _server) = (parts, server);
        Receive<Accepted>(Accept);
        Receive<ChallengeActor.Passed>(passed => LetIn(passed.Link));
        Receive<Terminated>(Close);
        Receive<SpeaksNative>(speaks => _handedOver.Add(Sender, speaks.Link), _ => _open.ContainsKey(Sender));
        Receive<Recovered>(_ => _open[Sender] = null, recovered => ReferenceEquals(_open.GetValueOrDefault(Sender), recovered.From));
        Receive<Drain>(_ => BeginDrain());
        Receive<Cut>(_ => CutAll());
    }

    public static Props PropsOf(NodeParts parts, IActorRef server) => Props.Create(() => new ConnectionSupervisor(parts, server));

    private void Accept(Accepted accepted)
    {
        var id = string.Create(CultureInfo.InvariantCulture, $"c-{++_accepted:000000}");
        var link = new SocketLink(accepted.Socket, id, accepted.Plan.Name, _parts.Clock);
        if (_drainer is not null)
            TurnAway(link, new Refusal(Rejection.Draining, "connect to another node, or later"));
        else if (_open.Count + _challenged.Count >= _parts.Settings.Connections.Max && accepted.Plan.Service != Service.Admin)
            TurnAway(link, new Refusal(Rejection.ServerBusy, $"{_parts.Settings.Connections.Max} connections are open: try again later"));
        else if (accepted.Plan.Challenge)
            _challenged.Add(Watched(ChallengeActor.PropsOf(_parts, link), $"challenge-{id}"), accepted.Plan.Service);
        else
            Begin(link, accepted.Plan.Service);
    }

    private void Begin(SocketLink link, Service service) => _open.Add(Watched(PropsFor(service, link), link.Id), null);

    /// <summary>Under the same name, which is free now.</summary>
    private void BeginNative(SocketLink link)
    {
        var native = Watched(NativeActor.PropsOf(_parts, link), link.Id);
        _open.Add(native, null);
        if (_drainer is not null)
            native.Tell(ConnectionActor.Drain.Instance);
        if (_isCut)
            native.Tell(PoisonPill.Instance);
    }

    private static IActorRef Watched(Props props, string name) => Context.Watch(Context.ActorOf(props, name));

    /// <summary>Who has passed during a drain has asked for nothing yet.</summary>
    private void LetIn(SocketLink link)
    {
        if (_drainer is not null || !_challenged.TryGetValue(Sender, out var service))
            link.Dispose();
        else
            Begin(link, service);
    }

    private Props PropsFor(Service service, SocketLink link) => service switch
    {
        Service.Transfer => ConnectionActor.PropsOf(_parts, link),
        Service.Title => ExchangeActor.PropsOf(_parts, link, () => new TitleExchange()),
        Service.Greeter => ExchangeActor.PropsOf(_parts, link, () => new GreeterExchange()),
        Service.Chat => ChatConversationActor.PropsOf(_parts, link),
        Service.Commands => CommandsActor.PropsOf(_parts, link),
        Service.Admin => AdminActor.PropsOf(_parts, link, _server),
        _ => throw new ArgumentOutOfRangeException(nameof(service), service, "no such service"),
    };

    /// <summary>Of those turned away so many may linger; a greater crowd costs nothing: one line, and the end.</summary>
    private int LeavingMax => Math.Max(1, _parts.Settings.Connections.Max / 16);

    private void TurnAway(SocketLink link, Refusal refusal)
    {
        Context.System.EventStream.Publish(new ServerEvent.Refused(_parts.Now, link.Id, link.Peer, null, null,
            refusal.Rejection.Code, refusal.Rejection.Name, refusal.Detail, 0) { Listener = link.Listener });
        if (_leaving < LeavingMax)
        {
            _leaving++;
            Context.Watch(Context.ActorOf(TurnedAwayActor.PropsOf(_parts, link, refusal), $"turned-away-{link.Id}"));
            return;
        }
        link.Send(Replies.Closing(refusal), ActorRefs.Nobody);
        link.EndSending();
        link.Dispose();
    }

    private void Close(Terminated ended)
    {
        if (_challenged.Remove(ended.ActorRef))
            return;
        if (!_open.Remove(ended.ActorRef, out var failure))
            _leaving--;
        else if (failure is not null)
            Context.System.EventStream.Publish(new ServerEvent.ActorStopped(_parts.Now, ended.ActorRef.Path.ToStringWithoutAddress(), failure));
        if (_handedOver.Remove(ended.ActorRef, out var link))
            BeginNative(link);
        if (_drainer is not null && _open.Count == 0)
            _drainer.Tell(Drained.Instance);
    }

    private void BeginDrain()
    {
        _drainer = Sender;
        foreach (var connection in _open.Keys.Concat(_challenged.Keys))
            connection.Tell(ConnectionActor.Drain.Instance);
        if (_open.Count == 0)
            _drainer.Tell(Drained.Instance);
    }

    /// <summary>Each hears of the drain first: or it would tell its peer that it failed.</summary>
    private void CutAll()
    {
        _isCut = true;
        BeginDrain();
        foreach (var connection in _open.Keys)
            connection.Tell(PoisonPill.Instance);
    }

    // ---- failure policy

    private static readonly FailurePolicy.Row[] s_policy =
    [
        new("c-*", typeof(Exception), Directive.Restart), // our bug: the socket is kept, the request in hand is refused
        new("challenge-*", typeof(Exception), Directive.Stop),   // nothing was read yet: the peer may come again
        new("turned-away-*", typeof(Exception), Directive.Stop), // it has said what it had to say
    ];

    protected override FailurePolicy Policy => new(
        _parts.Settings.Connections.RestartsMax, _parts.Settings.Connections.RestartsWindow, s_policy,
        (child, cause, directive) => Note(child, cause, directive));

    private void Note(IActorRef child, Exception cause, Directive directive)
    {
        if (directive == Directive.Restart)
            _open[child] = cause; // forgotten when it recovers, told when it ends instead
        else
            Context.System.EventStream.Publish(new ServerEvent.ActorStopped(_parts.Now, child.Path.ToStringWithoutAddress(), cause));
    }
}
