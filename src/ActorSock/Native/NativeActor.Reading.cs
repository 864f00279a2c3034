using ActorSock.Events;
using ActorSock.Files;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Native;

/// <content>Requests that only read the disk: get, stat, list, resume; and what is to be looked at before a deletion or a renaming.</content>
internal sealed partial class NativeActor
{
    /// <summary>So many have a reader at once: one that is saying its reply, and others that look at the disk meanwhile.</summary>
    private const int ReadersMax = 4;

    private readonly Queue<NativeReading> _toRead = [];
    private int _readers, _readersBegun;

    private void BeginGet(NativeRequest.Get get, int room)
    {
        if (ConfinedOrRefused(get, get.Name, room) is { } name)
            BeginReading(get, room, mayRead => FetchActor.PropsOf(_parts, _link, get, Stored(name), name.Value, mayRead));
    }

    private void BeginStat(NativeRequest.Stat stat, int room)
    {
        if (ConfinedOrRefused(stat, stat.Name, room) is { } name)
            BeginReading(stat, room, mayRead => StatActor.PropsOf(_parts, _link, stat.Id!.Value, Stored(name), name.Value, mayRead));
    }

    private void BeginList(NativeRequest.List list, int room)
    {
        if (!MayList(list, room))
            return;
        var query = new FileQuery(_link.Client, list.Prefix, list.After, PageLimit(list.Limit), list.Recursive);
        BeginReading(list, room, _ => ListActor.PropsOf(_parts, _link, list.Id!.Value, query));
    }

    private void BeginFolders(NativeRequest.Folders folders, int room)
    {
        if (!MayList(folders, room))
            return;
        var query = new FolderQuery(_link.Client, folders.Prefix, folders.After, PageLimit(folders.Limit));
        BeginReading(folders, room, _ => FoldersActor.PropsOf(_parts, _link, folders.Id!.Value, query));
    }

    private bool MayList(NativeRequest.Page page, int room)
    {
        var charsMax = FileName.RawTimesMax * _parts.Settings.Files.NameBytesMax;
        if (page.Prefix.Length <= charsMax && !(page.After?.Length > charsMax))
            return true;
        Refuse(page, room, new Refusal(Rejection.NameRefused, $"prefix or after is longer than {charsMax} characters"));
        return false;
    }

    private int PageLimit(int limit) => Math.Min(limit, _parts.Settings.Native.ListEntriesMax);

    private void BeginResume(NativeRequest.Resume resume, int room)
    {
        if (MayCommit(resume, room) && ConfinedOrRefused(resume, resume.Name, room) is { } name)
            BeginReading(resume, room, _ => ResumeActor.PropsOf(_parts, _link, resume, KeyOf(resume.Upload), Stored(name)));
    }

    /// <summary>The name without the folder of the client; null when it is none, and the request was refused.</summary>
    private FileName? ConfinedOrRefused(NativeRequest request, string raw, int room)
    {
        if (FileName.TryConfine(raw, _parts.Settings.Files.NameBytesMax, out var name, out var wrong))
            return name;
        Refuse(request, room, new Refusal(Rejection.NameRefused, wrong));
        return null;
    }

    /// <summary>A name of the client as it is stored.</summary>
    private FileName Stored(FileName name) => _link.Client is { } client ? name.Below(client) : name;

    private void BeginReading(NativeRequest request, int room, Func<bool, Props> propsOf)
    {
        var reading = new NativeReading(request, room, propsOf) { StartedAt = _parts.Clock.GetTimestamp() };
        _session.Asked.Add(reading.Id, reading);
        _toRead.Enqueue(reading);
        StartReaders();
        PassBody();
    }

    private void StartReaders()
    {
        while (_readers < ReadersMax && _toRead.TryDequeue(out var reading))
        {
            _readers++;
            StartReader(reading, mayRead: false);
        }
    }

    private void StartReader(NativeReading reading, bool mayRead) =>
        reading.Reader = Context.ActorOf(reading.PropsOf(mayRead), $"reader-{++_readersBegun}");

    /// <summary>Who said it; null when that was stopped meanwhile.</summary>
    private NativeReading? ReadingOf(IActorRef reader)
    {
        if (_session.Speaking is { } speaking && speaking.Reader.Equals(reader))
            return speaking;
        foreach (var asked in _session.Asked.Values)
        {
            if (asked is NativeReading reading && reading.Reader.Equals(reader))
                return reading;
        }
        return null;
    }

    private void HearReaders()
    {
        Receive<ReaderActor.Event>(static _ => { }, _ => ReadingOf(Sender) is null);
        Receive<ReaderActor.Event.Answered>(answered => AnswerRead(ReadingOf(Sender)!, answered.Reply));
        Receive<ReaderActor.Event.NeedsDigest>(_ => StartReader(ReadingOf(Sender)!, mayRead: true));
        Receive<ReaderActor.Event.MayChange>(may => Change(ReadingOf(Sender)!, may.Name, may.Found));
        Receive<ReaderActor.Event.StoredBefore>(before => AnswerRead(ReadingOf(Sender)!, StoredBefore(before.Upload)));
        Receive<ReaderActor.Event.Ready>(_ =>
        {
            _session.Outbox.Add(Sender, ReadingOf(Sender)!.Room);
            SaySoon();
        });
        Receive<ReaderActor.Event.Said>(said => EndTurn(ReadingOf(Sender)!, said.Bytes));
        Receive<ReaderActor.Event.Broken>(broken => Lose(broken.Error));
    }

    private NativeReply StoredBefore(StoredUpload stored) =>
        StoredReply(ReadingOf(Sender)!.Id, stored.Name, stored.Size, stored.Md5, stored.Sha256, stored.Receipt);

    private void AnswerRead(NativeReading reading, NativeReply reply)
    {
        if (Rejection.All.FirstOrDefault(each => each.Name == reply.Error) is { } rejection)
            Note(null, new Refusal(rejection, reply.Message ?? ""), NameIn(reading.Request));
        Answer(reading, reply);
        ReaderEnded();
    }

    /// <summary>Who hears a reply may use its number again, before we hear that all of it was said.</summary>
    private void NoteSpeaker()
    {
        if (_session.Outbox.Speaker is not { } speaker || _session.Speaking is not null)
            return;
        _session.Speaking = ReadingOf(speaker)!;
        _session.Asked.Remove(_session.Speaking.Id);
    }

    private void EndTurn(NativeReading reading, long bytes)
    {
        _session.Speaking = null;
        _session.Outbox.Sent();
        if (reading.Request is NativeRequest.Get get)
            Publish(new ServerEvent.Fetched(_parts.Now, _link.Id, _link.Peer, get.Name, bytes, _parts.Clock.GetElapsedTime(reading.StartedAt)));
        ReaderEnded();
        SendOn();
    }

    private void ReaderEnded()
    {
        _readers--;
        StartReaders();
    }

    private void ReaderFailed(NativeReading reading, Refusal refusal)
    {
        if (ReferenceEquals(reading, _session.Speaking))
        {
            Leave($"half a reply was said: {refusal}");
            return;
        }
        _session.Outbox.Remove(reading.Reader);
        Note(null, refusal, NameIn(reading.Request));
        Answer(reading, NativeReply.Refused(reading.Id, refusal, closes: false));
        ReaderEnded();
    }

    /// <summary>Nobody would hear what they say.</summary>
    private void StopReaders()
    {
        _toRead.Clear();
        if (_session.Speaking is { } speaking)
            Context.Stop(speaking.Reader);
        _session.Speaking = null;
        foreach (var reading in _session.Asked.Values.OfType<NativeReading>().ToArray())
        {
            Context.Stop(reading.Reader);
            _session.Asked.Remove(reading.Id);
        }
    }
}
