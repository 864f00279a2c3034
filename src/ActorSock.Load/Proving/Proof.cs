namespace ActorSock.Load.Proving;

/// <summary>Says whether what was acknowledged is there.</summary>
internal sealed record Proof
{
    private const int ExamplesMax = 5;

    private readonly List<string> _examples = [];

    /// <summary>How it was looked for, in a few words.</summary>
    public required string Method { get; init; }

    /// <summary>Files that were acknowledged.</summary>
    public required long Acknowledged { get; init; }

    /// <summary>Of them, those that were looked for.</summary>
    public long Checked { get; set; }

    /// <summary>Of them, those whose bytes were compared, every one.</summary>
    public long Compared { get; set; }

    /// <summary>Of them, those whose bytes were to be compared.</summary>
    public required long ToCompare { get; init; }

    public long Missing { get; set; }

    public long Different { get; set; }

    /// <summary>Unfinished files of rude clients that can be seen, which none may.</summary>
    public long Unfinished { get; set; }

    /// <summary>Why not all were looked for; null when they were.</summary>
    public string? CutShort { get; set; }

    public TimeSpan Elapsed { get; set; }

    /// <summary>The first that are wrong.</summary>
    public IReadOnlyList<string> Examples => _examples;

    /// <summary>Whether all is there, and all was looked at that was to be: what nobody could look at proves nothing.</summary>
    public bool Holds => !Complaints.Any();

    /// <summary>Whether something was found that must not be.</summary>
    public bool IsDisproved => Missing + Different + Unfinished > 0;

    public IEnumerable<string> Complaints
    {
        get
        {
            var of = $"of {Acknowledged} acknowledged files";
            if (Missing > 0) yield return $"{Missing} {of} are not there{(Missing == Acknowledged ? ": is it the right node, and the right root?" : "")}";
            if (Different > 0) yield return $"{Different} {of} have other bytes";
            if (Unfinished > 0) yield return $"{Unfinished} files that were never finished can be seen";
            if (Checked < Acknowledged) yield return $"{Acknowledged - Checked} {of} were not looked for: {CutShort}";
            else if (CutShort is not null) yield return $"the bytes of {ToCompare - Compared} {of} were not compared: {CutShort}";
        }
    }

    public void Wrong(string example)
    {
        if (_examples.Count < ExamplesMax) _examples.Add(example);
    }
}
