using ActorSock.Actors.Configuration;
using Xunit.Abstractions;

namespace ActorSock.Actors.TestKit.Xunit2;

/// <summary>The base of a test class: each test gets a system of its own, which ends with the test.</summary>
public class TestKit : TestKitBase, IDisposable
{
    /// <summary>Where the test writes; null when it was not given.</summary>
    protected readonly ITestOutputHelper? Output;

    private bool _disposed;

    /// <param name="system">a system to test with, which ends with the test; null makes one</param>
    /// <param name="output">where log events are shown; null shows none</param>
    public TestKit(ActorSystem? system = null, ITestOutputHelper? output = null) : base(Assertions, system)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <param name="config">laid over <see cref="DefaultConfig"/></param>
    /// <inheritdoc cref="TestKit(ActorSystem, ITestOutputHelper)"/>
    public TestKit(Config config, string? actorSystemName = null, ITestOutputHelper? output = null)
        : base(Assertions, config, actorSystemName)
    {
        Output = output;
        InitializeLogger(Sys);
    }

    /// <param name="config">HOCON, laid over <see cref="DefaultConfig"/></param>
    /// <inheritdoc cref="TestKit(ActorSystem, ITestOutputHelper)"/>
    public TestKit(string config, ITestOutputHelper? output = null)
        : this(ConfigurationFactory.ParseString(config), output: output)
    {
    }

    /// <inheritdoc cref="TestKitBase.DefaultConfig"/>
    public static new Config DefaultConfig => TestKitBase.DefaultConfig;

    /// <inheritdoc cref="TestKitBase.FullDebugConfig"/>
    public static new Config FullDebugConfig => TestKitBase.FullDebugConfig;

    protected static XunitAssertions Assertions { get; } = new();

    /// <summary>Runs after each test, before its system ends.</summary>
    protected virtual void AfterAll()
    {
    }

    /// <summary>Shows the log events of a system in the output of the test.</summary>
    protected void InitializeLogger(ActorSystem system) => ShowLog(system, null);

    /// <inheritdoc cref="InitializeLogger(ActorSystem)"/>
    /// <param name="prefix">stands in front of each line, to tell systems apart</param>
    protected void InitializeLogger(ActorSystem system, string prefix) => ShowLog(system, prefix);

    public void Dispose()
    {
        Dispose(disposing: true);
        GC.SuppressFinalize(this);
    }

    protected virtual void Dispose(bool disposing)
    {
        if (!disposing || _disposed)
            return;
        _disposed = true;
        try
        {
            AfterAll();
        }
        finally
        {
            Shutdown();
            ImplicitSender.Current = null;
        }
    }

    private void ShowLog(ActorSystem system, string? prefix)
    {
        if (Output is not null)
            TestEvents.Of(system).ShowOn(new TestOutputLogger(Output, prefix).Show);
    }
}
