namespace ActorSock.Files;

/// <summary>Sorts what storage can refuse by what the answer to the peer depends on.</summary>
internal enum StorageFault
{
    /// <summary>No space, or over a quota.</summary>
    DiskFull,

    /// <summary>The file system is mounted read-only.</summary>
    ReadOnly,

    /// <summary>
    /// A folder lies under the final name, or something that is no folder on the way to it.
    /// </summary>
    NameTaken,

    /// <summary>A link lies on the way to the final name, and none is followed.</summary>
    Linked,

    /// <summary>A folder on the way to the final name lies on another file system than the root.</summary>
    Elsewhere,

    /// <summary>The file system has no such names, and never had a file of this one.</summary>
    NameRefused,

    /// <summary>There is no file of this name.</summary>
    NameUnknown,

    /// <summary>The operating system forbids it.</summary>
    Denied,

    /// <summary>Another process holds the root.</summary>
    InUse,

    /// <summary>Anything else: the disk itself, too many open files.</summary>
    Failed,
}

/// <summary>Says what storage refused, why, and what to do.</summary>
internal sealed class StorageException : IOException
{
    /// <param name="fault">What sort of refusal.</param>
    /// <param name="what">What happened: "cannot store 'a.txt'".</param>
    /// <param name="why">Why: "no space left on the disk".</param>
    /// <param name="whatToDo">What the operator can do: "free some space".</param>
    /// <param name="cause">What the system threw, if it did.</param>
    public StorageException(
        StorageFault fault, string what, string why, string whatToDo, Exception? cause = null)
        : base($"{what}: {why}: {whatToDo}", cause)
    {
        Fault = fault;
        Why = why;
    }

    public StorageFault Fault { get; }

    /// <summary>
    /// The middle of the message, which names nothing of this machine and may go to a peer.
    /// </summary>
    public string Why { get; }
}
