using ActorSock.Chat;
using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Journal;
using ActorSock.Lanes;
using ActorSock.Listening;
using ActorSock.Settings;
using ActorSock.Supervision;
using ActorSock.Uploads;

namespace ActorSock;

/// <summary>The root of the node: starts its rooms top to bottom and stops them bottom to top.</summary>
/// <remarks>
/// Parent: the user guardian. Children: <see cref="EventFeedActor"/>, <see cref="JournalActor"/>, a
/// <see cref="DigestLanesActor"/> for each core, <see cref="UploadsActor"/>, <see cref="ChatActor"/>, <see cref="ConnectionSupervisor"/>,
/// <see cref="ListenerSupervisor"/>.<br/>
/// States: <see cref="Starting"/>, <see cref="Serving"/>, <see cref="Draining"/>, <see cref="Stopping"/>.<br/>
/// On restart: never restarted. When a room fails for good the node ends, with the cause in its last event and a bad exit code.
/// </remarks>
internal sealed class ServerSupervisor : ServerActor, IWithTimers
{
    /// <summary>Finish what is in flight, then stop.</summary>
    public sealed record Drain(string Reason);

    /// <summary>Stop, and cut what is in flight.</summary>
    public sealed record Cut(string Reason);

    /// <summary>What the starter of the node hears of it.</summary>
    internal interface IWatcher
    {
        void Ready(IReadOnlyList<(string Name, Endpoint Endpoint)> listeners);

        void CannotStart(Exception cause);

        void Failed(Exception cause);
    }

    private readonly NodeParts _parts;
    private readonly IReadOnlyList<IEventSink> _sinks;
    private readonly IWatcher _watcher;
    private readonly List<IActorRef> _lanes = [];
    private readonly HashSet<IActorRef> _ended = [];
    private readonly HashSet<IActorRef> _leaving = [];
    private bool _isCut;
    private IActorRef _events = ActorRefs.Nobody, _journal = ActorRefs.Nobody, _uploads = ActorRefs.Nobody, _chat = ActorRefs.Nobody, _connections = ActorRefs.Nobody, _listeners = ActorRefs.Nobody;

    public ServerSupervisor(NodeParts parts, IReadOnlyList<IEventSink> sinks, IWatcher watcher)
    {
        (_parts, _sinks, _watcher) = (parts, sinks, watcher);
        Become(Starting);
    }

    public static Props PropsOf(NodeParts parts, IReadOnlyList<IEventSink> sinks, IWatcher watcher) =>
        Props.Create(() => new ServerSupervisor(parts, sinks, watcher));

    public ITimerScheduler Timers { get; set; } = null!;

    private void Starting()
    {
        Receive<ListenerSupervisor.AllBound>(bound =>
        {
            Become(Serving);
            _watcher.Ready(bound.Listeners);
        });
        Receive<ListenerSupervisor.CannotBind>(cannot =>
        {
            _watcher.CannotStart(BindException.Of(cannot.Listeners));
            BeginDrain("a listener cannot bind");
        });
        Always();
    }

    private void Serving() => Always();

    /// <summary>Listeners are closing, then connections finish.</summary>
    private void Draining()
    {
        Receive<ChatActor.Closed>(_ => Context.Stop(_listeners));
        Receive<ConnectionSupervisor.Drained>(_ => Context.Stop(_connections));
        Receive<Cut>(cut => CutNow(cut.Reason));
        Receive<Terminated>(ended => Ended(ended.ActorRef));
        Receive<Drain>(_ => { });
        Receive<ListenerSupervisor.AllBound>(_ => { });
        Receive<ListenerSupervisor.CannotBind>(_ => { });
    }

    /// <summary>The feed writes what is queued, then the node is gone.</summary>
    private void Stopping()
    {
        Receive<Terminated>(_ => Context.Stop(Self), ended => ended.ActorRef.Equals(_events));
        ReceiveAny(_ => { });
    }

    private void Always()
    {
        Receive<Drain>(drain => BeginDrain(drain.Reason));
        Receive<Cut>(cut =>
        {
            BeginDrain(cut.Reason);
            CutNow(cut.Reason);
        });
        Receive<Terminated>(ended =>
        {
            BeginDrain($"{ended.ActorRef.Path.Name} has ended");
            Ended(ended.ActorRef);
        });
    }

    private void BeginDrain(string reason)
    {
        Context.System.EventStream.Publish(new ServerEvent.NodeDraining(_parts.Now, reason));
        Become(Draining);
        var limit = _parts.Settings.Drain.Limit;
        Timers.StartSingleTimer(nameof(Cut), new Cut($"{limit.TotalSeconds:0.###} s have passed"), limit);
        if (_ended.Contains(_chat))
            Context.Stop(_listeners);
        else
            _chat.Tell(new ChatActor.Close("the node stops")); // as long as there are sockets to tell it by
    }

    private void CutNow(string reason)
    {
        if (_isCut || _ended.Contains(_connections))
            return;
        _isCut = true;
        Context.System.EventStream.Publish(new ServerEvent.NodeCutting(_parts.Now, reason));
        Context.Stop(_listeners);
        _connections.Tell(ConnectionSupervisor.Cut.Instance);
    }

    /// <summary>Listeners first, then connections, then what these commit to; a room that failed has ended out of turn.</summary>
    private void Ended(IActorRef room)
    {
        _ended.Add(room);
        if (room.Equals(_chat))
            Context.Stop(_listeners);
        if (!_ended.Contains(_listeners))
            return;
        if (!_ended.Contains(_connections))
            _connections.Tell(ConnectionSupervisor.Drain.Instance);
        else if (!_ended.Contains(_uploads))
            _uploads.Tell(UploadsActor.Command.Close.Instance);
        else if (!_ended.IsSupersetOf(_lanes) || !_ended.Contains(_chat))
            Leave([.. _lanes, _chat]);
        else if (!_ended.Contains(_journal))
            Leave([_journal]);
        else
            StopEvents();
    }

    /// <summary>Behind what they have been given: nobody else would return those blocks, or settle those commits.</summary>
    private void Leave(IEnumerable<IActorRef> rooms)
    {
        foreach (var room in rooms.Where(room => !_ended.Contains(room) && _leaving.Add(room)))
            room.Tell(PoisonPill.Instance);
    }

    private void StopEvents()
    {
        Become(Stopping);
        TellOfKeptBlocks();
        Context.System.EventStream.Publish(new ServerEvent.NodeStopped(_parts.Now));
        _events.Tell(PoisonPill.Instance);
    }

    /// <summary>Whoever might still return one has ended.</summary>
    private void TellOfKeptBlocks()
    {
        var blocks = _parts.Blocks;
        if (blocks.BlocksOut == 0)
            return;
        var events = Context.System.EventStream;
        events.Publish(new ServerEvent.BlocksKept(_parts.Now, blocks.BlocksOut, blocks.BytesOut, blocks.IsTracked));
        foreach (var kept in blocks.Rentals)
            events.Publish(new ServerEvent.BlockKept(_parts.Now, kept.Bytes, kept.Holder, kept.Age, kept.Place));
    }

    protected override string About =>
        $"{_parts.Blocks.BlocksOut} blocks out, {_parts.Blocks.BytesOut} bytes, {_parts.Blocks.Waiting} wait for one";

    // ---- failure policy

    private static readonly FailurePolicy.Row[] s_policy =
    [
        new("events", typeof(Exception), Directive.Restart),   // it has no state but its queue, and that is kept
        new("journal", typeof(Exception), Directive.Restart),  // from its files, which have all that was promised
        new("lanes-*", typeof(Exception), Directive.Restart),  // the digests are not its own: but for those in hand they go on
        new("uploads", typeof(Exception), Directive.Restart),  // who is at which upload is not its own and goes on
        new("chat", typeof(Exception), Directive.Restart),     // who was there is told to come again
        new("connections", typeof(Exception), Directive.Stop), // it holds every socket: the node ends rather than lose them silently
        new("listeners", typeof(Exception), Directive.Stop),   // as above
    ];

    protected override FailurePolicy Policy => new(s_policy, (child, cause, directive) =>
    {
        var path = child.Path.ToStringWithoutAddress();
        if (directive == Directive.Restart)
        {
            Context.System.EventStream.Publish(new ServerEvent.Restarted(_parts.Now, path, cause));
            return;
        }
        Context.System.EventStream.Publish(new ServerEvent.ActorStopped(_parts.Now, path, cause));
        _watcher.Failed(cause);
    });

    // ---- lifecycle

    protected override void PreRestart(Exception reason, object message)
    {
        _watcher.Failed(reason);
        base.PreRestart(reason, message);
    }

    /// <summary>Rooms are not built twice: what failed here ends the node.</summary>
    protected override void PostRestart(Exception reason) => Context.Stop(Self);

    protected override void PreStart()
    {
        // In this order: events before anybody who publishes, connections behind what they give their bodies to, and before
        // the listeners that feed them.
        _events = Context.Watch(Context.ActorOf(EventFeedActor.PropsOf(_parts, [.. _sinks, _parts.Events]), "events"));
        EventFeedActor.Subscribe(_events, Context.System.EventStream);
        _journal = _parts.Journal.Journal = Context.Watch(Context.ActorOf(JournalActor.PropsOf(_parts), "journal"));
        for (var i = 0; i < _parts.Settings.Lanes.ThreadsHere; i++)
            _lanes.Add(Context.Watch(Context.ActorOf(DigestLanesActor.PropsOf(_parts), $"lanes-{i}")));
        _lanes.ForEach(_parts.Lanes.Add);
        _uploads = _parts.Uploads.Actor = Context.Watch(Context.ActorOf(UploadsActor.PropsOf(_parts), "uploads"));
        _chat = _parts.Chat = Context.Watch(Context.ActorOf(ChatActor.PropsOf(_parts), "chat"));
        _connections = Context.Watch(Context.ActorOf(ConnectionSupervisor.PropsOf(_parts, Self), "connections"));
        _listeners = Context.Watch(Context.ActorOf(ListenerSupervisor.PropsOf(_parts, ListenerPlan.Of(_parts.Settings), _connections), "listeners"));
    }
}
