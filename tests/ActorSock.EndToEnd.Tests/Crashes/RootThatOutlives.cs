using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>A root on which one node after the other dies, and the ledger that it is held against.</summary>
internal sealed class RootThatOutlives(ITestOutputHelper output) : IDisposable
{
    /// <summary>What the system says of a process that a SIGKILL has ended.</summary>
    public const int Killed = 128 + 9;

    public string Folder { get; } = Directory.CreateTempSubdirectory("as-crash-").FullName;

    public string Inbox => Path.Combine(Folder, "inbox");

    public Ledger Ledger { get; } = new();

    /// <summary>For a node that has started and to which nobody has sent anything yet.</summary>
    public void ShouldHaveRecovered()
    {
        Ledger.ShouldBeKeptBy(StoredRoot.Read(Inbox));
        output.WriteLine($"{Ledger.All.Count} sent, {Ledger.AcknowledgedCount} acknowledged");
    }

    /// <summary>Starts a node for the last time, and looks whether all is well with it.</summary>
    public async Task ShouldServeAgain()
    {
        await using var node = await RunningNode.StartOn(Folder);
        output.WriteLine(node.Log);
        ShouldHaveRecovered();
        Ledger.AcknowledgedCount.ShouldBeGreaterThan(1);
        using var client = await Uploader.Connect(node.Port, Ledger);
        (await client.PutAll(("small.bin", new byte[100]), ("large.bin", new byte[3_000_000]))).ShouldBe(["203", "203"]);
        Ledger.ShouldBeKeptBy(StoredRoot.Read(Inbox));
        var verified = await Executable.Run(Folder, "journal", "verify");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
        output.WriteLine(verified.Output.TrimEnd());
    }

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
