namespace ActorSock.Journal;

/// <summary>How far a journal is known to be whole.</summary>
/// <param name="Sequence">The number of the last record; 0 when there is none.</param>
/// <param name="Hash">Its hash; null where the record before the first one is not here.</param>
internal readonly record struct JournalChain(long Sequence, RecordHash? Hash)
{
    /// <summary>Before the first record of all.</summary>
    public static JournalChain Beginning => new(0, default(RecordHash));

    /// <summary>Before the first record of a file whose predecessors are not here.</summary>
    public static JournalChain Before(JournalFile first) =>
        first.First == 1 ? Beginning : new JournalChain(first.First - 1, null);

    public static JournalChain At(in JournalLink record) => new(record.Sequence, record.Hash);

    /// <summary>Why this record cannot be the next one; null when it is.</summary>
    public string? WhyNotNext(in JournalLink record)
    {
        if (record.Sequence != Sequence + 1)
            return $"its number is {record.Sequence}, and {Sequence + 1} is due";
        if (Hash is { } hash && record.Previous != hash)
            return "it does not follow the record before: prev is not its hash";
        return null;
    }
}

/// <summary>What of a record holds the chain together.</summary>
/// <param name="Sequence">Its number.</param>
/// <param name="Previous">The hash of the record before.</param>
/// <param name="Hash">Its own.</param>
internal readonly record struct JournalLink(long Sequence, RecordHash Previous, RecordHash Hash)
{
    public static JournalLink Of(JournalRecord record) => new(record.Sequence, record.Previous, record.Hash);
}
