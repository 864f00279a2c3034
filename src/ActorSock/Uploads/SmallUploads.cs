using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Settings;

namespace ActorSock.Uploads;

/// <summary>Knows the small uploads that have a word, and remembers which ones were stored: for clients that did not hear it.</summary>
/// <remarks>
/// Thread-safe, and no actor: small files come by the ten thousand a second. In memory alone: a node that begins anew knows of none.
/// Of a client at most as many as it may leave behind of large ones are remembered, apart from these, and as long.
/// </remarks>
internal sealed class SmallUploads(FilesSettings settings, TimeProvider clock)
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
    public SmallUpload Begin(UploadKey key, StoreOrder order, Verdict verdict)
    {
        var terms = new UploadTerms(order.Name, order.Size, order.Kind, InParts: false);
        var upload = new SmallUpload(key, terms, verdict, clock.GetUtcNow());
        lock (_lock)
            _newest[key] = upload;
        return upload;
    }

    /// <summary>Its body is complete; false when another has come since, and it is not to be stored.</summary>
    public bool TryGo(SmallUpload upload)
    {
        lock (_lock)
        {
            if (!IsNewest(upload))
                return false;
            upload.IsGoing = true;
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

    /// <summary>Somebody asks what became of an upload; from one that the journal does not get yet he takes it over.</summary>
    /// <returns>The one that the journal has, or had; null when none is known.</returns>
    public SmallUpload? Ask(UploadKey key, FileName name, long? size)
    {
        lock (_lock)
        {
            if (!_newest.TryGetValue(key, out var upload) || upload.Terms.WhyNot(name, size, kind: null) is not null)
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
