using System.Net.Sockets;
using ActorSock.Connections;
using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Supervision;

namespace ActorSock.Listening;

/// <summary>Listens at one endpoint and hands each accepted socket to the connections.</summary>
/// <remarks>
/// Parent: <see cref="ListenerSupervisor"/>. Children: none.<br/>
/// States: <see cref="Accepting"/>, <see cref="Resting"/> after the machine ran out of something that comes back.<br/>
/// On restart: never restarted in place. It is stopped, and its parent starts another one after a delay; open connections do not
/// notice.
/// </remarks>
internal sealed class TcpListenerActor : ServerActor, IWithTimers
{
    private sealed record SocketAccepted(Socket Socket);

    private sealed record AcceptFailed(Exception Cause);

    private sealed record Rested;

    /// <summary>Accepted in a row before other actors get their turn.</summary>
    private const int AcceptedInARowMax = 64;

    private readonly NodeParts _parts;
    private readonly ListenerPlan _plan;
    private readonly IActorRef _connections;
    private ListenSocket? _socket;
    private Task<Socket>? _accepting;
    private bool _restedLast;

    public TcpListenerActor(NodeParts parts, ListenerPlan plan, IActorRef connections)
    {
        (_parts, _plan, _connections) = (parts, plan, connections);
        Become(Accepting);
    }

    public static Props PropsOf(NodeParts parts, ListenerPlan plan, IActorRef connections) =>
        Props.Create(() => new TcpListenerActor(parts, plan, connections));

    public ITimerScheduler Timers { get; set; } = null!;

    private void Accepting()
    {
        Receive<SocketAccepted>(accepted =>
        {
            _accepting = null;
            if (HandOver(accepted.Socket))
                Accept();
        });
        Receive<AcceptFailed>(failed => Sort(failed.Cause));
    }

    private void Resting() => Receive<Rested>(_ =>
    {
        if (!Descriptors.AreFreeForPeers())
        {
            Rest();
            return;
        }
        Become(Accepting);
        Accept();
    });

    private void Accept()
    {
        for (var i = 0; i < AcceptedInARowMax; i++)
        {
            var next = _socket!.Accept();
            if (!next.IsCompletedSuccessfully)
            {
                TellWhenAccepted(next);
                return;
            }
            if (!HandOver(next.Result))
                return;
        }
        // Others have waited long enough; go on by a message.
        TellWhenAccepted(_socket!.Accept());
    }

    private void TellWhenAccepted(ValueTask<Socket> next)
    {
        _accepting = next.AsTask();
        _ = Tell(_accepting, Self, _socket!);
    }

    private static async Task Tell(Task<Socket> accepting, IActorRef listener, ListenSocket socket)
    {
        object outcome;
        try
        {
            outcome = new SocketAccepted(await accepting.ConfigureAwait(false));
        }
        catch (Exception e) when (socket.IsDisposed && (e is ObjectDisposedException or SocketException { SocketErrorCode: SocketError.OperationAborted }))
        {
            return; // our own close: there is nobody to tell
        }
        catch (Exception e)
        {
            outcome = new AcceptFailed(e);
        }
        listener.Tell(outcome, listener);
    }

    /// <summary>False when it was the last for now.</summary>
    private bool HandOver(Socket socket)
    {
        var isLast = Descriptors.IsAmongLast(Descriptors.KeptFromPeers, socket.SafeHandle);
        _connections.Tell(new ConnectionSupervisor.Accepted(socket, _plan));
        if (isLast)
            BeginRest($"the last {Descriptors.KeptFromPeers} of {Descriptors.Max} descriptors are for those inside: raise the limit (ulimit -n)");
        else
            _restedLast = false;
        return !isLast;
    }

    /// <summary>A peer that left again is nothing; a machine short of something rests; anything else is the end of this socket.</summary>
    private void Sort(Exception cause)
    {
        var error = (cause as SocketException)?.SocketErrorCode;
        if (IsPeersFault(error))
        {
            Accept();
            return;
        }
        if (!IsShortage(error))
            throw new IOException($"cannot accept on {_plan.Name}: {cause.Message}", cause);
        BeginRest(cause.Message);
    }

    private void BeginRest(string reason)
    {
        if (!_restedLast)
            Context.System.EventStream.Publish(
                new ServerEvent.AcceptPaused(_parts.Now, _plan.Name, reason, _parts.Settings.Listeners.AcceptPause));
        _restedLast = true; // the same shortage is told once, not ten times a second
        Become(Resting);
        Rest();
    }

    private void Rest() => Timers.StartSingleTimer(nameof(Rested), new Rested(), _parts.Settings.Listeners.AcceptPause);

    private static bool IsPeersFault(SocketError? error) => error is SocketError.ConnectionAborted or SocketError.ConnectionReset
        or SocketError.NetworkDown or SocketError.HostDown or SocketError.HostUnreachable or SocketError.NetworkUnreachable;

    private static bool IsShortage(SocketError? error) =>
        error is SocketError.TooManyOpenSockets or SocketError.NoBufferSpaceAvailable or SocketError.ProcessLimit
            // What accept(2) passes on from the new connection, or from a firewall: to be tried again.
            or SocketError.ProtocolOption or SocketError.OperationNotSupported or SocketError.ProtocolType or SocketError.AccessDenied;

    protected override void PreStart()
    {
        _socket = ListenSocket.Open(_plan, _parts.Settings.Listeners);
        Context.System.EventStream.Publish(new ServerEvent.ListenerBound(_parts.Now, _plan.Name, _socket.Endpoint.ToString()));
        Context.Parent.Tell(new ListenerSupervisor.Bound(_plan.Name, _socket.Endpoint));
        try
        {
            Accept();
        }
        catch
        {
            _socket.Dispose(); // PostStop does not follow a failed PreStart, and the port must be free for the next try
            throw;
        }
    }

    protected override void PostStop()
    {
        if (_socket is null) return;
        _socket.Dispose();
        // One that came at the last moment reaches nobody any more: without a close its peer would wait for ever.
        _accepting?.ContinueWith(static late => late.Result.Dispose(), CancellationToken.None,
            TaskContinuationOptions.OnlyOnRanToCompletion, TaskScheduler.Default);
        Context.System.EventStream.Publish(
            new ServerEvent.ListenerClosed(_parts.Now, _plan.Name, _socket.Endpoint.ToString()));
    }
}
