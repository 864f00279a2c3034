namespace ActorSock.Client.Chat;

/// <summary>Says that a node does not let somebody into its chat.</summary>
public sealed class ChatRefusedException : Exception
{
    internal ChatRefusedException(int code, string reason) : base($"{code} {reason}") => Code = code;

    /// <summary>Three digits, see CHAT.md.</summary>
    public int Code { get; }
}
