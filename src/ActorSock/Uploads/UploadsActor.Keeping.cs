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
            return; // its client has begun anew
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
        else if (verdict.Said is Verdict.Outcome.Refused)
        {
            Sweep(entry.Stem); // under that name it cannot be
            entry.Renew(entry.Terms, "");
        }
        Next(entry);
    }

    private void Leave(Command.Leave leave)
    {
        var keeper = Context.ActorOf(KeeperActor.PropsOf(_parts, leave.Held, leave.File, leave.Digest));
        leave.Held.Holder = keeper;
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
            foreach (var waiting in entry.Waiting.Where(waiting => waiting.Who.Equals(who)).ToList())
                entry.Waiting.Remove(waiting);
            foreach (var claim in entry.Claims.Where(claim => claim.Holder.Equals(who)))
                Timers.Cancel(claim);
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
            Remove(entry);
        else
            MakeRoom(entry.Key.Client);
    }

    private void MakeRoom(string client)
    {
        var (count, bytes) = (0, 0L);
        foreach (var kept in Entries.Values.Where(entry => entry.IsIdle && entry.Key.Client == client))
            (count, bytes) = (count + 1, bytes + kept.Bytes);
        while (count > Files.KeptUploadsMax || bytes > Files.KeptBytesMax)
        {
            var tooMuch = bytes > Files.KeptBytesMax;
            var oldest = Entries.Values
                .Where(entry => entry.IsIdle && entry.Key.Client == client && (!tooMuch || entry.Bytes > 0))
                .MinBy(static entry => entry.Touched)!;
            (count, bytes) = (count - 1, bytes - oldest.Bytes);
            Remove(oldest);
        }
    }

    private void Expire()
    {
        var before = _parts.Now - Files.KeepUploads;
        foreach (var old in Entries.Values.Where(entry => entry.IsIdle && entry.Touched <= before).ToList())
            Remove(old);
    }

    private void Remove(UploadEntry entry)
    {
        if (entry.Stem.Length > 0)
            Sweep(entry.Stem);
        entry.Parts?.Clear();
        Entries.Remove(entry.Key);
    }

    private void Sweep(string stem) => _sweeper.Tell(new SweeperActor.Command.Drop(stem), Self);

    private void EndIfNobodyIsLeft()
    {
        if (_isClosing && Context.GetChildren().All(child => child.Equals(_sweeper)))
            _sweeper.Tell(PoisonPill.Instance, Self);
    }
}
