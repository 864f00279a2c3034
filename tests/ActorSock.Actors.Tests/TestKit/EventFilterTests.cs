using System.Text.RegularExpressions;
using Xunit.Sdk;

namespace ActorSock.EngineTests;

public class EventFilterTests : TestKit
{
    private static readonly TimeSpan s_shortly = TimeSpan.FromMilliseconds(50);

    public EventFilterTests() : base("akka.loglevel = DEBUG")
    {
    }

    [Fact]
    public void Events_are_told_apart_by_level()
    {
        EventFilter.Error("hello").ExpectOne(() => Log.Error("hello"));
        EventFilter.Warning("hello").ExpectOne(() => Log.Warning("hello"));
        EventFilter.Info("hello").ExpectOne(() => Log.Info("hello"));
        EventFilter.Debug("hello").ExpectOne(() => Log.Debug("hello"));

        Should.Throw<FailException>(() =>
            EventFilter.Error("hello").ExpectOne(s_shortly, () => Log.Info("hello")))
            .Message.ShouldContain("[INFO]");
    }

    [Fact]
    public void Events_are_told_apart_by_text()
    {
        EventFilter.Info(start: "he", contains: "ll").ExpectOne(() => Log.Info("hello"));
        EventFilter.Info(new Regex("^h.*o$")).ExpectOne(() => Log.Info("hello"));

        foreach (var other in new[] { EventFilter.Info("hell"), EventFilter.Info(start: "e"),
            EventFilter.Info(contains: "lll"), EventFilter.Info(new Regex("^e")) })
            other.Expect(0, s_shortly, () => Log.Info("hello"));
    }

    [Fact]
    public void Events_are_told_apart_by_source()
    {
        var logging = ActorOf(() => new Talkative(), "talkative");

        EventFilter.Info("hello", source: "/user/talkative").ExpectOne(() => logging.Tell("hello"));
        EventFilter.Info("hello", source: "akka://test/user/talkative").ExpectOne(() =>
            logging.Tell("hello"));
        EventFilter.Info("hello", source: "/user/quiet").Expect(0, s_shortly, () => logging.Tell("hello"));
    }

    [Fact]
    public void The_exception_behind_a_failure_can_be_expected()
    {
        var actor = ActorOf(() => new Talkative());

        EventFilter.Exception<FormatException>("what is this").ExpectOne(() =>
            actor.Tell(new FormatException("what is this")));
        EventFilter.Exception<SystemException>(contains: "is").ExpectOne(() =>
            actor.Tell(new FormatException("what is this")));
        EventFilter.Exception<ArgumentException>().Expect(0, s_shortly, () =>
            actor.Tell(new FormatException("what is this")));
    }

    [Fact]
    public void Exceptions_inside_others_are_looked_for_on_demand()
    {
        void LogIt() =>
            Log.Error(new InvalidOperationException("outside", new FormatException("inside")), "text");

        EventFilter.Exception(typeof(FormatException), "inside", checkInnerExceptions: true).ExpectOne(LogIt);
        EventFilter.Exception(typeof(FormatException), "inside").Expect(0, s_shortly, LogIt);
    }

    [Fact]
    public void Messages_to_the_dead_can_be_expected()
    {
        var actor = Watch(ActorOf(() => new Talkative(), "mortal"));
        Sys.Stop(actor);
        ExpectTerminated(actor);

        EventFilter.DeadLetter().ExpectOne(() => actor.Tell("anything"));
        EventFilter.DeadLetter<string>(text => text == "this", "/user/mortal").ExpectOne(() =>
            actor.Tell("this"));
        EventFilter.DeadLetter<int>().Expect(0, s_shortly, () => actor.Tell("no number"));
        EventFilter.DeadLetter<string>("/user/other").Expect(0, s_shortly, () => actor.Tell("not for him"));
    }

    [Fact]
    public void Too_many_events_are_as_wrong_as_too_few()
    {
        Should.Throw<FailException>(() => EventFilter.Info("hello").ExpectOne(() =>
        {
            Log.Info("hello");
            Log.Info("hello");
        })).Message.ShouldContain("there were 2");
        Should.Throw<FailException>(() =>
            EventFilter.Info("hello").Expect(2, s_shortly, () => Log.Info("hello")));
        Should.Throw<FailException>(() => EventFilter.Info("hello").Expect(0, () => Log.Info("hello")));
    }

    [Fact]
    public void Several_filters_count_together()
    {
        EventFilter.Info("hello").And.Warning("careful").Expect(2, () =>
        {
            Log.Info("hello");
            Log.Warning("careful");
            Log.Debug("nothing");
        });
    }

    [Fact]
    public void Any_predicate_can_be_a_filter_and_its_failure_is_the_tests()
    {
        EventFilter.Custom<Warning>(warning => warning.LogClass == GetType()).ExpectOne(() =>
            Log.Warning("careful"));

        Should.Throw<FormatException>(() =>
            EventFilter.Custom(_ => throw new FormatException()).ExpectOne(() => Log.Info("hello")));
    }

    [Fact]
    public void An_event_that_comes_after_the_code_is_waited_for()
    {
        var actor = ActorOf(() => new Talkative());

        EventFilter.Info("later").ExpectOne(() => Task.Run(() => actor.Tell("later")));
    }

    [Fact]
    public async Task The_awaiting_shapes_do_the_same()
    {
        await EventFilter.Info("hello").ExpectOneAsync(async () =>
        {
            await Task.Yield();
            Log.Info("hello");
        });
        (await EventFilter.Info("hello").ExpectAsync(1, async () =>
        {
            await Task.Yield();
            Log.Info("hello");
            return 5;
        })).ShouldBe(5);
        await Should.ThrowAsync<FailException>(() =>
            EventFilter.Info("hello").ExpectAsync(1, s_shortly, () => Task.CompletedTask));
        await Should.ThrowAsync<FormatException>(() =>
            EventFilter.Info("hello").ExpectOneAsync(() => Task.FromException(new FormatException())));
    }

    [Fact]
    public void The_result_of_the_code_comes_back() =>
        EventFilter.Info("hello").ExpectOne(() =>
        {
            Log.Info("hello");
            return 5;
        }).ShouldBe(5);

    private sealed class Talkative : UntypedActor
    {
        private readonly ILoggingAdapter _log = Context.GetLogger();

        protected override void OnReceive(object message)
        {
            if (message is Exception failure)
                throw failure;
            _log.Info((string)message);
        }
    }
}
