namespace ActorSock.Client.Chat;

/// <summary>What happens in the chat without being asked for.</summary>
public abstract record ChatNews
{
    private ChatNews() { }

    /// <summary>Somebody says something.</summary>
    public sealed record Text(string From, string Said, bool ToAll) : ChatNews;

    /// <summary>Somebody has joined.</summary>
    public sealed record Came(string Name) : ChatNews;

    /// <summary>Somebody is gone.</summary>
    public sealed record Left(string Name, string? Why) : ChatNews;

    /// <summary>Somebody bears another name.</summary>
    public sealed record Renamed(string Name, string Now) : ChatNews;

    /// <summary>This client is not in the chat any more, and tries to get back.</summary>
    public sealed record Lost(string Why) : ChatNews;

    /// <summary>It is there again.</summary>
    public sealed record Back : ChatNews;
}
