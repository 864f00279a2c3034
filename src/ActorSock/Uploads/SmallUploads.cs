using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Settings;

namespace ActorSock.Uploads;

/// <summary>Knows the small uploads that have a word, and remembers which ones were stored: for clients that did not hear it.</summary>
/// <remarks>
/// Thread-safe, and no actor: small files come by the ten thousand a second. In memory alone: a node that begins anew knows of none.
/// Of a client at most as many as it may leave behind of large ones are remembered, apart from these, and as long.
/// </remarks>
/// <param name="settings">how many, and how long</param>
/// <param name="clock">the node's</param>
/// <param name="large">who have the word while it is that of a large one</param>
internal sealed class SmallUploads(FilesSettings settings, TimeProvider clock, UploadsDoor large)
{
    private readonly Lock _lock = new();
    private readonly Dictionary<UploadKey, SmallUpload> _newest = [];
    private readonly Dictionary<string, Queue<SmallUpload>> _going = []; // by client, the oldest first

    /// <summary>So many are known.</summary>
    public int Count
    {
        get { lock (_lock) return _newest.Count; }
    }

    /// <summary>An upload begins; one of the same word that the journal does not get yet is refused when it would.</summary>
    public SmallUpload Begin(UploadKey key, UploadTerms terms, Verdict verdict)
    {
        lock (_lock)
        {
            var upload = new SmallUpload(key, terms, verdict, clock.GetUtcNow(), _newest.GetValueOrDefault(key));
            if (!large.Knows(key)) // else a large one has come beside it: that is the newer
                _newest[key] = upload;
            return upload;
        }
    }

    /// <summary>Its body is complete; false when another has come since, and it is not to be stored.</summary>
    /// <param name="upload">it</param>
    /// <param name="commit">gives it to the journal, before those that come after it by the same word are</param>
    public bool TryGo(SmallUpload upload, Action commit)
    {
        lock (_lock)
        {
            if (!IsNewest(upload))
                return false;
            upload.IsGoing = true;
            commit();
            if (!_going.TryGetValue(upload.Key.Client, out var going))
                _going.Add(upload.Key.Client, going = new Queue<SmallUpload>());
            going.Enqueue(upload);
            while (going.TryPeek(out var oldest) && (going.Count > settings.KeptUploadsMax || IsOld(oldest)))
            {
                going.Dequeue();
                Remove(oldest);
            }
            return true;
        }
    }

    /// <summary>Its writer has ended. What the journal gets stays.</summary>
    public void End(SmallUpload upload)
    {
        lock (_lock)
        {
            if (!upload.IsGoing)
                Remove(upload);
        }
    }

    /// <summary>What was of this word is no more: a large upload has it.</summary>
    public void Forget(UploadKey key)
    {
        lock (_lock)
            _newest.Remove(key);
    }

    /// <summary>Somebody comes with a word; from an upload that the journal does not get yet he takes it over.</summary>
    /// <param name="key">the word</param>
    /// <param name="said">what he says of it</param>
    /// <param name="whyNot">why he takes the upload for another one, and has taken nothing over; else null</param>
    /// <returns>The one that the journal has, or had; null when none is known.</returns>
    public SmallUpload? Ask(UploadKey key, UploadTerms said, out string? whyNot)
    {
        whyNot = null;
        lock (_lock)
        {
            if (!_newest.TryGetValue(key, out var upload))
                return null;
            whyNot = upload.WhyNot(said);
            if (whyNot is not null)
                return null;
            if (upload.IsGoing && !IsOld(upload))
                return upload;
            _newest.Remove(key);
            return null;
        }
    }

    private bool IsNewest(SmallUpload upload) => _newest.TryGetValue(upload.Key, out var newest) && ReferenceEquals(newest, upload);

    private void Remove(SmallUpload upload)
    {
        if (IsNewest(upload))
            _newest.Remove(upload.Key);
    }

    private bool IsOld(SmallUpload upload) => clock.GetUtcNow() - upload.BegunAt >= settings.KeepUploads;
}
