using System.Net;
using System.Text;
using ActorSock.Chat;
using ActorSock.Settings;
using ActorSock.Wire.Text;

namespace ActorSock.Tests.Chat;

public class ChatRoomTests
{
    private static readonly ChatSettings s_rules = TalkingRoom.Rules;

    [Fact]
    public void A_name_cannot_be_had_from_another_address_while_its_bearer_is_there()
    {
        var room = new TalkingRoom().Say("alice", "/join Älice").Say("tcp-bob", "/join bob");
        room.Heard.Clear();

        // Composed or not, in either case, over either transport.
        room.Say("eve", "/join älice").Say("eve", "/join A\u0308lice acks").Say("tcp-eve", "/join ÄLICE").Say("eve", "/join BOB");
        room.Heard.ShouldAllBe(line => line.Contains("< refused 409 name taken", StringComparison.Ordinal));
        room.Heard.Clear();
        room.Say("alice", "/who").ShouldHear("alice < here bob Älice");

        room.Say("alice", "/leave").Say("tcp-bob", "/leave");
        room.Heard.Clear();
        room.Say("eve", "/join A\u0308LICE").ShouldHear("eve < joined ÄLICE silence 60");
        room.Say("eve", "/join bob").ShouldHear("eve < joined bob silence 60");
    }

    [Fact]
    public void A_member_may_take_another_name_and_nobody_loses_what_was_on_its_way()
    {
        var room = new TalkingRoom().Say("a", "/join bob acks").Say("b", "/join alice");
        room.Say("b", "/to bob one").Say("b", "/to bob two");
        room.Heard.Clear();

        room.Say("a", "/join Robert acks");
        room.ShouldHear("b < renamed bob Robert", "a < joined Robert silence 60 acks 1");
        room.Say("a", "/got 3").Say("a", "/got 4");
        room.ShouldHear("b < delivered bob", "a < from#4 alice: two", "b < delivered bob");
        room.Say("b", "/to bob three").ShouldHear("b < unknown bob");
        room.Say("b", "/to ROBERT three").ShouldHear("a < from#5 alice: three");
    }

    [Fact]
    public void Who_does_not_acknowledge_is_repeated_to_and_then_given_up()
    {
        var room = new TalkingRoom().Say("b", "/join bob acks").Say("a", "/join alice");
        room.Say("a", "/to#1 bob one").Say("a", "/to#2 bob two").Say("a", "/all#3 three");
        room.HeardBy("b").ShouldBe(["joined bob silence 60 acks 1", "came alice", "from#3 alice: one"]);

        int[] repeatsAfter = [250, 500, 1000, 2000];
        foreach (var milliseconds in repeatsAfter)
        {
            room.Passes(TimeSpan.FromMilliseconds(milliseconds - 1)).ShouldHear();
            room.Passes(TimeSpan.FromMilliseconds(1)).ShouldHear("b < from#3 alice: one");
        }
        room.Passes(TimeSpan.FromMilliseconds(1999)).ShouldHear();
        room.Passes(TimeSpan.FromMilliseconds(1)).ShouldHear(
            "a < undelivered#1 bob: no answer", "a < undelivered#2 bob: no answer", "a < delivered#3 all 0 of 1 missing bob");

        // A late acknowledgement is of no use, and bob is still there.
        room.Say("b", "/got 3").ShouldHear();
        room.Say("a", "/to#4 bob four").Say("b", "/got 4").ShouldHear("b < from#4 alice: four", "a < delivered#4 bob");
    }

    [Fact]
    public void Texts_for_one_member_keep_their_order_and_only_one_is_on_its_way()
    {
        var room = new TalkingRoom().Say("b", "/join bob acks").Say("a", "/join alice").Say("c", "/join carol");
        room.Heard.Clear();

        room.Say("a", "/to bob 1").Say("c", "/to bob 2").Say("a", "/to bob 3");
        room.ShouldHear("b < from#4 alice: 1");
        room.Say("b", "/got 5").ShouldHear();
        room.Say("b", "/got 4").ShouldHear("a < delivered bob", "b < from#5 carol: 2");
        room.Say("b", "/got 4").ShouldHear();
        room.Say("b", "/got 5").ShouldHear("c < delivered bob", "b < from#6 alice: 3");
    }

    [Fact]
    public void A_text_to_all_is_answered_when_it_is_known_who_has_it()
    {
        var room = new TalkingRoom().Say("a", "/join alice").Say("b", "/join bob acks").Say("c", "/join carol acks").Say("tcp-d", "/join dave").Say("e", "/join eve");
        room.Heard.Clear();

        room.Say("a", "/all#1 hi");
        room.ShouldHear("b < from#6 alice to all: hi", "c < from#7 alice to all: hi", "tcp-d < from alice to all: hi", "e < from alice to all: hi");
        room.Say("b", "/got 6").TakesNext().ShouldHear();
        room.Say("a", "/all#1 hi").ShouldHear("a < pending#1 all");
        room.Passes(TimeSpan.FromSeconds(6)).HeardBy("a").ShouldBe(["delivered#1 all 3 of 4 missing carol"]);
        room.Say("a", "/all#1 hi").ShouldHear("a < delivered#1 all 3 of 4 missing carol");
    }

    [Theory]
    [InlineData(10.5)]
    [InlineData(11.5)]
    public void What_is_due_while_the_clock_is_read_is_due_now_and_not_before_now(double milliseconds)
    {
        var clock = new ClockThatNeverRests();
        var room = new ChatRoom(s_rules with { SilenceLimit = TimeSpan.FromMilliseconds(milliseconds) }, TimeSpan.Zero, clock, number: 0);
        room.Hear(new ChatDoor.Datagrams("chat-udp", new IPEndPoint(IPAddress.Loopback, 4000)), "/join alice"u8);

        var due = Enumerable.Range(0, 20).Select(_ => room.UntilDue).ToList();

        due[0].ShouldNotBeNull().ShouldBeGreaterThan(TimeSpan.Zero);
        due[^1].ShouldBe(TimeSpan.Zero);
        due.ShouldAllBe(each => each >= TimeSpan.Zero);
    }

    /// <summary>Each look at it takes a millisecond.</summary>
    private sealed class ClockThatNeverRests : TimeProvider
    {
        private long _now;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now += TimeSpan.TicksPerMillisecond;
    }

    [Fact]
    public void What_waits_for_somebody_who_leaves_is_told_to_its_senders()
    {
        var room = new TalkingRoom().Say("a", "/join alice").Say("b", "/join bob acks").Say("tcp-c", "/join carol");
        room.Heard.Clear();

        room.Say("a", "/to#1 bob x").Say("a", "/to#2 carol y").Say("b", "/leave#9").Hangs("tcp-c");

        room.HeardBy("a").ShouldBe(["undelivered#1 bob: left", "left bob", "undelivered#2 carol: left", "left carol: peer closed"]);
        room.Say("a", "/who").ShouldHear("a < here alice");
    }

    [Fact]
    public void Who_leaves_hears_nothing_of_its_own_texts_any_more()
    {
        var room = new TalkingRoom().Say("a", "/join alice").Say("b", "/join bob acks").Say("a", "/to#1 bob x").Say("a", "/leave#2");
        room.Heard.Clear();

        room.Say("b", "/got 3").ShouldHear();
    }

    [Fact]
    public void A_repeat_is_answered_and_not_done_again()
    {
        var room = new TalkingRoom().Say("b", "/join bob").Say("a", "/join#1 alice").Say("a", "/join#2 alicia");
        room.Heard.Clear();

        room.Say("a", "/join#1 alice").ShouldHear("a < joined#1 alice silence 60");
        room.Say("a", "/who").ShouldHear("a < here alicia bob");
        room.Say("a", "/to#3 bob hi\n").Say("a", "/to#3 bob hi\n").Say("a", "/to#3 bob hi\n");
        room.ShouldHear("b < from alicia: hi", "a < delivered#3 bob", "a < delivered#3 bob", "a < delivered#3 bob");
        room.Say("a", "/to#4 nobody hi").ShouldHear("a < unknown#4 nobody");
        room.Say("c", "/join nobody").HeardBy("a").ShouldBe(["came nobody"]);
        room.Say("a", "/to#4 nobody hi").ShouldHear("a < unknown#4 nobody");
        room.Say("a", "/leave#5").Say("a", "/leave#5").HeardBy("a").ShouldBe(["left#5 alicia", "left#5 alicia"]);
    }

    [Theory]
    [InlineData("/all#1 xYqB7RdPSK6K", "/join#1 xn4Puo8AnXRD")] // FNV-1a has the same hash for both: 0x940828658bfebf4f
    [InlineData("/all#1 hi", "/join#1 al")]
    [InlineData("/all#1 hi", "/leave#1")]
    [InlineData("/all#1 hi", "/to#1 bob hi")]
    public void The_id_of_a_text_that_is_on_its_way_is_refused_to_another_command(string text, string other)
    {
        var room = new TalkingRoom().Say("a", "/join alice").Say("b", "/join bob acks");
        room.Say("a", text).Say("a", text).HeardBy("a").ShouldContain("pending#1 all");

        room.Say("a", other).ShouldHear("a < refused#1 409 id used before: each command has a higher one than the last");

        AnswerMemory.HashOf(Encoding.UTF8.GetBytes(text)).ShouldNotBe(AnswerMemory.HashOf(Encoding.UTF8.GetBytes(other)));
        room.Say("b", "/got 3").ShouldHear("a < delivered#1 all 1 of 1");
        room.Say("a", "/who").ShouldHear("a < here alice bob");
    }

    [Fact]
    public void An_id_that_was_forgotten_is_refused_and_so_is_a_lower_one()
    {
        var room = new TalkingRoom(s_rules with { AnswersKept = 3, LinesBurst = 1000 }).Say("a", "/join#10 alice");
        for (var id = 11; id <= 14; id++)
            room.Say("a", $"/to#{id} alice x");
        room.Heard.Clear();

        room.Say("a", "/to#11 alice x").Say("a", "/to#5 alice x").Say("a", "/to#12 alice x");

        room.ShouldHear("a < refused#11 410 id too old: each command has a higher one than the last",
            "a < refused#5 410 id too old: each command has a higher one than the last", "a < delivered#12 alice");
    }

    [Fact]
    public void A_late_repeat_lets_nobody_in_again()
    {
        var room = new TalkingRoom().Say("a", "/join#1 alice").Say("a", "/to#2 alice x").Say("a", "/leave#3");
        room.Heard.Clear();

        room.Say("a", "/join#1 alice").ShouldHear("a < refused#1 410 id too old: you have left since: use a higher one");
        room.Say("a", "/join#4 alice").ShouldHear("a < joined#4 alice silence 60");
        room.Say("a", "/to#2 alice x").ShouldHear("a < delivered#2 alice");
        room.Say("a", "/leave#5").Passes(TimeSpan.FromSeconds(5)).Say("a", "/join#1 alice");
        room.HeardBy("a").ShouldContain("joined#1 alice silence 60");
    }

    [Fact]
    public void Who_is_silent_is_gone_and_is_told()
    {
        var room = new TalkingRoom().Say("a", "/join alice").Say("b", "/join bob").Say("tcp-c", "/join carol");
        room.Heard.Clear();

        room.Passes(TimeSpan.FromSeconds(59)).Say("b", "/ping#1").ShouldHear("b < pong#1");
        room.Passes(TimeSpan.FromSeconds(0.9)).ShouldHear();
        room.Passes(TimeSpan.FromSeconds(0.1)).ShouldHear("a < left alice: silent for 60 s", "b < left alice: silent for 60 s", "tcp-c < left alice: silent for 60 s");
        room.Passes(TimeSpan.FromSeconds(57.9)).Say("b", "\n").Passes(TimeSpan.FromSeconds(59)).Say("b", "/got 1").ShouldHear();
        room.Passes(TimeSpan.FromSeconds(60)).HeardBy("tcp-c").ShouldBe(["left bob: silent for 60 s"]);
        room.Passes(TimeSpan.FromHours(1)).Say("tcp-c", "/who").ShouldHear("tcp-c < here carol");
        room.Say("a", "/ping").ShouldHear("a < refused 401 join first: /join NAME");
    }

    [Fact]
    public void No_more_members_are_let_in_than_the_operator_allows()
    {
        var room = new TalkingRoom(s_rules with { MembersMax = 2 }).Say("a", "/join alice").Say("b", "/join bob");
        room.Heard.Clear();

        room.Say("c", "/join#1 carol").ShouldHear("c < refused#1 503 room full: 2 members are here: try again later");
        room.Say("a", "/join alicia").HeardBy("a").ShouldBe(["joined alicia silence 60"]);
        room.Say("b", "/leave").Say("c", "/join#2 carol").HeardBy("c").ShouldBe(["joined#2 carol silence 60"]);
    }

    [Fact]
    public void No_more_texts_wait_for_one_member_than_the_operator_allows()
    {
        var room = new TalkingRoom(s_rules with { OutstandingMax = 2 }).Say("b", "/join bob acks").Say("a", "/join alice");
        room.Heard.Clear();

        room.Say("a", "/to#1 bob 1").Say("a", "/to#2 bob 2").Say("a", "/to#3 bob 3");
        room.HeardBy("a").ShouldBe(["undelivered#3 bob: too many texts wait for an answer"]);
        room.Say("b", "/got 3").Say("a", "/to#4 bob 4").Say("b", "/got 4").Say("b", "/got 5");
        room.HeardBy("a").ShouldBe(["delivered#1 bob", "delivered#2 bob", "delivered#4 bob"]);
    }

    [Fact]
    public void A_flood_of_a_member_is_refused_once_a_second_and_harms_nobody()
    {
        var room = new TalkingRoom(s_rules with { LinesASecond = 10, LinesBurst = 20 }).Say("a", "/join alice").Say("b", "/join bob");
        room.Heard.Clear();

        for (var i = 0; i < 1000; i++)
            room.Say("a", $"/to#{i} bob {i}");
        room.Heard.Count(line => line.StartsWith("b <", StringComparison.Ordinal)).ShouldBe(20);
        room.Heard.Count(line => line.Contains("429", StringComparison.Ordinal)).ShouldBe(1);
        room.Heard.Clear();

        room.Say("b", "/to alice stop").HeardBy("a").ShouldBe(["from bob: stop"]);
        room.Say("a", "/to#20 bob 20").ShouldHear(); // its refusal was the answer; there is none twice
        room.Passes(TimeSpan.FromSeconds(1)).Say("a", "/to#20 bob 20").Say("a", "/to#21 bob 21");
        room.ShouldHear("a < refused#20 429 too fast: 10 lines a second are allowed: wait a second", "b < from alice: 21", "a < delivered#21 bob");
        room.Say("a", "/leave").Effects.OfType<ChatEffect.Left>().Single().Refused.ShouldBe(981);
    }

    [Fact]
    public void Acknowledgements_are_no_flood()
    {
        var room = new TalkingRoom(s_rules with { LinesASecond = 1, LinesBurst = 1000, OutstandingMax = 1000 }).Say("b", "/join bob acks").Say("a", "/join alice");
        for (var i = 0; i < 900; i++)
            room.Say("a", $"/to bob {i}").Say("b", $"/got {i + 3}");

        room.Heard.Count(line => line == "a < delivered bob").ShouldBe(900);
        room.Heard.Clear();
        room.Say("b", "/ping").ShouldHear("b < pong");
    }

    [Fact]
    public void Strangers_get_no_more_than_they_send_and_not_without_end()
    {
        var room = new TalkingRoom(s_rules with { StrangerLinesASecond = 5, LinesBurst = 10 });
        string[] lines = ["hello", "/who", "/ping", "/to bob x", "/jump", "/join a/b", "/leave#1"];
        foreach (var line in lines)
            room.Say("eve", line);
        room.Heard.ShouldAllBe(line => line.StartsWith("eve < refused", StringComparison.Ordinal));
        // Headers of IP and UDP are 28 bytes on either way: at most some three times.
        room.Heard.Zip(lines).ShouldAllBe(pair => pair.First.Length - 6 + 28 <= 3.5 * (pair.Second.Length + 28));
        room.Heard.Clear();

        for (var i = 0; i < 1000; i++)
            room.Say("eve", "hello");
        room.Heard.Count.ShouldBe(3);
        room.Room.LinesIgnored.ShouldBe(997);
        room.Heard.Clear();
        room.Say("alice", "/join alice").ShouldHear("alice < joined alice silence 60");
        room.Passes(TimeSpan.FromSeconds(1)).Say("eve", "hello").HeardBy("eve").Length.ShouldBe(1);
    }

    [Fact]
    public void The_names_that_have_no_room_on_a_line_are_got_by_asking_on()
    {
        var room = new TalkingRoom(s_rules with { TextBytesMax = 70, StrangerLinesASecond = 1000, LinesBurst = 1000 });
        string[] names = [.. Enumerable.Range(0, 100).Select(i => $"member-{i:000}")];
        foreach (var name in names)
            room.Say(name, $"/join {name}");
        room.Heard.Clear();

        var (seen, after, more) = (new List<string>(), "", 1);
        while (more > 0)
        {
            room.Say("member-000", $"/who{after}");
            ChatGrammar.TryReadNotice(System.Text.Encoding.UTF8.GetBytes(room.HeardBy("member-000").Single()), out var notice).ShouldBeTrue();
            var here = notice.ShouldBeOfType<ChatNotice.Here>();
            seen.AddRange(here.Names);
            (after, more) = ($" {here.Names[^1]}", here.More);
        }

        seen.ShouldBe(names);
    }

    [Fact]
    public void Over_a_connection_a_text_is_delivered_when_the_socket_has_it()
    {
        var room = new TalkingRoom().Say("tcp-b", "/join bob acks").Say("a", "/join alice");
        room.Heard.Clear();

        room.Say("a", "/to#1 bob one").Say("a", "/to#2 bob two");
        room.ShouldHear("tcp-b < from alice: one");
        room.Passes(TimeSpan.FromMinutes(0.5)).ShouldHear();
        room.TakesNext().ShouldHear("a < delivered#1 bob", "tcp-b < from alice: two");
    }

    [Fact]
    public void Who_acknowledges_no_more_is_not_waited_for()
    {
        var room = new TalkingRoom().Say("b", "/join bob acks").Say("a", "/join alice").Say("a", "/to#1 bob 1").Say("a", "/to#2 bob 2").Say("a", "/to#3 bob 3");
        room.Heard.Clear();

        room.Say("b", "/join bob");
        room.ShouldHear("a < delivered#1 bob", "b < from alice: 2", "a < delivered#2 bob", "b < from alice: 3", "a < delivered#3 bob", "b < joined bob silence 60");
    }

    [Fact]
    public void A_room_that_is_closed_tells_everybody()
    {
        var room = new TalkingRoom().Say("b", "/join bob acks").Say("tcp-a", "/join alice");

        room.Room.Close("the node stops").OfType<ChatEffect.Tell>().Select(tell => tell.Line)
            .ShouldBe(["left bob: the node stops", "left alice: the node stops"]);
    }

    [Fact]
    public void Coming_and_going_is_told_with_counts()
    {
        var room = new TalkingRoom().Say("b", "/join bob").Say("a", "/join alice").Say("a", "/to bob hi").Say("a", "/jump").Passes(TimeSpan.FromSeconds(3)).Say("a", "/leave");

        room.Effects.OfType<ChatEffect.Came>().Select(came => (came.Name, came.Members)).ShouldBe([("bob", 1), ("alice", 2)]);
        var left = room.Effects.OfType<ChatEffect.Left>().Single();
        (left.Name, left.Reason, left.Stay, left.Sent, left.Received, left.Refused).ShouldBe(("alice", "left", TimeSpan.FromSeconds(3), 1, 0, 1));
    }
}
