using System.Net;
using ActorSock.Listening;
using ActorSock.Settings;
using ActorSock.Tests.Chat;
using ActorSock.Tests.Settings;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Tests.Listening;

/// <summary>When a datagram is left without an answer, so that no conversation goes on for ever.</summary>
public sealed class DatagramRoundsTests
{
    private const int Answers = 50, Echoes = 5;

    private readonly HandClock _clock = new();
    private readonly DatagramRounds _rounds;

    public DatagramRoundsTests() => _rounds = new DatagramRounds(Limits, _clock);

    [Theory]
    [InlineData(true, Echoes)]
    [InlineData(false, Answers)]
    public void One_is_dropped_after_so_many_and_those_behind_it_are_answered(bool isEcho, int max)
    {
        var answered = Enumerable.Range(0, 3 * (max + 1)).Select(_ => Ask(1, isEcho)).ToList();

        answered.ShouldBe(Enumerable.Range(0, 3).SelectMany(_ => Enumerable.Repeat(true, max).Append(false)));
    }

    [Fact]
    public void Questions_between_echoes_do_not_hide_them()
    {
        var answered = Enumerable.Range(0, Echoes).SelectMany(_ => new[] { Ask(1, isEcho: true), Ask(1, isEcho: false) });

        answered.ShouldAllBe(each => each);
        Ask(1, isEcho: true).ShouldBeFalse();
    }

    [Fact]
    public void After_a_pause_it_is_counted_anew()
    {
        for (var i = 0; i < 10 * Echoes; i++)
        {
            if (i % Echoes == 0)
                _clock.Advance(Limits.UdpPause + TimeSpan.FromTicks(1));
            Ask(1, isEcho: true).ShouldBeTrue();
        }
        _clock.Advance(Limits.UdpPause);
        Ask(1, isEcho: true).ShouldBeFalse();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Who_asks_no_faster_than_harms_nobody_is_always_answered(bool isEcho)
    {
        var rounds = new DatagramRounds(Limits with { UdpHarmlessASecond = 20 }, _clock);

        for (var i = 0; i < 20 * Answers; i++)
        {
            rounds.TryAnswer(Address("127.0.0.1", 1), isEcho, _clock.GetTimestamp()).ShouldBeTrue($"question {i}");
            _clock.Advance(TimeSpan.FromMilliseconds(50));
        }
    }

    [Theory]
    [InlineData(true, Echoes)]
    [InlineData(false, Answers)]
    public void A_loop_that_is_faster_than_that_comes_to_an_end(bool isEcho, int max)
    {
        var rounds = new DatagramRounds(Limits with { UdpHarmlessASecond = 20 }, _clock);
        var answered = 0;

        for (; rounds.TryAnswer(Address("127.0.0.1", 1), isEcho, _clock.GetTimestamp()); answered++)
            _clock.Advance(TimeSpan.FromMilliseconds(25)); // twice as fast, so every second one is made up for

        answered.ShouldBe(2 * max - 1);
    }

    [Theory]
    [InlineData("127.0.0.1", "127.0.0.1")]
    [InlineData("127.0.0.1", "127.0.0.2")]
    [InlineData("2001:db8::1", "2001:db8::1")]
    [InlineData("2001:db8::1", "2001:db8::1:0:0:1")]
    public void Addresses_and_ports_are_counted_apart(string one, string other)
    {
        // Two may fall on the same place: of a hundred pairs few do.
        var apart = Enumerable.Range(1, 100).Count(i =>
        {
            var rounds = new DatagramRounds(Limits with { UdpEchoesMax = 1 }, _clock);
            return rounds.TryAnswer(Address(one, i), isEcho: true, 0) && rounds.TryAnswer(Address(other, i + 1000), isEcho: true, 0);
        });

        apart.ShouldBeGreaterThan(90);
    }

    [Fact]
    public void Whatever_goes_round_ends_however_many_forged_sources_are_between() =>
        Check.One(Config.QuickThrowOnFailure.WithMaxTest(200), Prop.ForAll(
            Gen.Choose(1, 20).ToArbitrary(), Gen.Choose(0, 30).ToArbitrary(), (int circling, int forged) =>
            {
                var rounds = new DatagramRounds(Limits, _clock);
                var (left, asked, port) = (circling, 0, 1000);
                // Few of the forged fall on the same place, and may be dropped in its stead.
                while (left > 0 && asked <= 10 * circling * (Echoes + 1))
                {
                    asked++;
                    if (!rounds.TryAnswer(Address("192.0.2.1", 7), isEcho: true, 0))
                        left--;
                    for (var i = 0; i < forged; i++)
                        rounds.TryAnswer(Address("192.0.2.2", port++ % 65_000 + 1), isEcho: true, 0);
                }
                return left == 0;
            }));

    private static ListenerSettings Limits { get; } = Reference() with
    {
        UdpAnswersMax = Answers, UdpEchoesMax = Echoes, UdpPause = TimeSpan.FromSeconds(2), UdpHarmlessASecond = 0,
    };

    private static ListenerSettings Reference()
    {
        using var loading = new Loading();
        return loading.Settings.Listeners;
    }

    private bool Ask(int port, bool isEcho) => _rounds.TryAnswer(Address("127.0.0.1", port), isEcho, _clock.GetTimestamp());

    private static ReadOnlySpan<byte> Address(string address, int port) => DatagramPeer.Of(new IPEndPoint(IPAddress.Parse(address), port)).Address;
}
