namespace ActorSock.Files;

/// <summary>Puts what .NET's file calls throw into words.</summary>
internal static class SystemWords
{
    // winerror.h, as HRESULT; elsewhere the number is errno itself.
    private const int SharingViolation = unchecked((int)0x80070020);
    private const int LockViolation = unchecked((int)0x80070021);
    private const int HandleDiskFull = unchecked((int)0x80070027);
    private const int DiskFull = unchecked((int)0x80070070);
    private const int WriteProtect = unchecked((int)0x80070013);
    private const int MacDiskQuota = 69;

    public static T Try<T>(string what, Func<T> step)
    {
        try
        {
            return step();
        }
        catch (Exception e) when (e is not StorageException and (IOException or UnauthorizedAccessException))
        {
            throw Refuses(what, e);
        }
    }

    public static StorageException Refuses(string what, Exception cause)
    {
        var (fault, why, whatToDo) = cause.HResult switch
        {
            HandleDiskFull or DiskFull or (int)Errno.ENOSPC =>
                (StorageFault.DiskFull, "the disk is full", "free some space"),
            MacDiskQuota or (int)Errno.EDQUOT =>
                (StorageFault.DiskFull, "the disk quota is used up", "free some space or raise the quota"),
            WriteProtect or (int)Errno.EROFS => (StorageFault.ReadOnly, "the file system is read-only",
                "mount it writable or set actorsock.files.root"),
            SharingViolation or LockViolation => (StorageFault.Failed, "somebody has the file open",
                "close it there and send it again"),
            _ when cause is UnauthorizedAccessException => (StorageFault.Denied, "no permission",
                "give the server's user the right to write there"),
            // Not its own text, which names paths of this machine; that stays in the cause.
            var other => (StorageFault.Failed, $"the system reports error 0x{other:X8}",
                "look into the cause and the system's log"),
        };
        return new StorageException(fault, what, why, whatToDo, cause);
    }

    public static bool IsSharingViolation(IOException e) =>
        e.HResult is SharingViolation or LockViolation or (int)Errno.EAGAIN or 35 /* EAGAIN on macOS */;
}
