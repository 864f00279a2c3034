namespace ActorSock.Native;

/// <summary>Lets the uploads of one name on a connection be committed in the order in which their bodies ended.</summary>
/// <remarks>
/// What the journal has comes before what it gets later, so an upload that finds its forerunner there need not wait. Any other waits:
/// two writers may be of different speed. Of one thread at a time.
/// </remarks>
/// <param name="names">which names are the same</param>
internal sealed class NameOrder(IEqualityComparer<string> names)
{
    private readonly Dictionary<string, NativeUpload> _last = new(names); // of each name

    /// <summary>The body of an upload has ended; true when it need not wait for another one.</summary>
    public bool TryGo(NativeUpload upload)
    {
        _last.TryGetValue(upload.Name.Value, out var before);
        _last[upload.Name.Value] = upload;
        if (before is null or { Verdict.IsQueued: true })
            return true;
        (before.Next, upload.Before) = (upload, before);
        return false;
    }

    /// <summary>An upload is over, one way or the other, perhaps while it waited.</summary>
    /// <returns>The one that waits no more; null when none does.</returns>
    public NativeUpload? Leave(NativeUpload upload)
    {
        var (before, next) = (upload.Before, upload.Next);
        (upload.Before, upload.Next) = (null, null);
        if (before is not null)
            before.Next = next;
        if (next is not null)
            next.Before = before;
        else if (_last.TryGetValue(upload.Name.Value, out var last) && ReferenceEquals(last, upload))
            Restore(upload.Name.Value, before);
        return before is null ? next : null;
    }

    /// <summary>The last of a name has left: the next one comes behind whom it had waited for.</summary>
    private void Restore(string name, NativeUpload? last)
    {
        if (last is null)
            _last.Remove(name);
        else
            _last[name] = last;
    }
}
