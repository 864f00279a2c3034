namespace ActorSock.EngineTests;

public class LifeTests
{
    [Fact]
    public void The_end_of_a_test_ends_its_system()
    {
        var kit = new TestKit();
        var system = kit.Sys;

        kit.Dispose();
        kit.Dispose();

        system.WhenTerminated.IsCompletedSuccessfully.ShouldBeTrue();
    }

    [Fact]
    public void A_system_that_does_not_end_is_told_on_demand()
    {
        using var free = new ManualResetEventSlim();
        using var kit = new TestKit();
        var started = kit.CreateTestLatch();
        kit.ActorOf(() => new Stuck(free, started)).Tell("work");
        started.Ready();

        Should.Throw<TimeoutException>(() =>
            kit.Shutdown(TimeSpan.FromMilliseconds(50), verifySystemShutdown: true));
        kit.EventFilter.Warning(contains: "did not end").ExpectOne(() =>
            kit.Shutdown(TimeSpan.FromMilliseconds(50)));

        free.Set();
        kit.Shutdown(verifySystemShutdown: true);
    }

    [Fact]
    public void A_system_that_knows_nothing_of_tests_can_be_tested()
    {
        var system = ActorSystem.Create("plain", ConfigurationFactory.ParseString("akka.loggers = []"));
        using var kit = new TestKit(system);
        var echo = kit.ActorOf<Echo>("echo");

        echo.Tell("hello");

        kit.ExpectMsg("hello");
        kit.EventFilter.Info("counted").ExpectOne(() => kit.Log.Info("counted"));
        kit.Sys.ShouldBeSameAs(system);
    }

    [Fact]
    public void Two_kits_on_one_system_do_not_disturb_each_other()
    {
        using var one = new TestKit();
        using var other = new TestKit(one.Sys);

        one.TestActor.Tell("one");
        other.TestActor.Tell("other");

        one.ExpectMsg("one");
        other.ExpectMsg("other");
        one.TestActor.Path.Name.ShouldNotBe(other.TestActor.Path.Name);
    }

    [Fact]
    public void A_configuration_is_laid_over_the_kits_own()
    {
        using var kit = new TestKit("akka.test.default-timeout = 7s, my.key = 5");

        kit.TestKitSettings.DefaultTimeout.ShouldBe(TimeSpan.FromSeconds(7));
        kit.TestKitSettings.SingleExpectDefault.ShouldBe(TimeSpan.FromSeconds(3));
        kit.Sys.Settings.Config.GetInt("my.key").ShouldBe(5);
        Should.Throw<ArgumentException>(() =>
            new TestKitSettings(ConfigurationFactory.ParseString("akka.test.timefactor = 0")));
    }

    [Fact]
    public void After_a_test_nobody_stands_for_its_test_actor()
    {
        using (var kit = new TestKit())
            kit.ActorOf<Echo>().Tell("hello");
        using var next = new Anonymous();

        next.TestActor.Tell("hello");

        next.ExpectMsg("hello");
        next.LastSender.ShouldBe(next.Sys.DeadLetters);
    }

    [Fact]
    public void Another_test_actor_feeds_the_same_test()
    {
        using var kit = new TestKit();
        var second = kit.CreateTestActor("second");

        second.Tell("hello");

        kit.ExpectMsg("hello");
        second.ShouldNotBe(kit.TestActor);
        kit.ActorSelection("/system/second").Tell("found");
        kit.ExpectMsg("found");
        kit.ActorSelection(second, "../second").Tell("found again");
        kit.ExpectMsg("found again");
    }

    private sealed class Anonymous : TestKit, INoImplicitSender;

    private sealed class Stuck(ManualResetEventSlim free, TestLatch started) : UntypedActor
    {
        protected override void OnReceive(object message)
        {
            started.CountDown();
            free.Wait();
        }
    }
}
