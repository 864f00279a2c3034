using ActorSock.Lanes;

namespace ActorSock.Tests.Lanes;

/// <summary>Which lanes an upload's digest goes through.</summary>
public sealed class DigestLanesTests : TestKit
{
    private readonly DigestLanes _lanes = new();
    private readonly TestProbe _first, _second;

    public DigestLanesTests()
    {
        (_first, _second) = (CreateTestProbe(), CreateTestProbe());
        _lanes.Add(_first);
        _lanes.Add(_second);
    }

    [Fact]
    public void The_lanes_of_one_are_filled_before_those_of_the_next_are_used()
    {
        var uploads = Begin(DigestLanes.Width + 1);

        uploads.SkipLast(1).ShouldAllBe(upload => upload.Lanes.Equals(_first.Ref));
        uploads[^1].Lanes.ShouldBe(_second.Ref);
    }

    [Fact]
    public void The_place_of_one_that_ended_is_the_next_ones()
    {
        var uploads = Begin(DigestLanes.Width + 1);

        _lanes.End(uploads[3]);

        _first.ExpectMsg<DigestLanesActor.Command.Forget>().Digest.ShouldBe(uploads[3]);
        Begin(1)[0].Lanes.ShouldBe(_first.Ref);
        Begin(1)[0].Lanes.ShouldBe(_second.Ref);
    }

    [Fact]
    public void When_all_are_taken_the_load_is_spread()
    {
        Begin(2 * DigestLanes.Width);

        Begin(10).CountBy(upload => upload.Lanes).Select(lanes => lanes.Value).ShouldBe([5, 5]);
    }

    private List<UploadDigest> Begin(int count) => [.. Enumerable.Range(0, count).Select(_ => _lanes.Begin(TestActor))];
}
