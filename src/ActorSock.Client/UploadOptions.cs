namespace ActorSock.Client;

/// <summary>Says how patient a connection is.</summary>
public sealed record UploadOptions
{
    /// <summary>How long a reply may take that is due. Five minutes outlast a server that flushes a large
    /// file to a slow disk before it answers, and end the wait for one that hangs.</summary>
    public TimeSpan ReplyLimit { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>For servers that challenge those who connect; null for others.</summary>
    public ClientKey? Key { get; init; }

    /// <summary>The clock that <see cref="ReplyLimit"/> is measured with.</summary>
    public TimeProvider Clock { get; init; } = TimeProvider.System;
}
