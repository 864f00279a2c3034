using System.Security.Cryptography;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Digests.Tests;

public sealed class Md5LanesTests
{
    public static IEnumerable<Md5Width> WidthsHere =>
        Enum.GetValues<Md5Width>().Where(width => width <= Md5Lanes.Widest);

    public static TheoryData<Md5Width> Widths => [.. WidthsHere];

    /// <summary>What came before in each stream and what comes in the call: 0 to 40 lanes.</summary>
    private static readonly Gen<(int Before, int Now)[]> Mixes =
        from count in Gen.OneOf(Gen.Choose(0, 40), Gen.Elements(1, 4, 8, 15, 16, 17, 32, 33))
        from same in Gen.Elements(false, true)
        from length in Streams.Lengths
        from lanes in Gen.ArrayOf(
            from before in Gen.OneOf(Gen.Constant(0), Streams.Lengths)
            from now in same ? Gen.Constant(length) : Streams.Lengths
            select (before, now),
            count)
        select lanes;

    [Theory]
    [MemberData(nameof(Widths))]
    public void Lanes_of_any_number_length_and_state_have_the_frameworks_digests(Md5Width width)
    {
        var kernels = new Md5Lanes(width);
        Properties.Hold(Mixes, mix =>
        {
            var bytes = mix.Select((lane, i) => Streams.Random(i, lane.Before + lane.Now)).ToArray();
            var streams = mix.Select(_ => new Md5Stream()).ToArray();
            for (var i = 0; i < mix.Length; i++) streams[i].Append(bytes[i].AsSpan(0, mix[i].Before));

            kernels.Append(
                [.. streams.Select((stream, i) => new Md5Lane(stream, bytes[i].AsMemory(mix[i].Before)))]);

            for (var i = 0; i < mix.Length; i++)
            {
                streams[i].BytesCount.ShouldBe(bytes[i].Length);
                Streams.DigestOf(streams[i]).ShouldBe(
                    MD5.HashData(bytes[i]), $"lane {i} of {mix.Length}: {mix[i]}");
            }
        });
    }

    [Theory]
    [MemberData(nameof(Widths))]
    public void One_stream_in_many_calls_has_the_digest_of_all_its_bytes(Md5Width width)
    {
        var kernels = new Md5Lanes(width);
        Properties.Hold(
            from lanes in Gen.Choose(1, 20)
            from calls in Streams.Lengths.NonEmptyListOf()
            select (lanes, calls),
            given =>
            {
                var streams = Enumerable.Range(0, given.lanes).Select(_ => new Md5Stream()).ToArray();
                var bytes = Streams.Random(1, given.calls.Sum() + given.lanes);
                var at = 0;

                foreach (var length in given.calls)
                {
                    kernels.Append(
                        [.. streams.Select((stream, i) => new Md5Lane(stream, bytes.AsMemory(at + i, length)))]);
                    at += length;
                }

                for (var i = 0; i < given.lanes; i++)
                    Streams.DigestOf(streams[i]).ShouldBe(MD5.HashData(bytes.AsSpan(i, at)), $"lane {i}");
            },
            cases: 200);
    }

    [Fact]
    public void The_same_stream_twice_in_one_call_is_refused_and_nothing_is_digested()
    {
        var (first, second) = (new Md5Stream(), new Md5Stream());
        var bytes = Streams.Random(1, 200);
        var kernels = new Md5Lanes();

        var refusal = Should.Throw<ArgumentException>(
            () => kernels.Append([new(first, bytes), new(second, bytes), new(first, bytes)]));

        refusal.Message.ShouldContain("lane 2");
        first.BytesCount.ShouldBe(0);
        second.BytesCount.ShouldBe(0);
        kernels.Append([new(first, bytes), new(second, bytes)]);
        Streams.DigestOf(first).ShouldBe(MD5.HashData(bytes));
        Streams.DigestOf(second).ShouldBe(MD5.HashData(bytes));
    }

    [Fact]
    public void The_memory_of_every_lane_is_held_during_the_call_and_let_go_after_it()
    {
        var pages = Enumerable.Range(0, 20).Select(i => new CountsPins(Streams.Random(i, 100 * i))).ToArray();
        var streams = pages.Select(_ => new Md5Stream()).ToArray();

        new Md5Lanes().Append([.. streams.Select((stream, i) => new Md5Lane(stream, pages[i].Memory[i..]))]);

        pages.ShouldAllBe(page => page.PinsCount == 0 && page.PinsEverCount == 1);
        for (var i = 0; i < pages.Length; i++)
            Streams.DigestOf(streams[i]).ShouldBe(MD5.HashData(pages[i].GetSpan()[i..]));
    }

    [Fact]
    public void Memory_that_cannot_be_held_fails_the_call_before_anything_is_digested()
    {
        var (first, second) = (new Md5Stream(), new Md5Stream());
        var page = new CountsPins(Streams.Random(1, 200));
        var gone = new CountsPins(Streams.Random(2, 200), refuses: true);
        var kernels = new Md5Lanes();

        Should.Throw<ObjectDisposedException>(
            () => kernels.Append([new(first, page.Memory), new(second, gone.Memory)]));

        page.PinsCount.ShouldBe(0);
        first.BytesCount.ShouldBe(0);
        kernels.Append([new(first, page.Memory), new(second, page.Memory)]);
        Streams.DigestOf(second).ShouldBe(MD5.HashData(page.GetSpan()));
    }

    [Fact]
    public void A_call_allocates_nothing_once_there_were_as_many_lanes()
    {
        var kernels = new Md5Lanes();
        var bytes = Streams.Random(1, 3000);
        Md5Lane[] lanes = [.. Enumerable.Range(0, 40).Select(i => new Md5Lane(new(), bytes.AsMemory(50 * i)))];
        kernels.Append(lanes);

        var before = GC.GetAllocatedBytesForCurrentThread();
        kernels.Append(lanes);

        (GC.GetAllocatedBytesForCurrentThread() - before).ShouldBe(0);
    }

    [Fact]
    public void A_lane_without_a_stream_is_refused() =>
        Should.Throw<ArgumentException>(() => new Md5Lanes().Append([default])).Message.ShouldContain("lane 0");

    [Fact]
    public void Widths_that_are_none_or_that_the_processor_has_not_got_are_refused()
    {
        Should.Throw<ArgumentOutOfRangeException>(() => new Md5Lanes((Md5Width)3));
        foreach (var width in Enum.GetValues<Md5Width>().Where(width => width > Md5Lanes.Widest))
            Should.Throw<PlatformNotSupportedException>(() => new Md5Lanes(width));
    }
}
