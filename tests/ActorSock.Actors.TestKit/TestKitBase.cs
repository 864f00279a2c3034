using System.Diagnostics.CodeAnalysis;
using ActorSock.Actors.Configuration;
using ActorSock.Actors.Dispatch;
using ActorSock.Actors.Event;

namespace ActorSock.Actors.TestKit;

/// <summary>
/// What a test needs to talk with actors: a system, an actor of its own, and ways to say what it expects.
/// </summary>
/// <remarks>
/// The test stands for <see cref="TestActor"/>: what it tells is sent by that actor, and what that actor
/// receives, the test looks at one after another. A time that a test names is multiplied by
/// <c>akka.test.timefactor</c>.
/// </remarks>
public abstract partial class TestKitBase : IActorRefFactory
{
    private static long s_testActors;

    private readonly ITestKitAssertions _assertions;
    private readonly EnvelopeQueue _queue = new();
    private MessageEnvelope? _last;
    private bool _lastWasNoMessage;
    private TimeSpan? _end;

    /// <param name="assertions">the test framework's way to fail</param>
    /// <param name="system">a system to test with; null makes one</param>
    /// <param name="testActorName">the name of the test actor below <c>/system</c></param>
    protected TestKitBase(ITestKitAssertions assertions, ActorSystem? system = null,
        string? testActorName = null)
        : this(assertions, system, null, null, testActorName)
    {
    }

    /// <param name="config">laid over the kit's own configuration, <see cref="DefaultConfig"/></param>
    protected TestKitBase(
        ITestKitAssertions assertions, Config config, string? actorSystemName = null,
        string? testActorName = null)
        : this(assertions, null, config, actorSystemName, testActorName)
    {
    }

    private TestKitBase(
        ITestKitAssertions assertions, ActorSystem? system, Config? config, string? actorSystemName,
        string? testActorName)
    {
        _assertions = assertions ?? throw new ArgumentNullException(nameof(assertions));
        InitializeTest(system, config, actorSystemName, testActorName);
    }

    /// <summary>What systems made by a kit run with beneath the engine's own defaults.</summary>
    public static Config DefaultConfig { get; } =
        ConfigurationFactory.FromResource<TestKitBase>("reference.conf");

    /// <summary>A configuration that logs everything there is to log.</summary>
    public static Config FullDebugConfig { get; } = ConfigurationFactory.ParseString("""
        akka {
          loglevel = DEBUG
          actor.debug { receive = on, autoreceive = on, lifecycle = on, event-stream = on, unhandled = on }
        }
        """);

    /// <summary>Time since some fixed point; it never goes back.</summary>
    public static TimeSpan Now => TimeProvider.System.GetElapsedTime(0);

    public ActorSystem Sys { get; private set; }

    /// <summary>Who the test is among actors.</summary>
    public IActorRef TestActor { get; private set; }

    public TestKitSettings TestKitSettings { get; private set; }

    public ILoggingAdapter Log { get; private set; }

    /// <summary>What was received or looked at last; null when the last wait was in vain.</summary>
    public object? LastMessage => _last?.Message;

    /// <summary>Who sent <see cref="LastMessage"/>.</summary>
    public IActorRef LastSender => _last?.Sender ?? ActorRefs.NoSender;

    /// <summary>
    /// Describes log events of <see cref="Sys"/> that the test expects or does not care about.
    /// </summary>
    public EventFilterFactory EventFilter => new(this);

    public bool HasMessages => _queue.Count > 0;

    /// <summary>Puts the kit to work again with another system.</summary>
    [MemberNotNull(nameof(Sys), nameof(TestActor), nameof(TestKitSettings), nameof(Log))]
    protected void InitializeTest(ActorSystem? system, Config? config, string? actorSystemName,
        string? testActorName)
    {
        Sys = system ?? ActorSystem.Create(
            actorSystemName ?? "test", config is null ? DefaultConfig : config.WithFallback(DefaultConfig));
        Local.Dispatchers.TryAdd(new CallingThreadDispatcher());
        TestKitSettings = new TestKitSettings(Sys.Settings.Config);
        Log = Logging.GetLogger(Sys, GetType());
        TestActor = CreateTestActor(testActorName ?? $"testActor{Interlocked.Increment(ref s_testActors)}");
        if (this is not TestProbe)
            ImplicitSender.Current = this is INoImplicitSender ? null : (ActorCell)TestActor;
    }

    /// <summary>Starts another actor whose messages this kit looks at.</summary>
    public IActorRef CreateTestActor(string name) =>
        ((ExtendedActorSystem)Sys).SystemActorOf(ActorSock.Actors.TestKit.TestActor.Props(_queue), name);

    /// <summary>Somebody else to talk with: a probe has its own actor and its own messages.</summary>
    public virtual TestProbe CreateTestProbe(string? name = null) => CreateTestProbe(Sys, name);

    public virtual TestProbe CreateTestProbe(ActorSystem system, string? name = null) =>
        new(system, _assertions, name);

    public virtual TestLatch CreateTestLatch(int count = 1) =>
        new(Dilated, count, TestKitSettings.DefaultTimeout);

    /// <summary>As <see cref="EventFilter"/>, for another system.</summary>
    public EventFilterFactory CreateEventFilter(ActorSystem system) => new(this, system);

    /// <summary>Stops the system and waits for its end.</summary>
    /// <param name="duration">how long to wait; the default is <c>akka.test.default-timeout</c>, and at most
    /// 10 s</param>
    /// <param name="verifySystemShutdown">throw when it does not end in time; otherwise that is a warning in
    /// the log</param>
    public virtual void Shutdown(TimeSpan? duration = null, bool verifySystemShutdown = false) =>
        Shutdown(Sys, duration, verifySystemShutdown);

    protected virtual void Shutdown(ActorSystem system, TimeSpan? duration = null,
        bool verifySystemShutdown = false)
    {
        var longest = TimeSpan.FromSeconds(10);
        var byDefault = Dilated(TestKitSettings.DefaultTimeout);
        var limit = duration ?? (byDefault < longest ? byDefault : longest);
        if (system.Terminate().Wait(limit))
            return;
        var problem = $"{system} did not end within {limit}: some actor is still at work";
        if (verifySystemShutdown)
            throw new TimeoutException(problem);
        system.Log.Warning(problem);
    }

    /// <summary>A time multiplied by <c>akka.test.timefactor</c>.</summary>
    public TimeSpan Dilated(TimeSpan duration) =>
        duration == Timeout.InfiniteTimeSpan ? duration : duration * TestKitSettings.TestTimeFactor;

    private LocalActorSystem Local => (LocalActorSystem)Sys;

    /// <summary>Has the test actor do something, and waits until it has.</summary>
    private void Command(Action<TestActor> action)
    {
        var command = new TestActor.Command(action);
        TestActor.Tell(command, ActorRefs.NoSender);
        if (!command.Done.Wait(Dilated(TestKitSettings.DefaultTimeout)))
            throw new TimeoutException($"{TestActor} does not react: it was stopped, or this is one of its pilots");
        command.Done.GetAwaiter().GetResult();
    }

    /// <exception cref="InvalidOperationException">the test framework did not throw</exception>
    [DoesNotReturn]
    internal void Fail(string problem, string? hint = null)
    {
        _assertions.Fail(string.IsNullOrEmpty(hint) ? problem : $"{problem} ({hint})");
        throw new InvalidOperationException($"the assertions of {GetType()} let a failure pass: {problem}");
    }
}
