namespace ActorSock.Tests;

/// <summary>Where the files that the product ships with are found.</summary>
internal static class Repository
{
    /// <summary>The top folder: the one with the solution.</summary>
    public static string Root { get; } = Find(new DirectoryInfo(AppContext.BaseDirectory));

    private static string Find(DirectoryInfo? folder)
    {
        while (folder is not null && !File.Exists(Path.Combine(folder.FullName, "ActorSock.sln")))
            folder = folder.Parent;
        return folder?.FullName ?? throw new DirectoryNotFoundException("no ActorSock.sln above the tests");
    }
}
