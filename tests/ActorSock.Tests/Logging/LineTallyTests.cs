using ActorSock.Logging;

namespace ActorSock.Tests.Logging;

public sealed class LineTallyTests
{
    private readonly HandClock _clock = new();
    private readonly List<(int Files, long Bytes)> _told = [];

    [Fact]
    public void As_many_as_allowed_get_lines_of_their_own()
    {
        using var tally = Tally(linesASecondMax: 3);

        Enumerable.Range(0, 5).Select(_ => tally.TakesLine(10)).ShouldBe([true, true, true, false, false]);

        _told.ShouldBeEmpty();
    }

    [Fact]
    public void The_others_are_told_in_one_line_when_the_second_is_over()
    {
        using var tally = Tally(linesASecondMax: 1);
        for (var i = 0; i < 4; i++)
            tally.TakesLine(100);

        _clock.Advance(TimeSpan.FromSeconds(1));

        _told.ShouldBe([(3, 300)]);
        tally.TakesLine(1).ShouldBeTrue();
    }

    [Fact]
    public void What_was_counted_is_told_at_the_end()
    {
        using (var tally = Tally(linesASecondMax: 0))
            tally.TakesLine(7).ShouldBeFalse();

        _told.ShouldBe([(1, 7)]);
    }

    private LineTally Tally(int linesASecondMax) => new(linesASecondMax, _clock, (files, bytes) => _told.Add((files, bytes)));

    /// <summary>Goes on when told to; its one timer fires then.</summary>
    [System.Diagnostics.CodeAnalysis.SuppressMessage("Design", "CA1001", Justification = "Who asked for the timer disposes of it.")]
    private sealed class HandClock : TimeProvider
    {
        private long _now = TimeSpan.TicksPerHour;
        private OneTimer? _timer;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            _timer = new OneTimer(this, () => callback(state));

        public void Advance(TimeSpan by)
        {
            _now += by.Ticks;
            _timer?.FireIfDue();
        }

        private sealed class OneTimer(HandClock clock, Action fire) : ITimer
        {
            private long _due = long.MaxValue;

            public void FireIfDue()
            {
                if (clock._now < _due)
                    return;
                _due = long.MaxValue;
                fire();
            }

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                _due = dueTime == Timeout.InfiniteTimeSpan ? long.MaxValue : clock._now + dueTime.Ticks;
                return true;
            }

            public void Dispose() => _due = long.MaxValue;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
