using ActorSock.Files;

namespace ActorSock.Journal;

/// <summary>What is to be done about a commit whose turn has come.</summary>
/// <param name="Name">the name that a file gets</param>
internal readonly record struct CommitPlan(FileName Name)
{
    /// <summary>The file that is to be deleted or renamed.</summary>
    public StoredFile? Found { get; init; }

    /// <summary>What its owner is told instead; null when it goes on.</summary>
    public Verdict.Outcome? Refused { get; init; }

    /// <summary>Whether what is there is known only when the group under way was published.</summary>
    public bool Waits { get; init; }

    public static CommitPlan Later => new() { Waits = true };

    public static CommitPlan No(Verdict.Outcome outcome) => new() { Refused = outcome };
}
