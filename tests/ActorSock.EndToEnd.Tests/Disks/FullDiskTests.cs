using ActorSock.EndToEnd.Tests.Crashes;
using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Disks;

/// <summary>A disk that is full in the middle, and has room again later.</summary>
public sealed class FullDiskTests(ITestOutputHelper output)
{
    private const int MiB = 1 << 20;

    private static readonly string[] s_settings =
        ["--set", "actorsock.files.free-bytes-min=0B", "--set", "actorsock.journal.log-bytes=256KiB"];

    private readonly Ledger _ledger = new();

    [DiskTheory]
    [InlineData("0B")] // the write that finds no room fails
    [InlineData("64MiB")] // room is taken when a body begins
    public async Task A_large_upload_without_room_is_refused_in_its_place_and_its_neighbours_go_on(string preallocate)
    {
        await using var disk = await SmallDisk.TmpFs("size=24m");
        await using var node = await RunningNode.StartOn(disk.Folder, [.. s_settings, "--set", $"actorsock.files.preallocate-bytes={preallocate}"]);
        using var first = await Uploader.Connect(node.Port, _ledger);
        using var second = await Uploader.Connect(node.Port, _ledger);
        using var third = await Uploader.Connect(node.Port, _ledger);

        var restOfFirst = await first.PutAllButLast("first.bin", Body(10 * MiB, 1));
        var restOfSecond = await second.PutAllButLast("second.bin", Body(10 * MiB, 2));
        await node.UntilStaged(2 * 9 * MiB);
        (await third.Put("third.bin", Body(10 * MiB, 3))).ShouldBe("507");
        (await restOfFirst()).ShouldBe("203");
        (await restOfSecond()).ShouldBe("203");
        (await third.Put("small.bin", Body(1000, 4))).ShouldBe("203");
        _ledger.ShouldBeKeptBy(StoredRoot.Read(disk.Inbox));

        _ledger.TakeAway(disk.Inbox, "first.bin");
        (await third.Put("third.bin", Body(10 * MiB, 5))).ShouldBe("203");

        await ShouldHaveLeakedNothing(node, disk);
        node.Log.ShouldContain("507 DiskFull");
        node.Log.ShouldNotContain(" ERR ");
    }

    [DiskFact]
    public async Task Small_uploads_without_room_are_refused_and_taken_again_when_there_is_room()
    {
        await using var disk = await SmallDisk.TmpFs("size=3m");
        await using var node = await RunningNode.StartOn(disk.Folder, s_settings);
        var clients = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => Uploader.Connect(node.Port, _ledger)));

        var verdicts = await Task.WhenAll(clients.Select(FillWith));

        verdicts.ShouldAllBe(verdict => verdict == "507");
        clients.ShouldAllBe(client => !client.IsBroken);
        foreach (var sent in _ledger.All.Where(sent => sent.IsAcknowledged).Take(10))
            _ledger.TakeAway(disk.Inbox, sent.Name);
        await clients[0].UntilTaken();
        foreach (var client in clients)
            (await client.Put($"after-{client.Port}", Body(60_000, client.Port))).ShouldBe("203");
        await ShouldHaveLeakedNothing(node, disk);
        foreach (var client in clients)
            client.Dispose();

        async Task<string> FillWith(Uploader client, int number)
        {
            var random = new Random(number);
            var verdict = "203";
            for (var i = 0; verdict == "203" && i < 1000; i++)
                verdict = await client.Put($"{number}/{i}.bin", Body(random.Next(60_000), number * 1000 + i));
            return verdict;
        }
    }

    [DiskFact]
    public async Task A_journal_without_room_refuses_everything_and_goes_on_by_itself_when_there_is_room()
    {
        await using var disk = await SmallDisk.TmpFs("size=3m");
        await using var node = await RunningNode.StartOn(disk.Folder, s_settings);
        using var client = await Uploader.Connect(node.Port, _ledger);
        var filler = Path.Combine(disk.Folder, "inbox", ".actorsock", "filler");
        Fill(filler, disk);

        // Empty files take no room, but their lines do.
        var verdict = "203";
        for (var i = 0; verdict == "203" && i < 1000; i++)
            verdict = await client.Put($"{i}.bin", []);
        verdict.ShouldBe("507");
        await node.UntilLogged("the journal failed, no upload is taken: cannot write the journal: the disk is full: free some space");
        (await client.Put("while it is full", [])).ShouldBe("507");
        (await client.Put("large while it is full", new byte[100_000])).ShouldBe("507");
        output.WriteLine(node.Log);

        File.Delete(filler);
        await client.UntilTaken();
        await node.UntilLogged("journal recovered");
        await ShouldHaveLeakedNothing(node, disk);
    }

    private async Task ShouldHaveLeakedNothing(RunningNode node, SmallDisk disk)
    {
        _ledger.ShouldBeKeptBy(StoredRoot.Read(disk.Inbox));
        var verified = await Executable.Run(disk.Folder, "journal", "verify");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
        (await node.Terminate()).ShouldBe(0);
        node.Log.ShouldNotContain("never returned");
        Directory.EnumerateFiles(disk.Inbox, "*", SearchOption.AllDirectories).Sum(path => new FileInfo(path).Length)
            .ShouldBeGreaterThan(disk.UsedBytes - MiB);
    }

    private static void Fill(string filler, SmallDisk disk)
    {
        using var file = File.Create(filler);
        file.SetLength(0);
        try
        {
            for (var page = new byte[4096]; ; file.Write(page))
                file.Flush();
        }
        catch (IOException)
        {
            disk.UsedBytes.ShouldBeGreaterThan(2 * MiB); // full
        }
    }

    private static byte[] Body(int bytes, int seed)
    {
        var body = new byte[bytes];
        new Random(seed).NextBytes(body);
        return body;
    }
}
