namespace ActorSock.Client;

/// <summary>Says what a server's reply was.</summary>
internal abstract record Reply
{
    private Reply() { }

    /// <summary>The one that was hoped for.</summary>
    public sealed record AsHoped : Reply;

    /// <summary>Three other digits in its place: a refusal, and the conversation goes on.</summary>
    public sealed record Code(int Digits) : Reply;

    /// <summary>The conversation is over.</summary>
    public sealed record Last(UploadOutcome Outcome) : Reply;
}
