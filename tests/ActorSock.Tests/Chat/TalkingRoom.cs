using System.Net;
using System.Text;
using ActorSock.Chat;
using ActorSock.Settings;

namespace ActorSock.Tests.Chat;

/// <summary>A room with people before it who speak by name: what each says goes in, what each hears is kept.</summary>
internal sealed class TalkingRoom
{
    private readonly Dictionary<string, ChatDoor> _doors = [];
    private readonly Dictionary<ChatDoor, string> _people = [];

    public TalkingRoom(ChatSettings? settings = null)
    {
        Room = new ChatRoom(settings ?? Rules, TimeSpan.FromMinutes(5), Clock, number: 0);
        Carry(Room.Open());
    }

    /// <summary>As in the reference, and nobody is bound.</summary>
    public static ChatSettings Rules { get; } = SettingsLoader.Load(new SettingsSources { WorkingFolder = Path.GetTempPath() }).Settings.Chat;

    public ChatRoom Room { get; }

    public HandClock Clock { get; } = new();

    /// <summary>What people have heard since it was last asked, each <c>who &lt; line</c>.</summary>
    public List<string> Heard { get; } = [];

    public List<ChatEffect> Effects { get; } = [];

    /// <summary>Connections that have not said that they took a line.</summary>
    public Queue<ChatEffect.Hand> Untaken { get; } = [];

    /// <summary>Where somebody speaks from: <c>tcp-x</c> over a connection, <c>x@127.0.0.1:9005</c> from there, else from an address of his own.</summary>
    public ChatDoor DoorOf(string person)
    {
        if (_doors.TryGetValue(person, out var door))
            return door;
        door = person.StartsWith("tcp-", StringComparison.Ordinal) ? new ChatDoor.Lines(person, $"tcp://{person}")
            : person.Split('@') is [_, var address] ? new ChatDoor.Datagrams("chat-udp", IPEndPoint.Parse(address))
            : new ChatDoor.Datagrams("chat-udp", new IPEndPoint(new IPAddress([192, 0, 2, (byte)(_doors.Count + 1)]), 4000));
        _doors[person] = door;
        _people[door] = person;
        return door;
    }

    public TalkingRoom Say(string person, string line) => Say(person, Encoding.UTF8.GetBytes(line));

    public TalkingRoom Say(string person, byte[] line)
    {
        Carry(Room.Hear(DoorOf(person), line));
        return this;
    }

    public TalkingRoom Hangs(string person)
    {
        Carry(Room.Gone(DoorOf(person), "peer closed"));
        return this;
    }

    public TalkingRoom TakesNext()
    {
        var next = Untaken.Dequeue();
        Carry(Room.Taken(next.Door, next.Number));
        return this;
    }

    /// <summary>Lets time go by, and the room act when it wants to.</summary>
    public TalkingRoom Passes(TimeSpan time)
    {
        while (Room.UntilDue is { } due && due <= time)
        {
            Clock.Advance(due);
            time -= due;
            Carry(Room.Tick());
        }
        Clock.Advance(time);
        return this;
    }

    /// <summary>What was heard since the last time.</summary>
    public void ShouldHear(params string[] lines)
    {
        Heard.ShouldBe(lines);
        Heard.Clear();
    }

    /// <summary>The same for one of them.</summary>
    public string[] HeardBy(string person)
    {
        string[] lines = [.. Heard.Where(line => line.StartsWith(person + " < ", StringComparison.Ordinal)).Select(line => line[(person.Length + 3)..])];
        Heard.Clear();
        return lines;
    }

    private void Carry(IReadOnlyList<ChatEffect> effects)
    {
        foreach (var effect in effects)
        {
            Effects.Add(effect);
            switch (effect)
            {
                case ChatEffect.Tell tell:
                    Heard.Add($"{NameOf(tell.Door)} < {tell.Line}");
                    break;
                case ChatEffect.Hand hand:
                    Untaken.Enqueue(hand);
                    Heard.Add($"{NameOf(hand.Door)} < {hand.Line}");
                    break;
            }
        }
    }

    private string NameOf(ChatDoor door) => _people.TryGetValue(door, out var person) ? person
        // Those who are bound are reached through any listener.
        : _people.Where(each => each.Key is ChatDoor.Datagrams known && door is ChatDoor.Datagrams unknown && known.Address.Equals(unknown.Address))
            .Select(each => each.Value).SingleOrDefault() ?? door.Peer;
}
