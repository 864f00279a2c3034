using ActorSock.Load.Bodies;

namespace ActorSock.Load.Driving;

/// <summary>A file that was begun and is not answered.</summary>
internal struct Flight
{
    public TestFile File;

    /// <summary>Bytes in front of the body; 0 until the head was written once.</summary>
    public int HeadBytes;

    /// <summary>When it was due, as a timestamp.</summary>
    public long Due;

    /// <summary>When its first byte was sent, as a timestamp.</summary>
    public long Begun;

    public bool IsUsed;

    public readonly long TotalBytes => HeadBytes + File.Size;
}
