using ActorSock.Settings;

namespace ActorSock.Tests.Chat;

public class BoundNamesTests
{
    private const string Egg = "egg@127.0.0.1:9005", Yuan = "yuan@127.0.0.2:40001", YuanLater = "yuan@127.0.0.2:40002";

    private static TalkingRoom Room(string eggTo = "all") => new(TalkingRoom.Rules with
    {
        Bound = new Dictionary<string, BoundMember>
        {
            ["egg"] = new() { Address = "127.0.0.1:9005", To = eggTo },
            ["yuan"] = new() { Address = "127.0.0.2", To = "bob" },
        },
    });

    [Fact]
    public void Bare_text_from_a_bound_address_is_said_under_its_name_and_to_whom_the_operator_chose()
    {
        var room = Room().Say("bob", "/join bob").Say("alice", "/join alice");
        room.Heard.Clear();

        room.Say(Egg, "hello\n").ShouldHear("bob < from egg to all: hello", "alice < from egg to all: hello");
        room.Say(Yuan, "你好").ShouldHear("bob < came yuan", "alice < came yuan", "bob < from yuan: 你好");
    }

    [Fact]
    public void Bound_names_take_nobody_elses_place()
    {
        var room = new TalkingRoom(TalkingRoom.Rules with
        {
            MembersMax = 1, Bound = new Dictionary<string, BoundMember> { ["egg"] = new() { Address = "127.0.0.1:9005", To = "all" } },
        });

        room.Say(Egg, "hello").Say("bob", "/join bob").HeardBy("bob").ShouldContain("joined bob silence 60");

        room.Say("alice", "/join alice").HeardBy("alice").ShouldBe(["refused 503 room full: 1 members are here: try again later"]);
    }

    [Fact]
    public void Who_is_bound_hears_texts_and_nothing_else()
    {
        var room = Room().Say(Yuan, "anybody?");
        room.HeardBy(Yuan).ShouldBe(["unknown bob"]);

        room.Say("bob", "/join bob").Say("bob", "/to yuan hi").Say("bob", "/all hey").Say("bob", "/join robert").Say("bob", "/leave");
        room.HeardBy(Yuan).ShouldBe(["bob: hi", "bob: hey"]);
    }

    [Fact]
    public void Who_is_bound_hears_when_nobody_could_get_its_text()
    {
        var room = Room().Say(Egg, "hello");
        room.ShouldHear($"{Egg} < undelivered all: nobody has it");

        room.Say("bob", "/join bob acks").Say("alice", "/join alice acks").Say(Egg, "hello");
        room.Heard.Clear();
        room.Passes(TimeSpan.FromSeconds(6)).HeardBy(Egg).ShouldBe(["undelivered all: nobody has it"]);
        room.Say(Egg, "hello").Say("alice", "/got 6").Passes(TimeSpan.FromSeconds(6)).HeardBy(Egg).ShouldBeEmpty();
        room.Say(Yuan, "hello").Passes(TimeSpan.FromSeconds(6)).HeardBy(Yuan).ShouldBe(["undelivered bob: no answer"]);
    }

    [Fact]
    public void A_binding_without_a_port_is_the_name_of_the_port_that_spoke_last()
    {
        var room = Room().Say("bob", "/join bob").Say("bob", "/to yuan are you there").Say(Yuan, "one");
        room.Heard.ShouldContain("bob < unknown yuan");
        room.Say("bob", "/to yuan a").HeardBy(Yuan).ShouldBe(["bob: a"]);

        room.Say(YuanLater, "two").Say("bob", "/to yuan b");
        room.ShouldHear("bob < from yuan: two", $"{YuanLater} < bob: b", "bob < delivered yuan");

        room.Passes(TimeSpan.FromSeconds(59)).Say("bob", "/ping");
        for (var i = 0; i < 61; i++)
            room.Passes(TimeSpan.FromSeconds(59)).Say("bob", "/ping");
        room.Heard.ShouldContain("bob < left yuan: silent for 3600 s");
    }

    [Fact]
    public void A_binding_with_a_port_is_there_from_the_start_and_stays()
    {
        var room = Room().Say("bob", "/join bob").Say("bob", "/to egg hi");
        room.Heard.ShouldBe(["bob < joined bob silence 60", "127.0.0.1:9005 < bob: hi".Insert(0, "udp://"), "bob < delivered egg"]);
        room.Passes(TimeSpan.FromDays(1)).Say("bob", "/join bob").Say("bob", "/who").Heard.ShouldContain("bob < here bob egg");
    }

    [Fact]
    public void Nobody_joins_under_a_bound_name_and_nobody_speaks_under_it_from_elsewhere()
    {
        var room = Room().Say("eve", "/join EGG").Say("eve", "/join yuan").Say("tcp-eve", "/join Yuan");
        room.Heard.Count(line => line.Contains("refused 403 name reserved", StringComparison.Ordinal)).ShouldBe(3);
        room.Heard.Clear();

        room.Say("x@127.0.0.1:9006", "hello").ShouldHear("x@127.0.0.1:9006 < refused 401 join first: /join NAME");
    }

    [Fact]
    public void A_program_that_can_do_more_may_join_from_a_bound_address()
    {
        var room = Room().Say(Yuan, "hello").Say(Yuan, "/join carol");
        room.Heard.Clear();

        room.Say(Yuan, "hello").Say(Yuan, "/who");
        room.ShouldHear("udp://127.0.0.1:9005 < carol: hello", $"{Yuan} < delivered all 1 of 1", $"{Yuan} < here carol egg");
    }

    [Fact]
    public void A_flood_from_a_bound_address_is_dropped()
    {
        var room = Room("bob").Say("bob", "/join bob");
        room.Heard.Clear();

        for (var i = 0; i < 1000; i++)
            room.Say(Egg, $"{i}");

        room.Heard.Count.ShouldBe(100);
    }
}
