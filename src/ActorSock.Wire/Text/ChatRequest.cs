namespace ActorSock.Wire.Text;

/// <summary>One line of a client of the chat.</summary>
public abstract record ChatRequest
{
    private ChatRequest() { }

    /// <summary>What stands behind the verb as <c>#17</c>: the answer bears it, and a repeat is not done twice.</summary>
    public long? Id { get; init; }

    /// <summary>The name that means everybody.</summary>
    public const string Everybody = "all";

    /// <summary>Be here under this name. <paramref name="Acks"/>: texts are numbered, and answered by <see cref="Got"/>.</summary>
    public sealed record Join(string Name, bool Acks) : ChatRequest;

    /// <summary>Who is here, by name; only those behind <paramref name="After"/> if that is given.</summary>
    public sealed record Who(string? After) : ChatRequest;

    /// <summary>A text for a member, or for <see cref="Everybody"/>.</summary>
    public sealed record Say(string To, string Text) : ChatRequest
    {
        /// <summary>Whether it is for everybody.</summary>
        public bool IsForAll => To.Equals(Everybody, StringComparison.OrdinalIgnoreCase);
    }

    /// <summary>A text without a command before it.</summary>
    public sealed record Plain(string Text) : ChatRequest;

    /// <summary>I am still here.</summary>
    public sealed record Ping : ChatRequest;

    /// <summary>I go.</summary>
    public sealed record Leave : ChatRequest;

    /// <summary>I have the text with this number.</summary>
    public sealed record Got(long Number) : ChatRequest;

    /// <summary>A line with nothing on it, which is worth no answer.</summary>
    public sealed record Nothing : ChatRequest;

    /// <summary>A line that is refused whoever sent it.</summary>
    public sealed record Broken(ChatRejection Rejection, string Detail) : ChatRequest;
}
