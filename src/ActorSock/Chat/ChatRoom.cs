using System.Globalization;
using System.Net;
using ActorSock.Settings;
using ActorSock.Wire.Text;

namespace ActorSock.Chat;

/// <summary>The room where members talk: names, texts, acknowledgements, repeats, silence. CHAT.md says what is spoken.</summary>
/// <remarks>
/// Pure: it is told what arrived and what time it is, and says what is to be done. Each call gives the effects of that call; the list is
/// used again by the next one. A text is handed to a member that acknowledges only when the one before it has arrived or was given up:
/// so texts keep their order, and a client knows a repeat by its number not being higher than the last.
/// </remarks>
internal sealed partial class ChatRoom
{
    /// <summary>How long a member that has left is remembered, so that late repeats of its commands are not done again.</summary>
    private static readonly TimeSpan s_departedFor = TimeSpan.FromSeconds(5);

    private readonly ChatSettings _settings;
    private readonly TimeSpan _connectionSilence;
    private readonly TimeProvider _clock;
    private readonly long _startedAt;
    private readonly ChatLimits _limits;
    private readonly IReadOnlyList<Binding> _bindings;
    private readonly Dictionary<string, ChatMember> _byName = [];
    private readonly Dictionary<ChatDoor, ChatMember> _byDoor = [];
    private readonly Dictionary<ChatDoor, Departed> _departed = [];
    private readonly Queue<Departed> _departures = [];
    private readonly SortedSet<ChatMember> _due;
    private readonly StrangerRates _strangers;
    private readonly List<ChatEffect> _effects = [];
    private long _number;

    /// <summary>What is left of a member for a while.</summary>
    private sealed record Departed(ChatDoor Door, TimeSpan Until, AnswerMemory Answers);

    /// <param name="settings">the limits, and the bound names</param>
    /// <param name="connectionSilence">how long a connection may be silent: its own limit, which joining tells</param>
    /// <param name="clock">the time</param>
    /// <param name="number">the number before the first: another one for each room, so that a client notices a new room</param>
    public ChatRoom(ChatSettings settings, TimeSpan connectionSilence, TimeProvider clock, long number)
    {
        (_settings, _connectionSilence, _clock, _number) = (settings, connectionSilence, clock, number);
        _startedAt = clock.GetTimestamp();
        _limits = new ChatLimits(settings.NameBytesMax, settings.TextBytesMax);
        _bindings = Binding.Of(settings);
        _strangers = new StrangerRates(settings.StrangerLinesASecond, settings.LinesBurst);
        _due = new SortedSet<ChatMember>(Comparer<ChatMember>.Create(static (a, b) =>
            a.LookedAfterAt.CompareTo(b.LookedAfterAt) is var byTime and not 0 ? byTime : string.CompareOrdinal(a.Key, b.Key)));
    }

    /// <summary>Members that are here.</summary>
    public int Count => _byName.Count;

    /// <summary>Lines that were not looked at, because too many came from somebody who has not joined.</summary>
    public long LinesIgnored { get; private set; }

    /// <summary>Texts that were said.</summary>
    public long Texts { get; private set; }

    /// <summary>How long until <see cref="Tick"/> has something to do; null when nothing is to come.</summary>
    public TimeSpan? UntilDue
    {
        get
        {
            if (_due.Min is not { LookedAfterAt: var at } || at == TimeSpan.MaxValue)
                return null;
            var left = at - Now;
            return left > TimeSpan.Zero ? left : TimeSpan.Zero;
        }
    }

    private TimeSpan Now => _clock.GetElapsedTime(_startedAt);

    /// <summary>Lets those in whose address and port the operator has bound: they need not speak to be here.</summary>
    public IReadOnlyList<ChatEffect> Open()
    {
        _effects.Clear();
        foreach (var binding in _bindings.Where(each => each.Port is not null))
            Bound(binding, new ChatDoor.Datagrams("", new IPEndPoint(binding.Address, binding.Port!.Value)));
        return _effects;
    }

    /// <summary>Takes the line that came through a door.</summary>
    public IReadOnlyList<ChatEffect> Hear(ChatDoor from, ReadOnlySpan<byte> line)
    {
        _effects.Clear();
        var request = ChatGrammar.ReadRequest(line, _limits);
        if (_byDoor.TryGetValue(from, out var member))
            FromMember(member, request, AnswerMemory.HashOf(line));
        else if (request is not ChatRequest.Nothing && !_strangers.TryTake(from, Now))
            LinesIgnored++;
        else if (request is ChatRequest.Plain plain && BindingOf(from) is { } binding)
            FromBound(Bound(binding, from), plain.Text);
        else
            FromStranger(from, request, AnswerMemory.HashOf(line));
        return _effects;
    }

    /// <summary>A socket has taken what <see cref="ChatEffect.Hand"/> gave it.</summary>
    public IReadOnlyList<ChatEffect> Taken(ChatDoor from, long number)
    {
        _effects.Clear();
        if (_byDoor.TryGetValue(from, out var member))
            Arrived(member, number);
        return _effects;
    }

    /// <summary>A connection is closed.</summary>
    public IReadOnlyList<ChatEffect> Gone(ChatDoor from, string why)
    {
        _effects.Clear();
        if (_byDoor.TryGetValue(from, out var member))
            Remove(member, why);
        return _effects;
    }

    /// <summary>Repeats what was not acknowledged, and looks who has been silent for too long.</summary>
    public IReadOnlyList<ChatEffect> Tick()
    {
        _effects.Clear();
        var now = Now;
        while (_due.Min is { } member && member.LookedAfterAt <= now)
        {
            _due.Remove(member);
            member.LookedAfterAt = TimeSpan.MaxValue;
            if (member.Heard + member.SilenceLimit <= now)
                BeSilent(member);
            else if (member.OnItsWay is { RepeatAt: { } at } parcel && at <= now)
                Repeat(member, parcel);
            if (member.IsHere)
                LookAfter(member);
        }
        return _effects;
    }

    /// <summary>Tells everybody that the room is closed, and why.</summary>
    public IReadOnlyList<ChatEffect> Close(string why)
    {
        _effects.Clear();
        foreach (var member in _byName.Values.Where(each => each.Binding is null))
            Tell(member, new ChatNotice.Left(member.Name, why));
        return _effects;
    }

    // ---- whoever speaks

    private void FromMember(ChatMember member, ChatRequest request, ulong line)
    {
        member.Heard = Now;
        if (request is ChatRequest.Got got)
        {
            Arrived(member, got.Number);
            return;
        }
        if (request is ChatRequest.Nothing)
            return;
        // What changes nothing is done as often as it is asked for.
        var once = request is ChatRequest.Join or ChatRequest.Say or ChatRequest.Leave ? request.Id : null;
        if (!member.MaySpeak(Now))
        {
            BeHasty(member, request, once, line);
            return;
        }
        if (once is { } id)
        {
            if (!IsNew(member, request, id, line))
                return;
            member.Answers.Begin(id, line);
        }
        Do(member, request);
    }

    /// <summary>Refuses what is too much; an answer is final for its id, and what is not answered may be repeated.</summary>
    private void BeHasty(ChatMember member, ChatRequest request, long? once, ulong line)
    {
        member.Refused++;
        if (once is { } id && member.Answers.Look(id, line, out _) != AnswerMemory.Finding.New || !member.MayBeToldOfHaste(Now))
            return;
        if (once is { } final)
            member.Answers.Begin(final, line);
        Refuse(member, request, ChatRejection.TooFast, $"{_settings.LinesASecond} lines a second are allowed: wait a second");
    }

    /// <summary>Answers what was done before.</summary>
    private bool IsNew(ChatMember member, ChatRequest request, long id, ulong line)
    {
        switch (member.Answers.Look(id, line, out var answer))
        {
            case AnswerMemory.Finding.New:
                return true;
            case AnswerMemory.Finding.Answered:
                _effects.Add(new ChatEffect.Tell(member.Door, answer));
                return false;
            case AnswerMemory.Finding.Pending when request is ChatRequest.Say say: // nothing else waits for anybody
                Tell(member, new ChatNotice.Pending(say.To) { Id = id });
                return false;
            case AnswerMemory.Finding.Reused or AnswerMemory.Finding.Pending:
                Tell(member, ChatNotice.Refused.By(ChatRejection.IdReused, "each command has a higher one than the last", id));
                return false;
            default:
                Tell(member, ChatNotice.Refused.By(ChatRejection.TooOld, "each command has a higher one than the last", id));
                return false;
        }
    }

    private void Do(ChatMember member, ChatRequest request)
    {
        switch (request)
        {
            case ChatRequest.Join join:
                JoinAgain(member, join);
                break;
            case ChatRequest.Who who:
                Answer(member, Here(who));
                break;
            case ChatRequest.Say say:
                Say(member, say.Id, say.To, say.IsForAll, say.Text);
                break;
            case ChatRequest.Plain plain:
                Say(member, null, ChatRequest.Everybody, forAll: true, plain.Text);
                break;
            case ChatRequest.Ping:
                Answer(member, new ChatNotice.Pong { Id = request.Id });
                break;
            case ChatRequest.Leave:
                Answer(member, new ChatNotice.Left(member.Name, null) { Id = request.Id });
                Remember(member);
                Remove(member, "left");
                break;
            case ChatRequest.Broken broken:
                member.Refused++;
                Refuse(member, request, broken.Rejection, broken.Detail);
                break;
        }
    }

    private void FromStranger(ChatDoor from, ChatRequest request, ulong line)
    {
        var departed = _departed.TryGetValue(from, out var left) && left.Until > Now ? left.Answers : null;
        if (departed is not null && request.Id is { } id && departed.Look(id, line, out var answer) is var finding and not AnswerMemory.Finding.New)
        {
            // A late repeat of a join must not let somebody in who has left since.
            var isDone = finding == AnswerMemory.Finding.Answered && request is not ChatRequest.Join;
            _effects.Add(new ChatEffect.Tell(from, isDone ? answer : ChatGrammar.Write(
                ChatNotice.Refused.By(ChatRejection.TooOld, "you have left since: use a higher one", id))));
            return;
        }
        switch (request)
        {
            case ChatRequest.Join join:
                Join(from, join, departed, line);
                break;
            case ChatRequest.Broken broken:
                Refuse(from, request, broken.Rejection, broken.Detail);
                break;
            case ChatRequest.Nothing or ChatRequest.Got:
                break; // it answers what a room before this one has sent
            default:
                Refuse(from, request, ChatRejection.NotJoined, "/join NAME");
                break;
        }
    }

    private void FromBound(ChatMember member, string text)
    {
        if (!member.MaySpeak(Now))
        {
            member.Refused++;
            return;
        }
        Say(member, null, member.Binding!.To, member.Binding.IsForAll, text);
    }

    // ---- coming and going

    private void Join(ChatDoor from, ChatRequest.Join join, AnswerMemory? departed, ulong line)
    {
        var name = NormalFormC.Of(join.Name);
        if (WhyNotTo(name, null) is var (rejection, detail))
        {
            Refuse(from, join, rejection, detail);
            return;
        }
        if (_byName.Values.Count(each => each.Binding is null) >= _settings.MembersMax)
        {
            Refuse(from, join, ChatRejection.RoomFull, $"{_settings.MembersMax} members are here: try again later");
            return;
        }
        foreach (var bound in _byName.Values.Where(each => each.Binding is not null && each.Door == from).ToArray())
            Remove(bound, $"speaks as {name}");

        var member = new ChatMember(name, KeyOf(name), from, departed ?? new AnswerMemory(_settings.AnswersKept), NewRate(), Now)
        {
            Acks = join.Acks && from is ChatDoor.Datagrams,
            SilenceLimit = from is ChatDoor.Datagrams ? _settings.SilenceLimit : null,
            FirstNumber = ++_number,
        };
        _departed.Remove(from);
        _byDoor.Add(from, member);
        if (join.Id is { } id)
            member.Answers.Begin(id, line);
        Enter(member);
        Answer(member, Joined(member, join.Id));
    }

    /// <summary>A member that says its name again, or another one.</summary>
    private void JoinAgain(ChatMember member, ChatRequest.Join join)
    {
        var name = NormalFormC.Of(join.Name);
        if (WhyNotTo(name, member) is var (rejection, detail))
        {
            member.Refused++;
            Refuse(member, join, rejection, detail);
            return;
        }
        if (name != member.Name)
            Rename(member, name);
        ChangeAcks(member, join.Acks && member.Door is ChatDoor.Datagrams);
        Answer(member, Joined(member, join.Id));
    }

    /// <summary>Why nobody, or not this member, can have a name.</summary>
    private (ChatRejection, string)? WhyNotTo(string name, ChatMember? member)
    {
        var key = KeyOf(name);
        if (key == ChatRequest.Everybody)
            return (ChatRejection.NameReserved, $"{name} is everybody: choose another name");
        if (_bindings.Any(each => KeyOf(each.Name) == key))
            return (ChatRejection.NameReserved, $"{name} belongs to another address: choose another name");
        if (_byName.TryGetValue(key, out var bearer) && bearer != member)
            return (ChatRejection.NameTaken, $"{bearer.Name} is here from another address: choose another name");
        return null;
    }

    private void Rename(ChatMember member, string name)
    {
        var before = member.Name;
        _due.Remove(member);
        _byName.Remove(member.Key);
        (member.Name, member.Key) = (name, KeyOf(name));
        _byName.Add(member.Key, member);
        if (member.LookedAfterAt != TimeSpan.MaxValue)
            _due.Add(member);
        TellOthers(member, new ChatNotice.Renamed(before, name));
        _effects.Add(new ChatEffect.Renamed(before, name, member.Door));
    }

    private void Enter(ChatMember member)
    {
        _byName.Add(member.Key, member);
        LookAfter(member);
        TellOthers(member, new ChatNotice.Came(member.Name));
        _effects.Add(new ChatEffect.Came(member.Name, member.Door, _byName.Count));
    }

    private void BeSilent(ChatMember member)
    {
        var why = string.Create(CultureInfo.InvariantCulture, $"silent for {member.SilenceLimit!.Value.TotalSeconds:0.###} s");
        if (member.Binding is null)
            Tell(member, new ChatNotice.Left(member.Name, why));
        Remove(member, why);
    }

    private void Remove(ChatMember member, string why)
    {
        member.IsHere = false;
        _due.Remove(member);
        _byName.Remove(member.Key);
        if (member.Binding is null)
            _byDoor.Remove(member.Door);
        GiveUp(member, "left");
        TellOthers(member, new ChatNotice.Left(member.Name, why == "left" ? null : why));
        _effects.Add(new ChatEffect.Left(member.Name, member.Door, why, Now - member.Came, member.Sent, member.Received, member.Refused));
    }

    private void Remember(ChatMember member)
    {
        if (member.Door is not ChatDoor.Datagrams)
            return;
        while (_departures.TryPeek(out var oldest) && (oldest.Until <= Now || _departures.Count >= _settings.MembersMax))
        {
            _departures.Dequeue();
            if (_departed.GetValueOrDefault(oldest.Door) == oldest)
                _departed.Remove(oldest.Door);
        }
        var departed = _departed[member.Door] = new Departed(member.Door, Now + s_departedFor, member.Answers);
        _departures.Enqueue(departed);
    }

    // ---- bound names

    private Binding? BindingOf(ChatDoor from) => from is ChatDoor.Datagrams { Address: var address }
        ? _bindings.Where(each => each.Fits(address) > 0).MaxBy(each => each.Fits(address))
        : null;

    /// <summary>The member that speaks by a binding; where any port may, the one that spoke last has the name.</summary>
    private ChatMember Bound(Binding binding, ChatDoor from)
    {
        if (!_byName.TryGetValue(KeyOf(binding.Name), out var member))
        {
            member = new ChatMember(binding.Name, KeyOf(binding.Name), from, new AnswerMemory(_settings.AnswersKept), NewRate(), Now)
            {
                Binding = binding,
                SilenceLimit = binding.Port is null ? _settings.BoundSilenceLimit : null,
            };
            Enter(member);
        }
        member.Door = from;
        member.Heard = Now;
        return member;
    }

    private LineRate NewRate() => new(_settings.LinesASecond, _settings.LinesBurst, Now);

    private static string KeyOf(string name) => ChatNamesAttribute.KeyOf(name);
}
