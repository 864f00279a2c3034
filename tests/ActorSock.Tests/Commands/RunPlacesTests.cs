using ActorSock.Commands;

namespace ActorSock.Tests.Commands;

public sealed class RunPlacesTests : TestKit
{
    private readonly RunPlaces places = new(max: 2, waitingMax: 2);

    [Fact]
    public void Who_comes_first_is_served_first_and_the_line_has_an_end()
    {
        var (first, second, late) = (CreateTestProbe(), CreateTestProbe(), CreateTestProbe());

        places.Take(TestActor).ShouldBe(RunPlaces.Answer.Taken);
        places.Take(TestActor).ShouldBe(RunPlaces.Answer.Taken);
        places.Take(first.Ref).ShouldBe(RunPlaces.Answer.Waits);
        places.Take(second.Ref).ShouldBe(RunPlaces.Answer.Waits);
        places.Take(late.Ref).ShouldBe(RunPlaces.Answer.Full);
        places.Return();

        first.ExpectMsg<RunPlaces.Granted>();
        second.ExpectNoMsg(TimeSpan.Zero);
        (places.TakenCount, places.WaitingCount).ShouldBe((2, 1));
    }

    [Fact]
    public void Who_leaves_the_line_is_passed_over_and_a_place_granted_meanwhile_goes_on()
    {
        var (first, second) = (CreateTestProbe(), CreateTestProbe());
        places.Take(TestActor);
        places.Take(TestActor);
        places.Take(first.Ref);
        places.Take(second.Ref);

        places.Return();
        places.Leave(first.Ref); // it was granted, and has not heard of it

        second.ExpectMsg<RunPlaces.Granted>();
        places.Leave(second.Ref);
        (places.TakenCount, places.WaitingCount).ShouldBe((1, 0));
        places.Return();
        (places.TakenCount, places.WaitingCount).ShouldBe((0, 0));
    }
}
