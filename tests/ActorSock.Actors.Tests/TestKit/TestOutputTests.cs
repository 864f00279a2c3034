using System.Collections.Concurrent;
using Xunit.Abstractions;

namespace ActorSock.EngineTests;

public class TestOutputTests
{
    [Fact]
    public void What_is_logged_is_shown_in_the_output_of_the_test()
    {
        var output = new Lines();
        using var kit = new Kit(output);

        kit.Log.Info("shown");
        kit.Log.Debug("not at this level");

        output.ShouldHaveSingleItem().ShouldContain("shown");
    }

    [Fact]
    public void What_is_muted_is_not_shown()
    {
        var output = new Lines();
        using var kit = new Kit(output);

        using (kit.EventFilter.Info(contains: "noise").Mute())
            kit.Log.Info("noise");
        kit.EventFilter.Info(contains: "noise").Mute(() => kit.Log.Info("noise again"));
        kit.Log.Info("noise at last");

        output.ShouldHaveSingleItem().ShouldContain("noise at last");
    }

    [Fact]
    public void Systems_are_told_apart_by_a_prefix()
    {
        var output = new Lines();
        using var kit = new Kit(output);
        using var other = new Kit(null);

        kit.AlsoShow(other.Sys, "other");
        other.Log.Info("hello");

        output.ShouldHaveSingleItem().ShouldStartWith("other:");
    }

    [Fact]
    public void Logging_after_the_test_harms_nobody()
    {
        var output = new Lines { IsOver = true };
        using var kit = new Kit(output);

        kit.Log.Info("too late");
        kit.Log.Info("too late");

        output.Refused.ShouldBe(1);
    }

    private sealed class Kit(ITestOutputHelper? output) : TestKit(output: output)
    {
        public void AlsoShow(ActorSystem system, string prefix) => InitializeLogger(system, prefix);
    }

    private sealed class Lines : ConcurrentQueue<string>, ITestOutputHelper
    {
        public bool IsOver { get; init; }

        public int Refused { get; private set; }

        public void WriteLine(string message)
        {
            if (IsOver)
            {
                Refused++;
                throw new InvalidOperationException("There is no currently active test.");
            }
            Enqueue(message);
        }

        public void WriteLine(string format, params object[] args) => WriteLine(string.Format(format, args));
    }
}
