namespace ActorSock.Chat;

/// <summary>What is to be done outside because of what happened in the room.</summary>
internal abstract record ChatEffect
{
    private ChatEffect() { }

    /// <summary>Sends a line, once; nobody is told whether it arrives.</summary>
    public sealed record Tell(ChatDoor Door, string Line) : ChatEffect;

    /// <summary>Sends a line, and says so by <see cref="ChatRoom.Taken"/> when the socket has it.</summary>
    public sealed record Hand(ChatDoor.Lines Door, string Line, long Number) : ChatEffect;

    /// <summary>Somebody has joined; so many are here now.</summary>
    public sealed record Came(string Name, ChatDoor Door, int Members) : ChatEffect;

    /// <summary>Somebody bears another name.</summary>
    public sealed record Renamed(string Name, string Now, ChatDoor Door) : ChatEffect;

    /// <summary>Somebody is gone, who had sent and been handed so many texts, and was refused so many lines.</summary>
    public sealed record Left(string Name, ChatDoor Door, string Reason, TimeSpan Stay, long Sent, long Received, long Refused)
        : ChatEffect;
}
