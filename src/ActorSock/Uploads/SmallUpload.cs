using ActorSock.Files;
using ActorSock.Journal;
using ActorSock.Wire;

namespace ActorSock.Uploads;

/// <summary>One upload that is too small to be kept in part, and has a word by which its client may ask what became of it.</summary>
/// <remarks>Thread-safe.</remarks>
/// <param name="key">the word</param>
/// <param name="terms">what it was begun with</param>
/// <param name="verdict">takes the outcome</param>
/// <param name="begunAt">by the node's clock</param>
/// <param name="older">the one before by the same word; null for none</param>
internal sealed class SmallUpload(UploadKey key, UploadTerms terms, Verdict verdict, DateTimeOffset begunAt, SmallUpload? older)
{
    private readonly Lock _lock = new();
    private List<IActorRef>? _waiting;
    private volatile bool _isSettled;
    private SmallUpload? _before = older is null || older.IsGoing ? older : older._before; // what it stored stays when this one is refused for its name

    public UploadKey Key => key;

    public DateTimeOffset BegunAt => begunAt;

    /// <summary>Whether the journal gets it, or has got it: nobody takes it over any more. <see cref="SmallUploads"/>'s.</summary>
    public bool IsGoing { get; set; }

    /// <summary>What became of it; null when it was not stored.</summary>
    public StoredUpload? Stored => verdict.Said switch
    {
        Verdict.Outcome.Stored stored => new StoredUpload(stored.Name, stored.Bytes, stored.Digest, stored.Sha256, stored.Receipt),
        _ when HasNoName => _before?.Stored,
        _ => null,
    };

    private bool HasNoName => verdict.Said is Verdict.Outcome.Refused { Refusal: var refusal } && refusal.Rejection == Rejection.Exists;

    /// <inheritdoc cref="UploadTerms.WhyNot(UploadTerms)"/>
    /// <remarks>What is over is nobody's.</remarks>
    public string? WhyNot(UploadTerms said) => _isSettled ? null : terms.WhyNot(said);

    /// <summary>The journal is done with it: who waits for that is told.</summary>
    public void Settle()
    {
        // The journal goes by their order: the older is settled, and no chain of them is held.
        _before = !HasNoName ? null : _before is { HasNoName: true } refused ? refused._before : _before;
        List<IActorRef>? waiting;
        lock (_lock)
            (_isSettled, waiting, _waiting) = (true, _waiting, null);
        waiting?.ForEach(Tell);
    }

    /// <summary>Tells somebody <see cref="JournalActor.Settled"/> when the journal is done with it; at once when it is.</summary>
    public void TellWhenSettled(IActorRef who)
    {
        lock (_lock)
        {
            if (!_isSettled)
            {
                (_waiting ??= []).Add(who);
                return;
            }
        }
        Tell(who);
    }

    private void Tell(IActorRef who) => who.Tell(new JournalActor.Settled(verdict), ActorRefs.NoSender);
}
