using ActorSock.Events;
using ActorSock.Journal;

namespace ActorSock.Uploads;

/// <content>Who is at an upload, what becomes of it, and what is kept of it.</content>
internal sealed partial class UploadsActor
{
    // ---- who is at it

    /// <summary>Does it unless the upload is somebody else's by now.</summary>
    private void At(UploadClaim claim, Action<UploadEntry> does)
    {
        if (Entries.TryGetValue(claim.Key, out var entry) && entry.Claims.Contains(claim))
            does(entry);
    }

    private void Commit(UploadEntry entry, Command.Committing committing)
    {
        (entry.Offset, entry.Prefix, entry.Bytes) = (committing.Size, committing.Digest, committing.Size);
        entry.Committing = committing.Verdict;
        _parts.Uploads.Committing.Add(committing.Verdict, entry);
    }

    private void Settle(Verdict verdict)
    {
        if (!_parts.Uploads.Committing.Remove(verdict, out var entry))
            return; // this actor has failed at the word that the journal has it
        entry.Committing = null;
        entry.Touched = _parts.Now;
        if (verdict.Said is Verdict.Outcome.Stored stored)
        {
            entry.Stored = new StoredUpload(stored.Name, stored.Bytes, stored.Digest, stored.Sha256, stored.Receipt);
            entry.Bytes = 0;
            entry.Parts?.Clear();
            entry.Parts = null;
            _sweeper.Tell(new SweeperActor.Command.Remember(entry.Stem, entry.Stored), Self);
        }
        Next(entry);
    }

    private void Leave(Command.Leave leave)
    {
        var keeper = Context.ActorOf(KeeperActor.PropsOf(_parts, leave.Held, leave.File, leave.Digest));
        (leave.Held.Holder, leave.Held.IsLeft) = (keeper, true);
        At(leave.Held, entry => Watch(keeper, entry));
    }

    private void Ended(IActorRef who)
    {
        if (who.Equals(_sweeper))
        {
            Context.Stop(Self); // it has done what it was told
            return;
        }
        if (_at.Remove(who, out var entry))
        {
            Unshelve(entry); // one that has lost its claim may have been in its files until now
            foreach (var waiting in entry.Waiting.Where(waiting => waiting.Who.Equals(who)).ToList())
                entry.Waiting.Remove(waiting);
            foreach (var claim in entry.Claims.Concat(entry.Stuck).Where(claim => claim.Holder.Equals(who)))
            {
                Timers.Cancel(claim);
                claim.LetGo();
            }
            if (entry.Claims.RemoveAll(claim => claim.Holder.Equals(who)) + entry.Stuck.RemoveAll(claim => claim.Holder.Equals(who)) > 0)
                (entry.Touched, entry.Bytes) = (_parts.Now, entry.Parts?.Bytes ?? entry.Bytes);
            if (Entries.TryGetValue(entry.Key, out var known) && known == entry)
                Next(entry);
        }
        EndIfNobodyIsLeft();
    }

    /// <summary>Whoever has not let go in time has lost it, unless the journal has it already.</summary>
    private void TakeFromStuck(UploadEntry entry, UploadClaim claim)
    {
        // Who sends it whole may still write anywhere in its files, and who makes those of parts has not made them: others are made then.
        var withFiles = claim.Use == UploadUse.Whole || !entry.IsBegun;
        if (entry.Waiting.Count == 0 || !claim.TryLose(withFiles))
            return;
        claim.Holder.Tell(Grant.TakenOver.Instance, Self); // who made the files was not told before
        entry.Claims.Remove(claim);
        if (withFiles)
            entry.Renew(entry.Terms, "");
        else
            entry.Stuck.Add(claim); // a part is in the way of its place alone, a join in that of joins
        Next(entry);
    }

    // ---- what is kept

    /// <summary>Nobody is at an upload: it is kept, as far as that is allowed.</summary>
    private void Rest(UploadEntry entry)
    {
        if (!entry.IsWorthKeeping || Files.KeepUploads == TimeSpan.Zero)
        {
            Remove(entry, "actorsock.files.keep-uploads is 0s");
            return;
        }
        Unshelve(entry);
        if (!_shelves.TryGetValue(entry.Key.Client, out var shelf))
            _shelves.Add(entry.Key.Client, shelf = new UploadShelf(entry.Key.Client));
        entry.Place = shelf.Add(entry);
        MakeRoom(shelf);
    }

    /// <summary>Somebody comes to it, or it changes.</summary>
    private void Unshelve(UploadEntry entry)
    {
        if (entry.Place is not { } place)
            return;
        var shelf = _shelves[entry.Key.Client];
        shelf.Remove(place);
        entry.Place = null;
        if (shelf.Count == 0)
            _shelves.Remove(entry.Key.Client);
    }

    private void MakeRoom(UploadShelf shelf)
    {
        while (shelf.Bytes > Files.KeptBytesMax)
            Remove(shelf.OldestWithBytes, "more than actorsock.files.kept-bytes-max");
        while (shelf.Count > Files.KeptUploadsMax)
            Remove(shelf.Oldest!, "more than actorsock.files.kept-uploads-max");
    }

    /// <summary>
    /// Memory for one more part. Where there is none, uploads that nobody is at give way, those of whoever has most parts first, but for
    /// nobody who has more.
    /// </summary>
    private bool TryReserve(string client)
    {
        var uploads = _parts.Uploads;
        var its = uploads.MemoryOf(client);
        while (!its.TryTake())
        {
            var most = _shelves.Values
                .Where(shelf => shelf.Parts > 0 && (shelf.Client == client || uploads.MemoryOf(shelf.Client).Parts > its.Parts))
                .MaxBy(shelf => uploads.MemoryOf(shelf.Client).Parts);
            if (most is null)
                return false;
            Remove(most.OldestWithParts, "more parts than a quarter of actorsock.memory.blocks-max holds");
        }
        return true;
    }

    private void Expire()
    {
        var before = _parts.Now - Files.KeepUploads;
        foreach (var shelf in _shelves.Values.ToList())
        {
            while (shelf.Oldest is { } oldest && oldest.Touched <= before)
                Remove(oldest, "older than actorsock.files.keep-uploads");
        }
    }

    private void Remove(UploadEntry entry, string why)
    {
        if (entry.IsBegun && entry.Stored is null)
            Publish(new ServerEvent.UploadExpired(_parts.Now, entry.Key.ClientIfAny, entry.Key.Upload, entry.Terms.Name.Value, entry.BytesKept, why));
        Unshelve(entry);
        if (entry.Stem.Length > 0)
            Sweep(entry.Stem);
        entry.Parts?.Clear();
        Entries.TryRemove(entry.Key, out _);
    }

    private void Sweep(string stem) => _sweeper.Tell(new SweeperActor.Command.Drop(stem), Self);

    private void EndIfNobodyIsLeft()
    {
        if (_isClosing && Context.GetChildren().All(child => child.Equals(_sweeper)))
            _sweeper.Tell(PoisonPill.Instance, Self);
    }
}
