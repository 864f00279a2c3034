using System.Collections.Immutable;
using System.Runtime.CompilerServices;
using ActorSock.Actors.Event;

namespace ActorSock.Actors.TestKit;

/// <summary>What a system logs and buries: counted, muted and shown for its tests.</summary>
/// <remarks>
/// It is no actor: whoever logs goes on only when all that is done, so nothing is late and nothing is lost at
/// the end.
/// </remarks>
internal sealed class TestEvents : MinimalActorRef
{
    private static readonly ConditionalWeakTable<ActorSystem, TestEvents> s_bySystem = [];

    private readonly EventStream _events;
    private ImmutableList<EventTally> _tallies = [];
    private ImmutableList<Muting> _mutings = [];
    private ImmutableList<Func<LogEvent, bool>> _screens = [];

    private TestEvents(ActorSystem system)
    {
        Path = ((LocalActorSystem)system).Temporary / "test-events";
        _events = system.EventStream;
        _events.Subscribe(this, typeof(LogEvent));
        _events.Subscribe(this, typeof(DeadLetter));
        _events.Subscribe(this, typeof(UnhandledMessage));
    }

    public override ActorPath Path { get; }

    public static TestEvents Of(ActorSystem system) =>
        s_bySystem.GetValue(system, static known => new TestEvents(known));

    /// <summary>Counts events until the tally is disposed.</summary>
    /// <param name="wanted">at which count it is reached</param>
    public EventTally Count(IReadOnlyList<LogEventFilter> filters, int wanted)
    {
        var tally = new EventTally(filters, wanted, ended =>
            ImmutableInterlocked.Update(ref _tallies, all => all.Remove(ended)));
        ImmutableInterlocked.Update(ref _tallies, all => all.Add(tally));
        return tally;
    }

    /// <summary>Keeps events off the screens until that is ended.</summary>
    public IUnmutableFilter Mute(IReadOnlyList<LogEventFilter> filters)
    {
        var muting = new Muting(filters, ended =>
            ImmutableInterlocked.Update(ref _mutings, all => all.Remove(ended)));
        ImmutableInterlocked.Update(ref _mutings, all => all.Add(muting));
        return muting;
    }

    /// <summary>Shows what is logged at the system's level, as long as the screen returns true.</summary>
    public void ShowOn(Func<LogEvent, bool> screen) =>
        ImmutableInterlocked.Update(ref _screens, all => all.Add(screen));

    private protected override void Post(object message, IActorRef sender)
    {
        var logged = AsLogged(message);
        foreach (var tally in _tallies)
            tally.Note(logged);
        if (message is not LogEvent || logged.LogLevel() < _events.LogLevel
            || _mutings.Any(muting => muting.Fits(logged)))
            return;
        foreach (var screen in _screens)
            if (!screen(logged))
                ImmutableInterlocked.Update(ref _screens, all => all.Remove(screen));
    }

    /// <summary>
    /// Messages that reached nobody are warnings to filters, from whom they were meant for.
    /// </summary>
    private static LogEvent AsLogged(object published) => published switch
    {
        LogEvent logged => logged,
        DeadLetter letter => About(letter.Recipient, letter),
        UnhandledMessage lost => About(lost.Recipient, $"Unhandled message from {lost.Sender} : {lost.Message}"),
        _ => throw new InvalidOperationException($"not an event that is counted: {published}"),
    };

    private static Warning About(IActorRef actor, object what) => new(actor.Path.ToString(), actor.GetType(), what);

    public override bool Equals(IActorRef? other) => ReferenceEquals(this, other);

    public override bool Equals(object? obj) => ReferenceEquals(this, obj);

    public override int GetHashCode() => RuntimeHelpers.GetHashCode(this);

    private sealed class Muting(IReadOnlyList<LogEventFilter> filters, Action<Muting> end) : IUnmutableFilter
    {
        public bool Fits(LogEvent logged) => filters.Any(filter => filter.FitsSafely(logged));

        public void Unmute() => end(this);

        public void Dispose() => Unmute();
    }
}
