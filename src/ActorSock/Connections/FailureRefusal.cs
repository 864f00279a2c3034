using ActorSock.Files;
using ActorSock.Wire;

namespace ActorSock.Connections;

/// <summary>Says to a peer what became of an upload whose writer, or whose commit, has failed.</summary>
internal static class FailureRefusal
{
    /// <param name="failure">null where nobody knows any</param>
    public static Refusal Of(Exception? failure) => failure switch
    {
        StorageException { Fault: StorageFault.DiskFull } full => new Refusal(Rejection.DiskFull, full.Why),
        StorageException { Fault: StorageFault.ReadOnly } only => new Refusal(Rejection.StorageReadOnly, only.Why),
        StorageException { Fault: StorageFault.NameTaken } taken => new Refusal(Rejection.NameTaken, taken.Why),
        StorageException { Fault: StorageFault.NameRefused } name => new Refusal(Rejection.NameRefused, name.Why),
        StorageException { Fault: StorageFault.NameUnknown } unknown => new Refusal(Rejection.NameUnknown, unknown.Why),
        StorageException other => new Refusal(Rejection.NotStored, other.Why),
        _ => new Refusal(Rejection.Crashed, "the upload's writer failed"),
    };
}
