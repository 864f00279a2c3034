using ActorSock.Files;
using static ActorSock.Tests.Files.ScratchRoot;

namespace ActorSock.Tests.Files;

/// <summary>The way from the root to the folder of a name.</summary>
public sealed class FolderWalkTests : IDisposable
{
    private readonly ScratchRoot _scratch = new();

    public void Dispose() => _scratch.Dispose();

    [LinuxFact]
    public void However_many_folders_a_name_has_only_the_last_stays_open()
    {
        using var root = LinuxRoot.OpenOrMake(_scratch.Path, "a test");
        var name = Name(string.Concat(Enumerable.Repeat("d/", 400)) + "leaf");

        using (FolderWalk.Make(root, name, new DurableFolders(), "a test"))
            OpenBelow().ShouldHaveSingleItem().ShouldEndWith("/d/d");
        using (FolderWalk.Find(root, name, new DurableFolders(), "a test"))
            OpenBelow().Length.ShouldBe(1);
        OpenBelow().ShouldBeEmpty();
        root.IsClosed.ShouldBeFalse();
    }

    [LinuxFact]
    public void Folders_on_the_way_are_made_durable_once()
    {
        using var root = LinuxRoot.OpenOrMake(_scratch.Path, "a test");
        var durable = new DurableFolders();
        Directory.CreateDirectory(_scratch.Below("a/b/c"));

        FolderWalk.TrySync(root, Name("a/b/c/x"), durable, "a test").ShouldBeTrue();

        new[] { "a/", "a/b/", "a/b/c/" }.ShouldAllBe(folder => durable.Contains(folder));
        OpenBelow().ShouldBeEmpty();
        FolderWalk.TrySync(root, Name("a/none/x"), durable, "a test").ShouldBeFalse();
        durable.Contains("a/none/").ShouldBeFalse();
        OpenBelow().ShouldBeEmpty();
    }

    /// <summary>What this process has open below the root; other tests run beside.</summary>
    private string[] OpenBelow() =>
        [.. Directory.GetFileSystemEntries("/proc/self/fd").Select(LinkOf).OfType<string>()
            .Where(target => target.StartsWith($"{_scratch.Path}/", StringComparison.Ordinal))];

    private static string? LinkOf(string descriptor)
    {
        try
        {
            return new FileInfo(descriptor).LinkTarget;
        }
        catch (IOException)
        {
            return null; // another test's, closed meanwhile
        }
    }
}
