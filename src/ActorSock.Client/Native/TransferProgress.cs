namespace ActorSock.Client.Native;

/// <summary>Says which way a file goes.</summary>
public enum TransferDirection
{
    /// <summary>To the node.</summary>
    Up,

    /// <summary>From the node.</summary>
    Down,
}

/// <summary>Says how a transfer is.</summary>
public enum TransferState
{
    /// <summary>Bytes are moving.</summary>
    Moving,

    /// <summary>An attempt has failed, and there will be another.</summary>
    Waiting,

    /// <summary>It is done: what went up is stored as was asked for, what came down is complete and verified.</summary>
    Done,

    /// <summary>It has failed for good.</summary>
    Failed,
}

/// <summary>Says how far one transfer has come.</summary>
/// <param name="Transfer">Its number, from 1; each call has its own.</param>
/// <param name="Name">What the file is called on the node.</param>
/// <param name="Direction">Which way it goes.</param>
/// <param name="State">How it is.</param>
/// <param name="DoneBytes">Bytes that have been moved, those of earlier attempts included where they count.</param>
/// <param name="TotalBytes">Bytes of the whole; null while nobody knows.</param>
/// <param name="Attempt">Which attempt it is, from 1.</param>
/// <param name="Problem">What was wrong with the last attempt; null when nothing was.</param>
public readonly record struct TransferProgress(
    long Transfer, string Name, TransferDirection Direction, TransferState State,
    long DoneBytes, long? TotalBytes, int Attempt, string? Problem)
{
    /// <summary>Bytes that were there when the attempt began, of earlier attempts or of another process; they are in
    /// <see cref="DoneBytes"/> as well.</summary>
    public long ResumedBytes { get; init; }
}
