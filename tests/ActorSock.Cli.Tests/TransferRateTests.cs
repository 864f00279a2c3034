using ActorSock.Cli.Commands.Storing;

namespace ActorSock.Cli.Tests;

/// <summary>How fast a transfer is said to be, and how long it will take.</summary>
public sealed class TransferRateTests
{
    private readonly PaperClock _clock = new();

    [Fact]
    public void It_is_that_of_the_last_seconds()
    {
        var rate = new TransferRate(_clock);
        for (var second = 0; second <= 60; second++)
        {
            rate.Tell(second < 30 ? second * 1000 : 30_000 + (second - 30) * 10);
            _clock.Pass(TimeSpan.FromSeconds(1));
        }

        rate.BytesPerSecond!.Value.ShouldBe(10, 0.001);
        rate.Left(30_400).ShouldBe(TimeSpan.FromSeconds(10));
    }

    [Fact]
    public void What_was_there_before_counts_for_nothing()
    {
        var rate = new TransferRate(_clock);
        rate.Tell(0);
        _clock.Pass(TimeSpan.FromSeconds(1));
        rate.StartAt(1_000_000);
        rate.BytesPerSecond.ShouldBeNull();
        rate.Left(2_000_000).ShouldBeNull();
        _clock.Pass(TimeSpan.FromSeconds(2));
        rate.Tell(1_000_100);

        rate.BytesPerSecond.ShouldBe(50);
    }

    [Fact]
    public void Of_what_stands_still_nobody_knows_how_long_it_takes()
    {
        var rate = new TransferRate(_clock);
        rate.Tell(5);
        _clock.Pass(TimeSpan.FromSeconds(1));
        rate.Tell(5);

        rate.BytesPerSecond.ShouldBe(0);
        rate.Left(10).ShouldBeNull();
    }

    [Theory]
    [InlineData(0, "0 B")]
    [InlineData(1023, "1023 B")]
    [InlineData(1536, "1.5 KiB")]
    [InlineData(104_857_600, "100 MiB")]
    [InlineData(long.MaxValue, "8192 PiB")]
    public void Sizes_are_written_for_people(long bytes, string text) => ByteSize.Of(bytes).ShouldBe(text);

    [Theory]
    [InlineData(7, "0:07")]
    [InlineData(3723, "1:02:03")]
    [InlineData(360_000, "100:00:00")]
    public void Times_are_written_for_people(int seconds, string text) => ByteSize.Of(TimeSpan.FromSeconds(seconds)).ShouldBe(text);

    private sealed class PaperClock : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan time) => _now += time.Ticks;
    }
}
