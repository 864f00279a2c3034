using Xunit.Abstractions;

namespace ActorSock.Tests.Journal;

/// <summary>
/// Files are stored, deleted and renamed, and the node dies somewhere on the way: what its log has is there in the end, and nothing
/// else, however often the next start is interrupted, too.
/// </summary>
public sealed class FileHistoryTests(ITestOutputHelper output)
{
    private static readonly string[] s_names = ["a", "b", "c", "f/a", "f/b", "g/h/a", "a/x", "a/x/y", "c/z", "f", "g", "g/h"];

    /// <summary>What is left of what was done since the last checkpoint.</summary>
    public enum Left { ByTheProcess, AllOnDisk, WithoutBodies, SomeOfIt }

    [Theory]
    [InlineData(false, Left.ByTheProcess, 41), InlineData(false, Left.AllOnDisk, 42), InlineData(false, Left.WithoutBodies, 43)]
    [InlineData(true, Left.ByTheProcess, 44), InlineData(true, Left.AllOnDisk, 45), InlineData(true, Left.WithoutBodies, 46)]
    [InlineData(false, Left.SomeOfIt, 47), InlineData(true, Left.SomeOfIt, 48)]
    public void What_the_log_has_of_files_is_so_after_a_crash_at_any_step(bool portable, Left left, int seed)
    {
        if ((!portable && !OperatingSystem.IsLinux()) || (left == Left.SomeOfIt && !FolderStates.CanBeKept))
            return;
        for (var round = 0; round < 15; round++)
        {
            output.WriteLine($"seed {seed}, round {round}");
            using var history = new FileHistory(new Random(seed * 1000 + round), portable, s_names, output.WriteLine);
            for (var life = 0; life < 3; life++)
            {
                history.LiveAndDie(left);
                history.StartAgain();
                history.ShouldBeAsItWasDone();
            }
        }
    }
}
