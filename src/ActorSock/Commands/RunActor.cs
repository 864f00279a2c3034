using System.Buffers;
using ActorSock.Events;
using ActorSock.Settings;
using ActorSock.Supervision;

namespace ActorSock.Commands;

/// <summary>Runs one program, holds what it writes, and ends it when it takes too long, writes too much, or nobody waits for it.</summary>
/// <remarks>
/// Parent: <see cref="CommandsActor"/>, on threads that may block for a moment. Children: none.<br/>
/// States: <see cref="Running"/>, then <see cref="Ending"/> while what it has left in its pipes is read.<br/>
/// On restart: never restarted. However it ends, the program is gone with all that it has started, and a
/// <see cref="ServerEvent.CommandRan"/> tells of it.
/// </remarks>
internal sealed class RunActor : ServerActor, IWithTimers
{
    /// <summary>Who asked for it, for the record.</summary>
    /// <param name="Connection">The connection's id.</param>
    /// <param name="Peer">Its remote address.</param>
    /// <param name="Client">The name of its key; null where nobody asked for one.</param>
    /// <param name="Line">What it asked for.</param>
    public sealed record Asker(string Connection, string Peer, string? Client, string Line);

    /// <summary>Ends the program now. <see cref="Event.Ended"/> follows.</summary>
    public sealed record End(string Why);

    public abstract record Event
    {
        private Event()
        {
        }

        /// <summary>It has run.</summary>
        public sealed record Ended(RunOutcome Outcome) : Event;

        /// <summary>It could not be started.</summary>
        public sealed record NotStarted(string Why) : Event;
    }

    private sealed record Written(bool IsError, int Bytes);

    private sealed record Exited
    {
        public static readonly Exited Instance = new();
    }

    private sealed record TimeIsUp
    {
        public static readonly TimeIsUp Instance = new();
    }

    private sealed record Settled
    {
        public static readonly Settled Instance = new();
    }

    private const int ReadBytes = 16 << 10;

    // Behind SIGKILL only a system call that cannot be interrupted keeps a process, and behind the end of all of a session only
    // somebody who has left it keeps a pipe: neither is waited for any longer than this.
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(1);

    private readonly NodeParts _parts;
    private readonly RunOrder _order;
    private readonly Asker _asker;
    private readonly RunOutput _output;
    private readonly byte[] _read = new byte[2 * ReadBytes];
    private RunningProgram? _program;
    private long _startedAt;
    private TimeSpan _duration;
    private int _reading = 2;
    private int? _status;
    private string? _killed;
    private RunOutcome? _outcome;

    public RunActor(NodeParts parts, RunOrder order, Asker asker)
    {
        (_parts, _order, _asker) = (parts, order, asker);
        _output = new RunOutput(order.Settings.OutputBytesMax);
        Become(Running);
    }

    public static Props PropsOf(NodeParts parts, RunOrder order, Asker asker) =>
        Props.Create(() => new RunActor(parts, order, asker)).WithDispatcher(NodeParts.CommandsDispatcher);

    public ITimerScheduler Timers { get; set; } = null!;

    private CommandSettings Settings => _order.Settings;

    // ---- the states, in the order in which they are lived

    private void Running()
    {
        Receive<Written>(Take);
        Receive<TimeIsUp>(_ => Kill($"time limit of {Settings.TimeLimit.TotalSeconds:0.###} s"));
        Receive<End>(end => Kill(end.Why));
        Receive<Exited>(_ => HasExited());
        Receive<Settled>(_ => Conclude());
    }

    /// <summary>The program has ended, and whatever it had started: what it wrote before is in its pipes.</summary>
    private void Ending()
    {
        Receive<Written>(Take);
        Receive<Settled>(_ => Conclude());
        ReceiveAny(static _ => { });
    }

    // ---- steps

    private void Take(Written written)
    {
        if (written.Bytes == 0)
        {
            _reading--;
            ConcludeWhenSettled();
            return;
        }
        _output.Append(BufferOf(written.IsError).Span[..written.Bytes], written.IsError);
        if (_output.IsCut)
            Kill($"output limit of {Settings.OutputBytesMax} bytes");
        Read(written.IsError); // also behind the limit: to its end
    }

    private Memory<byte> BufferOf(bool isError) => _read.AsMemory(isError ? ReadBytes : 0, ReadBytes);

    private void Read(bool isError) => (isError ? _program!.Error : _program!.Output).ReadAsync(BufferOf(isError))
        .PipeTo(Self, Self, bytes => new Written(isError, bytes), _ => new Written(isError, 0));

    private void Kill(string why)
    {
        if (_killed is not null || _status is not null)
            return;
        _killed = why;
        _program!.Kill();
        Timers.StartSingleTimer(Settled.Instance, Settled.Instance, s_patience);
    }

    private void HasExited()
    {
        _status = _program!.Status;
        _duration = _parts.Clock.GetElapsedTime(_startedAt);
        _program.Kill(); // what it has left behind would keep the pipes open
        Become(Ending);
        Timers.StartSingleTimer(Settled.Instance, Settled.Instance, s_patience);
        ConcludeWhenSettled();
    }

    private void ConcludeWhenSettled()
    {
        if (_status is not null && _reading == 0)
            Conclude();
    }

    private void Conclude()
    {
        Context.Parent.Tell(new Event.Ended(Outcome()), Self);
        Context.Stop(Self);
    }

    private RunOutcome Outcome()
    {
        var status = _status ?? RunOutcome.KilledStatus;
        var duration = _status is null ? _parts.Clock.GetElapsedTime(_startedAt) : _duration;
        // Who ended just before the signal came has ended by itself.
        return _outcome ??= new RunOutcome(status, status == RunOutcome.KilledStatus ? _killed : null, _output, duration);
    }

    protected override string About =>
        $"{_order.Command}, process {_program?.Id}, {_parts.Clock.GetElapsedTime(_startedAt).TotalSeconds:0.0} s, " +
        $"{_output.OutputBytes + _output.ErrorBytes} bytes";

    // ---- lifecycle

    protected override void PreStart()
    {
        _startedAt = _parts.Clock.GetTimestamp();
        try
        {
            _program = RunningProgram.Start(_order);
        }
        catch (IOException cannot)
        {
            Context.Parent.Tell(new Event.NotStarted(cannot.Message), Self);
            Context.Stop(Self);
            return;
        }
        Timers.StartSingleTimer(TimeIsUp.Instance, TimeIsUp.Instance, Settings.TimeLimit);
        _program.Ended.PipeTo(Self, Self, () => Exited.Instance);
        Read(isError: false);
        Read(isError: true);
    }

    protected override void PostStop()
    {
        if (_program is null)
            return;
        _killed ??= "its connection has ended";
        _program.Dispose();
        var outcome = Outcome();
        Context.System.EventStream.Publish(new ServerEvent.CommandRan(_parts.Now, _asker.Connection, _asker.Peer, _asker.Line,
            outcome.Status, $"{outcome}", outcome.Duration, outcome.Output.OutputBytes + outcome.Output.ErrorBytes)
        {
            Client = _asker.Client,
        });
    }
}
