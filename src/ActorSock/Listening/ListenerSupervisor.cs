using System.Net.Sockets;
using ActorSock.Events;
using ActorSock.Settings;
using ActorSock.Supervision;

namespace ActorSock.Listening;

/// <summary>Parent of all listeners: starts them in the order of the plan, and again after a growing delay when one fails.</summary>
/// <remarks>
/// Parent: <see cref="ServerSupervisor"/>. Children: a <see cref="TcpListenerActor"/> or <see cref="UdpListenerActor"/> for each
/// endpoint.<br/>
/// States: one.<br/>
/// On restart: never restarted; its failure ends the node.
/// </remarks>
internal sealed class ListenerSupervisor : ServerActor, IWithTimers
{
    /// <summary>A listener has its socket.</summary>
    public sealed record Bound(string Name, Endpoint Endpoint);

    /// <summary>Every listener is bound: told once, at start.</summary>
    public sealed record AllBound(IReadOnlyList<(string Name, Endpoint Endpoint)> Listeners);

    /// <summary>Listeners could not bind at start: the node does not begin without them. Told when all have tried, so that whoever
    /// mends it does so once.</summary>
    public sealed record CannotBind(IReadOnlyList<(ListenerPlan Plan, Exception Cause)> Listeners);

    private sealed record StartAgain(ListenerPlan Plan);

    private readonly NodeParts _parts;
    private readonly IReadOnlyList<ListenerPlan> _plans;
    private readonly IActorRef _connections;
    private readonly Dictionary<string, Endpoint> _bound = [];
    private readonly Dictionary<string, (Exception? Cause, int Failures)> _troubles = [];
    private readonly Dictionary<string, long> _boundAt = [];
    private readonly List<(ListenerPlan Plan, Exception Cause)> _unbound = [];
    private bool _begun;

    public ListenerSupervisor(NodeParts parts, IReadOnlyList<ListenerPlan> plans, IActorRef connections)
    {
        (_parts, _plans, _connections) = (parts, plans, connections);
        Receive<Bound>(Note);
        Receive<Terminated>(ended => Ended(ended.ActorRef.Path.Name));
        Receive<StartAgain>(again => Start(again.Plan));
    }

    public static Props PropsOf(NodeParts parts, IReadOnlyList<ListenerPlan> plans, IActorRef connections) =>
        Props.Create(() => new ListenerSupervisor(parts, plans, connections));

    public ITimerScheduler Timers { get; set; } = null!;

    private void Start(ListenerPlan plan) =>
        Context.Watch(Context.ActorOf(plan.Endpoint is Endpoint.Udp
            ? UdpListenerActor.PropsOf(_parts, plan)
            : TcpListenerActor.PropsOf(_parts, plan, _connections), plan.Name));

    private void Note(Bound bound)
    {
        _bound[bound.Name] = bound.Endpoint;
        _boundAt[bound.Name] = _parts.Clock.GetTimestamp();
        TellWhenAllHaveTried();
    }

    private void TellWhenAllHaveTried()
    {
        if (_begun || _bound.Count + _unbound.Count < _plans.Count)
            return;
        _begun = _unbound.Count == 0;
        Context.Parent.Tell(_begun
            ? new AllBound([.. _plans.Select(plan => (plan.Name, _bound[plan.Name]))])
            : new CannotBind([.. _unbound]));
    }

    private void Ended(string name)
    {
        var plan = _plans.Single(p => p.Name == name);
        var (cause, failures) = _troubles.GetValueOrDefault(name);
        if (!_begun)
        {
            _bound.Remove(name);
            _unbound.Add((plan, cause ?? new IOException("it stopped")));
            TellWhenAllHaveTried();
            return;
        }
        var (min, max) = (_parts.Settings.Listeners.RetryMin, _parts.Settings.Listeners.RetryMax);
        var delay = TimeSpan.FromTicks(Math.Min(max.Ticks, min.Ticks << Math.Min(Math.Max(failures - 1, 0), 20)));
        Context.System.EventStream.Publish(new ServerEvent.ListenerFailed(
            _parts.Now, name, plan.Endpoint.ToString(), cause?.Message ?? "it stopped", delay));
        // Where the system chose the port, its clients know it by now.
        var where = plan.Endpoint is Endpoint.Tcp { Port: 0 } or Endpoint.Udp { Port: 0 } ? _bound[name] : plan.Endpoint;
        Timers.StartSingleTimer(name, new StartAgain(plan with { Endpoint = where }), delay);
    }

    // ---- failure policy

    private static readonly FailurePolicy.Row[] s_policy =
    [
        new("*", typeof(Exception), Directive.Stop), // a socket is never restarted: another listener is started, after a delay
    ];

    protected override FailurePolicy Policy => new(s_policy, (child, cause, _) =>
        _troubles[child.Path.Name] = (cause, (HasLasted(child.Path.Name) ? 0 : _troubles.GetValueOrDefault(child.Path.Name).Failures) + 1));

    /// <summary>Whether a listener was bound long enough for its earlier troubles to be over.</summary>
    private bool HasLasted(string name) =>
        _boundAt.Remove(name, out var at) && _parts.Clock.GetElapsedTime(at) > _parts.Settings.Listeners.RetryMax;

    protected override void PreStart()
    {
        if (_plans.Count == 0)
            Context.Parent.Tell(new AllBound([]));
        foreach (var plan in _plans)
            Start(plan);
    }
}
