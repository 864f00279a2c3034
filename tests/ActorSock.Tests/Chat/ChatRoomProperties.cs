using System.Net;
using System.Text;
using ActorSock.Chat;
using Xunit.Abstractions;

namespace ActorSock.Tests.Chat;

/// <summary>Lets many talk over a network that loses, doubles and delays whatever it likes.</summary>
public class ChatRoomProperties(ITestOutputHelper output)
{
    private const int Talkers = 6;

    [Theory]
    [InlineData(0.0)]
    [InlineData(0.1)]
    [InlineData(0.4)]
    public void What_was_told_to_be_delivered_arrived_once_and_under_its_senders_name(double loss)
    {
        var delivered = 0;
        for (var seed = 1; seed <= 25; seed++)
        {
            output.WriteLine($"seed {seed}");
            delivered += Talk(new Random(seed), loss);
        }
        delivered.ShouldBeGreaterThan(500);
    }

    private static int Talk(Random random, double loss)
    {
        var clock = new HandClock();
        var room = new ChatRoom(TalkingRoom.Rules with { AnswersKept = 8, StrangerLinesASecond = 1000, SilenceLimit = TimeSpan.FromSeconds(20) }, TimeSpan.Zero, clock, random.Next());
        var onTheirWay = new PriorityQueue<Action, long>();
        var owners = new HashSet<(string Name, int Talker)>();
        var holders = new Dictionary<string, int>();
        var talkers = new PaperTalker[Talkers];
        for (var i = 0; i < Talkers; i++)
        {
            var index = i;
            talkers[i] = new PaperTalker(i, line => Post(() => Carry(room.Hear(DoorOf(index), Encoding.UTF8.GetBytes(line)))), clock);
        }
        var said = 0;
        for (var step = 0; step < 6000; step++)
        {
            clock.Advance(TimeSpan.FromMilliseconds(20));
            while (onTheirWay.TryPeek(out var arrives, out var at) && at <= clock.GetTimestamp())
            {
                onTheirWay.Dequeue();
                arrives();
            }
            if (room.UntilDue == TimeSpan.Zero)
                Carry(room.Tick());
            foreach (var talker in talkers)
            {
                // One of them may sleep so long that it is forgotten.
                if (talker.Index == 0 && step is > 2000 and < 3500)
                    continue;
                talker.Tick();
                if (!talker.IsWaiting && random.Next(10) == 0)
                    Act(talker);
            }
        }

        foreach (var (to, texts) in talkers.Select((talker, i) => (i, talker.Texts)))
        {
            texts.Select(each => each.Text).ShouldBeUnique();
            foreach (var (from, text) in texts)
                owners.ShouldContain((from, int.Parse(text.Split(' ')[0])));
            foreach (var bySender in texts.Where(each => each.Text.EndsWith("to one", StringComparison.Ordinal)).GroupBy(each => each.Text.Split(' ')[0]))
                bySender.Select(each => int.Parse(each.Text.Split(' ')[1])).ShouldBeInOrder();
        }
        var arrived = talkers.SelectMany(talker => talker.Texts).Select(each => each.Text).Where(text => text.EndsWith("to one", StringComparison.Ordinal)).ToArray();
        arrived.ShouldBeUnique();
        var promised = talkers.SelectMany(talker => talker.Delivered).ToArray();
        promised.Except(arrived).ShouldBeEmpty();
        return promised.Length;

        void Act(PaperTalker talker)
        {
            var name = $"name-{random.Next(Talkers + 1)}";
            switch (random.Next(talker.Name is null ? 1 : 12))
            {
                case 0:
                    talker.Ask("/join", $"{name} acks");
                    break;
                case 1:
                    talker.Ask("/leave", "");
                    break;
                case 2:
                    talker.Ask("/who", "");
                    break;
                case 3:
                    talker.Ask("/all", $"{talker.Index} {++said} to all");
                    break;
                default:
                    talker.Ask("/to", $"{name} {talker.Index} {++said} to one");
                    break;
            }
        }

        void Carry(IReadOnlyList<ChatEffect> effects)
        {
            foreach (var effect in effects)
            {
                switch (effect)
                {
                    case ChatEffect.Tell { Door: ChatDoor.Datagrams { Address.Port: var port }, Line: var line }:
                        Post(() => talkers[port].Hear(line));
                        break;
                    case ChatEffect.Came { Door: ChatDoor.Datagrams { Address.Port: var port }, Name: var name }:
                        Hold(name, port);
                        break;
                    case ChatEffect.Renamed { Door: ChatDoor.Datagrams { Address.Port: var port } } renamed:
                        holders.Remove(renamed.Name).ShouldBeTrue();
                        Hold(renamed.Now, port);
                        break;
                    case ChatEffect.Left left:
                        holders.Remove(left.Name).ShouldBeTrue();
                        break;
                }
            }
        }

        void Hold(string name, int talker)
        {
            holders.TryAdd(name, talker).ShouldBeTrue($"{name} is borne by {holders.GetValueOrDefault(name)} already");
            owners.Add((name, talker));
        }

        void Post(Action arrives)
        {
            for (var copies = random.NextDouble() < loss / 4 ? 2 : 1; copies > 0; copies--)
            {
                if (random.NextDouble() >= loss)
                    onTheirWay.Enqueue(arrives, clock.GetTimestamp() + TimeSpan.FromMilliseconds(random.NextDouble() < loss ? random.Next(2000) : random.Next(30)).Ticks);
            }
        }
    }

    private static ChatDoor.Datagrams DoorOf(int talker) => new("chat-udp", new IPEndPoint(IPAddress.Loopback, talker));
}
