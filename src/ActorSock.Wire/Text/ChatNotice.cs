namespace ActorSock.Wire.Text;

/// <summary>One line of the chat's server: an answer, a text, or news.</summary>
public abstract record ChatNotice
{
    private ChatNotice() { }

    /// <summary>The id of the request that it answers, where that had one.</summary>
    public long? Id { get; init; }

    /// <summary>The answer to a join.</summary>
    /// <param name="Name">the name as the server writes it</param>
    /// <param name="Silence">who is silent for longer is taken to be gone</param>
    /// <param name="Acks">for those who acknowledge: texts have higher numbers than this one; where it differs from
    /// that of an earlier join, the server has forgotten what it knew of this member</param>
    public sealed record Joined(string Name, TimeSpan Silence, long? Acks) : ChatNotice;

    /// <summary>Who is here; <paramref name="More"/> have no room on the line.</summary>
    public sealed record Here(IReadOnlyList<string> Names, int More) : ChatNotice
    {
        /// <inheritdoc/>
        public bool Equals(Here? other) =>
            other is not null && Id == other.Id && More == other.More && Names.SequenceEqual(other.Names);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Id, More, Names.Count);
    }

    /// <summary>The member has the text.</summary>
    public sealed record Delivered(string To) : ChatNotice;

    /// <summary>So many of those that were to have a text have it; <paramref name="Missing"/> do not, and
    /// <paramref name="More"/> that have no room on the line.</summary>
    public sealed record DeliveredToAll(int Got, int Of, IReadOnlyList<string> Missing, int More) : ChatNotice
    {
        /// <inheritdoc/>
        public bool Equals(DeliveredToAll? other) => other is not null && Id == other.Id && Got == other.Got
            && Of == other.Of && More == other.More && Missing.SequenceEqual(other.Missing);

        /// <inheritdoc/>
        public override int GetHashCode() => HashCode.Combine(Id, Got, Of, More);
    }

    /// <summary>The member is here, and it cannot be said that it has the text.</summary>
    public sealed record Undelivered(string To, string Why) : ChatNotice;

    /// <summary>Nobody of that name is here.</summary>
    public sealed record Unknown(string To) : ChatNotice;

    /// <summary>To a repeat: the text is still on its way.</summary>
    public sealed record Pending(string To) : ChatNotice;

    /// <summary>A text. <paramref name="Number"/> is there for members that acknowledge.</summary>
    public sealed record From(long? Number, string Name, string Text, bool ToAll) : ChatNotice;

    /// <summary>Somebody has joined.</summary>
    public sealed record Came(string Name) : ChatNotice;

    /// <summary>Somebody is gone: perhaps who reads this.</summary>
    public sealed record Left(string Name, string? Why) : ChatNotice;

    /// <summary>Somebody bears another name from now on.</summary>
    public sealed record Renamed(string Name, string Now) : ChatNotice;

    /// <summary>The answer to a ping.</summary>
    public sealed record Pong : ChatNotice;

    /// <summary>The line was not done.</summary>
    /// <param name="Code">three digits in the manner of HTTP</param>
    /// <param name="Reason">what is wrong, why, and what to do</param>
    public sealed record Refused(int Code, string Reason) : ChatNotice
    {
        /// <summary>By one of the ways to refuse.</summary>
        public static Refused By(ChatRejection rejection, string detail, long? id)
        {
            ArgumentNullException.ThrowIfNull(rejection);
            return new Refused(rejection.Code, $"{rejection.Sentence}: {detail}") { Id = id };
        }
    }
}
