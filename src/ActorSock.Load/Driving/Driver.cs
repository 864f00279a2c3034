using System.Net.Sockets;
using ActorSock.Load.Bodies;
using ActorSock.Load.Measures;
using ActorSock.Load.Pace;
using ActorSock.Load.Scenarios;

namespace ActorSock.Load.Driving;

/// <summary>Drives its share of the connections on a thread of its own.</summary>
/// <remarks>Callers live on that thread. Other threads set the <see cref="Phase"/>, take what was counted, and stop it.</remarks>
internal sealed class Driver
{
    private const int IncomingBytes = 64 << 10, OutgoingBytes = 256 << 10;

    // A phase that is set, and the word to stop, are seen after at most this.
    private static readonly TimeSpan s_waitMax = TimeSpan.FromMilliseconds(20);
    private static readonly TimeSpan s_betweenLooks = TimeSpan.FromMilliseconds(250);

    private readonly LoadParts _parts;
    private readonly (int Of, int Which) _share;
    private readonly List<UploadCaller> _polite = [];
    private readonly List<RudeCaller> _rude = [];
    private readonly PriorityQueue<Caller, long> _wakes = new();
    private readonly Queue<UploadCaller> _line = new();
    private readonly Queue<Caller> _again = new();
    private readonly List<Caller> _ready = [];
    private readonly Lock _gate = new();
    private readonly Interval _interval = new();
    private readonly TaskCompletionSource _completion = new(TaskCreationOptions.RunContinuationsAsynchronously);

    private volatile Phase? _set;
    private volatile bool _isStopping;
    private Phase? _phase;
    private ArrivalSchedule? _schedule;
    private bool _isExhausted, _hasSettled;
    private int _inFlight, _connections;

    public Driver(LoadParts parts, (int Of, int Which) share)
    {
        (_parts, _share) = (parts, share);
        Readiness = parts.NewReadiness();
    }

    public LoadParts Parts => _parts;

    public Scenario Scenario => _parts.Scenario;

    public FileBodies Bodies => _parts.Bodies;

    public Target Target => _parts.Target;

    public IReadiness Readiness { get; }

    /// <summary>What is received, of whatever connection; of use only until the next is asked.</summary>
    public byte[] Incoming { get; } = GC.AllocateUninitializedArray<byte>(IncomingBytes, pinned: true);

    /// <summary>What is to be sent, of whatever connection.</summary>
    public byte[] Outgoing { get; } = GC.AllocateUninitializedArray<byte>(OutgoingBytes, pinned: true);

    /// <summary>A little while ago, as a timestamp.</summary>
    public long Now { get; private set; }

    /// <summary>How long a connection waits between two files.</summary>
    public TimeSpan ThinkTime => _schedule is null ? Scenario.Think : TimeSpan.Zero;

    public bool WantsRude => _phase is { WithRude: true } && !_isStopping;

    /// <summary>Connections that are open.</summary>
    public int Connections => Volatile.Read(ref _connections);

    /// <summary>Files that are not answered.</summary>
    public int InFlight => Volatile.Read(ref _inFlight);

    /// <summary>Ends when its thread has, and fails when it failed.</summary>
    public Task Completion => _completion.Task;

    /// <summary>Connects so many clients over the ramp up, and does what phases say.</summary>
    public void Start()
    {
        Now = _parts.Clock.GetTimestamp();
        for (var number = _share.Which; number < Scenario.Connections; number += _share.Of)
        {
            UploadCaller caller = Scenario.Dialect == LoadDialect.Native ? new NativeCaller(this, number) : new TutorialCaller(this, number);
            _polite.Add(caller);
            WakeAfter(caller, Scenario.RampUp * ((double)number / Scenario.Connections));
        }
        for (var number = _share.Which; number < Scenario.RudeConnections; number += _share.Of)
            _rude.Add(new RudeCaller(this, number));
        new Thread(Run) { IsBackground = true, Name = $"load {_share.Which}" }.Start();
    }

    /// <summary>Says what to do from its beginning on. The one before must have settled.</summary>
    public void Set(Phase phase) => _set = phase;

    public void Stop() => _isStopping = true;

    /// <summary>Adds what was counted since the last time.</summary>
    public void Take(Interval into)
    {
        lock (_gate)
        {
            into.Add(_interval);
            _interval.Clear();
        }
    }

    public TimeSpan Since(long timestamp) => _parts.Clock.GetElapsedTime(timestamp, _parts.Clock.GetTimestamp());

    public void WakeAfter(Caller caller, TimeSpan time)
    {
        caller.WakeAt = Now + Timestamps(time);
        _wakes.Enqueue(caller, caller.WakeAt);
    }

    public void CallAgain(Caller caller)
    {
        if (caller.IsCalledAgain) return;
        caller.IsCalledAgain = true;
        _again.Enqueue(caller);
    }

    public void HasRoom(UploadCaller caller)
    {
        if (caller.IsInLine) return;
        caller.IsInLine = true;
        _line.Enqueue(caller);
    }

    public void Began() => Volatile.Write(ref _inFlight, _inFlight + 1);

    public void Ended() => Volatile.Write(ref _inFlight, _inFlight - 1);

    public void ConnectionOpened() => Volatile.Write(ref _connections, _connections + 1);

    public void ConnectionClosed() => Volatile.Write(ref _connections, _connections - 1);

    public void Acknowledged(in Flight flight)
    {
        _parts.Ledger.Add(flight.File.Number);
        var now = _parts.Clock.GetTimestamp();
        lock (_gate) _interval.Acknowledged(flight.File.Size, _parts.Clock.GetElapsedTime(flight.Due, now));
    }

    public void Failed(string kind)
    {
        if (_isStopping) return;
        lock (_gate) _interval.Failed(kind);
    }

    /// <summary>A file was lost with its connection, or the time for it was over.</summary>
    public void Unanswered(string kind, in Flight flight)
    {
        if (_isStopping) return;
        var waited = _parts.Clock.GetElapsedTime(flight.Due, _parts.Clock.GetTimestamp());
        lock (_gate) _interval.Unanswered(kind, waited);
    }

    public void NotConnected(SocketError error)
    {
        // The ports of an address are used up: other addresses of this machine have some.
        if (error is SocketError.AddressNotAvailable or SocketError.AddressAlreadyInUse && Target.TakeNextSource()) return;
        Failed(Trouble.NotConnected(error));
    }

    public void RudeTried(string kind)
    {
        lock (_gate) _interval.RudeTried(kind);
    }

    public void RudeEnded(string kind)
    {
        if (_isStopping) return;
        lock (_gate) _interval.RudeEnded(kind);
    }

    private void Run()
    {
        try
        {
            while (!_isStopping) Turn();
            foreach (var caller in _polite) caller.Close();
            foreach (var caller in _rude) caller.Close(abruptly: true);
            Readiness.Dispose();
            _completion.SetResult();
        }
        catch (Exception bug)
        {
            _completion.SetException(bug);
        }
    }

    private long _awake, _looked;

    private void Turn()
    {
        Now = _parts.Clock.GetTimestamp();
        if (_awake == 0) _awake = Now;
        if (_set is { } phase && phase != _phase) TurnTo(phase);
        WakeThose();
        BeginFiles();
        for (var count = _again.Count; count > 0; count--)
        {
            var caller = _again.Dequeue();
            caller.IsCalledAgain = false;
            caller.Ready();
        }
        Look();
        Settle();
        Wait();
        foreach (var caller in _ready) caller.Ready();
        _ready.Clear();
    }

    private void TurnTo(Phase phase)
    {
        (_phase, _isExhausted, _hasSettled) = (phase, false, false);
        _schedule = phase.Rate is { } rate
            ? new ArrivalSchedule(phase.Begin, _parts.Clock.TimestampFrequency, rate, _share, Scenario.RandomArrivals ? Scenario.Seed : null)
            : null;
        foreach (var caller in _rude)
        {
            if (phase.WithRude && caller.Socket is null) WakeAfter(caller, s_betweenLooks * (caller.Number % 16 / 16.0));
            else if (!phase.WithRude) caller.Close(abruptly: true);
        }
    }

    private void WakeThose()
    {
        while (_wakes.TryPeek(out var caller, out var at) && at <= Now)
        {
            _wakes.Dequeue();
            if (caller.WakeAt == at) caller.Wake();
        }
    }

    /// <summary>Gives those who have room the files that are due.</summary>
    private void BeginFiles()
    {
        if (_phase is null || Now < _phase.Begin) return;
        var isOver = Now >= _phase.End;
        while (!_isExhausted && _line.TryPeek(out var caller))
        {
            if (!caller.HasRoom)
            {
                _line.Dequeue().IsInLine = false;
                continue;
            }
            // What was due before the end is begun behind it, too, if somebody is free.
            if (_schedule is null ? isOver : _schedule.NextDue > Now || _schedule.NextDue >= _phase.End) break;
            if (!_parts.Files.TryTake(out var file))
            {
                _isExhausted = true;
                break;
            }
            var due = _schedule?.Take() ?? Now;
            if (_schedule is not null) Lagged(Math.Max(due, caller.RoomSince));
            caller.Begin(file, due, Now);
            CallAgain(caller);
            if (caller.HasRoom && _schedule is null) continue;
            _line.Dequeue();
            if (caller.HasRoom) _line.Enqueue(caller);
            else caller.IsInLine = false;
        }
        if (isOver && !_isExhausted && _schedule is not null) LeaveTheRest(_phase.End);
    }

    private void Lagged(long since)
    {
        lock (_gate) _interval.Lag.Add(_parts.Clock.GetElapsedTime(since, Now));
    }

    private void LeaveTheRest(long end)
    {
        lock (_gate)
            while (_schedule!.NextDue < end) _interval.NotBegun(_parts.Clock.GetElapsedTime(_schedule.Take(), end));
    }

    private void Look()
    {
        if (_parts.Clock.GetElapsedTime(_looked, Now) < s_betweenLooks) return;
        _looked = Now;
        foreach (var caller in _polite) caller.Look();
    }

    private void Settle()
    {
        if (_hasSettled || _phase is null || _inFlight > 0 || (Now < _phase.End && !_isExhausted)) return;
        _hasSettled = true;
        _phase.Settle();
    }

    private void Wait()
    {
        var limit = Timestamps(s_waitMax);
        if (_again.Count > 0) limit = 0;
        if (_wakes.TryPeek(out _, out var wake)) limit = Math.Min(limit, wake - Now);
        if (_phase is { } phase && !_isExhausted && _line.Count > 0)
        {
            if (Now < phase.Begin) limit = Math.Min(limit, phase.Begin - Now);
            else if (_schedule is not null && Now < phase.End) limit = Math.Min(limit, _schedule.NextDue - Now);
        }
        var before = _parts.Clock.GetTimestamp();
        lock (_gate) _interval.WasBusy(_parts.Clock.GetElapsedTime(_awake, before));
        Readiness.Wait(TimeSpan.FromSeconds(Math.Max(0, limit) / (double)_parts.Clock.TimestampFrequency), _ready);
        _awake = _parts.Clock.GetTimestamp();
        Now = _awake;
    }

    private long Timestamps(TimeSpan time) => (long)(time.TotalSeconds * _parts.Clock.TimestampFrequency);
}
