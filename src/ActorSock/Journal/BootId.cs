namespace ActorSock.Journal;

/// <summary>Tells one run of the machine from another.</summary>
internal static class BootId
{
    /// <summary>Of this run; empty where the system does not tell, and an empty one is like no other.</summary>
    public static Guid Current { get; } = Read("/proc/sys/kernel/random/boot_id"); // random(4)

    private static Guid Read(string path)
    {
        try
        {
            return OperatingSystem.IsLinux() && Guid.TryParse(File.ReadAllText(path).Trim(), out var id) ? id : Guid.Empty;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return Guid.Empty;
        }
    }
}
