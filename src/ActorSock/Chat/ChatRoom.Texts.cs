using ActorSock.Wire.Text;

namespace ActorSock.Chat;

// Texts on their way, and what is said about them.
internal sealed partial class ChatRoom
{
    private const string NoAnswer = "no answer";

    private void Say(ChatMember sender, long? id, string to, bool forAll, string text)
    {
        sender.Sent++;
        Texts++;
        if (forAll)
        {
            var others = _byName.Values.Where(each => each != sender).ToArray();
            Begin(new Delivery(sender, id, ChatRequest.Everybody, text, others.Length), others);
            return;
        }
        var name = NormalFormC.Of(to);
        if (_byName.TryGetValue(KeyOf(name), out var member))
            Begin(new Delivery(sender, id, member.Name, text, 1), [member]);
        else
            Answer(sender, new ChatNotice.Unknown(name) { Id = id });
    }

    private void Begin(Delivery delivery, ChatMember[] members)
    {
        foreach (var member in members)
            Enqueue(member, delivery);
        if (delivery.IsSettled)
            Finish(delivery);
    }

    private void Enqueue(ChatMember member, Delivery delivery)
    {
        if (member.Binding is not null)
            _effects.Add(new ChatEffect.Tell(member.Door, $"{delivery.From}: {delivery.Text}"));
        else if (member.Door is ChatDoor.Datagrams && !member.Acks)
            Tell(member, new ChatNotice.From(null, delivery.From, delivery.Text, delivery.ToAll));
        else
        {
            Await(member, delivery);
            return;
        }
        member.Received++;
        delivery.Arrived();
    }

    private void Await(ChatMember member, Delivery delivery)
    {
        if (member.Waiting.Count + (member.OnItsWay is null ? 0 : 1) >= _settings.OutstandingMax)
        {
            delivery.Failed(member.Name, "too many texts wait for an answer");
            return;
        }
        member.Waiting.Enqueue(delivery);
        SendNext(member);
    }

    private void SendNext(ChatMember member)
    {
        if (member.OnItsWay is not null || !member.Waiting.TryDequeue(out var delivery))
            return;
        var notice = new ChatNotice.From(member.Acks ? _number + 1 : null, delivery.From, delivery.Text, delivery.ToAll);
        var parcel = member.OnItsWay = new ChatMember.Parcel(delivery, ++_number, ChatGrammar.Write(notice));
        if (member.Door is ChatDoor.Lines lines)
        {
            _effects.Add(new ChatEffect.Hand(lines, parcel.Line, parcel.Number));
            return;
        }
        _effects.Add(new ChatEffect.Tell(member.Door, parcel.Line));
        parcel.RepeatAt = Now + _settings.RepeatAfter;
        LookAfter(member);
    }

    private void Arrived(ChatMember member, long number)
    {
        if (member.OnItsWay is not { } parcel || parcel.Number != number)
            return; // of one that was given up, or a repeat
        member.OnItsWay = null;
        member.Received++;
        parcel.Delivery.Arrived();
        Settle(parcel.Delivery);
        SendNext(member);
    }

    /// <summary>After a time that doubles, and as long again behind the last one as before it.</summary>
    private void Repeat(ChatMember member, ChatMember.Parcel parcel)
    {
        if (parcel.Repeats == _settings.RepeatsMax)
        {
            GiveUp(member, NoAnswer);
            return;
        }
        parcel.Repeats++;
        parcel.RepeatAt = Now + _settings.RepeatAfter * (1L << Math.Min(parcel.Repeats, _settings.RepeatsMax - 1));
        _effects.Add(new ChatEffect.Tell(member.Door, parcel.Line));
    }

    /// <summary>Who does not take one text takes none of those behind it: each sender is told now.</summary>
    private void GiveUp(ChatMember member, string why)
    {
        List<Delivery> lost = [.. member.Waiting];
        if (member.OnItsWay is { } parcel)
            lost.Insert(0, parcel.Delivery);
        member.Waiting.Clear();
        member.OnItsWay = null;
        foreach (var delivery in lost)
        {
            delivery.Failed(member.Name, why);
            Settle(delivery);
        }
    }

    private void ChangeAcks(ChatMember member, bool acks)
    {
        if (member.Acks == acks)
            return;
        member.Acks = acks;
        if (acks || member.OnItsWay is not { } parcel)
            return;
        // What was sent is as good as handed over, and so is what waits behind it.
        Delivery[] waiting = [.. member.Waiting];
        member.Waiting.Clear();
        Arrived(member, parcel.Number);
        foreach (var delivery in waiting)
        {
            Enqueue(member, delivery);
            Settle(delivery);
        }
    }

    private void Settle(Delivery delivery)
    {
        if (delivery.IsSettled)
            Finish(delivery);
    }

    private void Finish(Delivery delivery)
    {
        var sender = delivery.Sender;
        if (!sender.IsHere)
            return;
        if (sender.Binding is null)
            Answer(sender, delivery.Answer(_settings.TextBytesMax));
        else if (delivery.HasFailed)
            Tell(sender, delivery.ToAll ? new ChatNotice.Undelivered(ChatRequest.Everybody, "nobody has it") : delivery.Answer(0));
    }

    // ---- lines

    private ChatNotice.Here Here(ChatRequest.Who who)
    {
        var after = who.After is null ? "" : KeyOf(NormalFormC.Of(who.After));
        var names = _byName.Values.Where(each => string.CompareOrdinal(each.Key, after) > 0)
            .OrderBy(each => each.Key, StringComparer.Ordinal).Select(each => each.Name).ToArray();
        var (fit, more) = NameList.Fit(names, Math.Max(_settings.TextBytesMax, _settings.NameBytesMax + 1));
        return new ChatNotice.Here(fit, more) { Id = who.Id };
    }

    private ChatNotice.Joined Joined(ChatMember member, long? id) =>
        new(member.Name, member.SilenceLimit ?? _connectionSilence, member.Acks ? member.FirstNumber : null) { Id = id };

    private void Answer(ChatMember member, ChatNotice notice)
    {
        var line = ChatGrammar.Write(notice);
        if (notice.Id is { } id)
            member.Answers.Answer(id, line);
        _effects.Add(new ChatEffect.Tell(member.Door, line));
    }

    private void Refuse(ChatMember member, ChatRequest request, ChatRejection rejection, string detail) =>
        Answer(member, ChatNotice.Refused.By(rejection, detail, request.Id));

    private void Refuse(ChatDoor door, ChatRequest request, ChatRejection rejection, string detail) =>
        _effects.Add(new ChatEffect.Tell(door, ChatGrammar.Write(ChatNotice.Refused.By(rejection, detail, request.Id))));

    private void Tell(ChatMember member, ChatNotice notice) =>
        _effects.Add(new ChatEffect.Tell(member.Door, ChatGrammar.Write(notice)));

    private void TellOthers(ChatMember member, ChatNotice news)
    {
        var line = ChatGrammar.Write(news);
        foreach (var other in _byName.Values)
        {
            if (other != member && other.Binding is null)
                _effects.Add(new ChatEffect.Tell(other.Door, line));
        }
    }

    /// <summary>Sees to it that the room wakes up for a member in time; too early does no harm.</summary>
    private void LookAfter(ChatMember member)
    {
        var due = member.Due;
        if (due >= member.LookedAfterAt)
            return;
        _due.Remove(member);
        member.LookedAfterAt = due;
        _due.Add(member);
    }
}
