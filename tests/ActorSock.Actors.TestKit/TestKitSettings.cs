using ActorSock.Actors.Configuration;

namespace ActorSock.Actors.TestKit;

/// <summary>The settings of a kit; each key is explained in the kit's <c>reference.conf</c>.</summary>
public class TestKitSettings : IExtension
{
    /// <param name="config">a whole configuration, with <c>akka.test</c> in it</param>
    /// <exception cref="ArgumentException">the time factor is not positive</exception>
    public TestKitSettings(Config config)
    {
        var all = config.WithFallback(TestKitBase.DefaultConfig);
        DefaultTimeout = all.GetTimeSpan("akka.test.default-timeout", allowInfinite: false);
        SingleExpectDefault = all.GetTimeSpan("akka.test.single-expect-default", allowInfinite: false);
        ExpectNoMessageDefault = all.GetTimeSpan("akka.test.expect-no-message-default", allowInfinite: false);
        TestEventFilterLeeway = all.GetTimeSpan("akka.test.filter-leeway", allowInfinite: false);
        TestTimeFactor = all.GetDouble("akka.test.timefactor");
        if (TestTimeFactor <= 0)
            throw new ArgumentException($"akka.test.timefactor is {TestTimeFactor}: it must be positive",
                nameof(config));
    }

    public TimeSpan DefaultTimeout { get; }

    public TimeSpan SingleExpectDefault { get; }

    public TimeSpan ExpectNoMessageDefault { get; }

    public TimeSpan TestEventFilterLeeway { get; }

    public double TestTimeFactor { get; }
}
