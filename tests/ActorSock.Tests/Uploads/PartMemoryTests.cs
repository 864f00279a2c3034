using ActorSock.Blocks;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Uploads;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Tests.Uploads;

/// <summary>What is kept of parts in memory: how it is found, who gets how much of it, and who gives way.</summary>
public sealed class PartMemoryTests
{
    private const int Unit = NativeRequest.PartBytesUnit;

    /// <summary>A quarter of the blocks, for parts of 256 bytes.</summary>
    private const int PartsMax = 64;

    private static readonly byte[] s_body = Bodies.Of(Unit);

    [Fact]
    public void A_table_finds_what_overlaps_and_what_is_missing_as_a_look_at_each_part_would()
    {
        for (var mask = 0; mask < 256; mask++)
        {
            var places = Enumerable.Range(0, 8).Where(i => (mask >> i & 1) == 1).ToList();
            var table = new PartTable("u", 8 * Unit, new PartMemory(new Allowance(long.MaxValue)));
            table.Fill([.. places.Select(KeptAt).Reverse()], places.Count);

            (table.Count, table.Bytes).ShouldBe((places.Count, places.Count * Unit));
            table.Entries.Select(part => part.OffsetBytes).ShouldBe(places.Select(i => (long)i * Unit));
            table.Missing.ShouldBe(mask == 255 ? null : Enumerable.Range(0, 8).First(i => !places.Contains(i)) * Unit);
            foreach (var (at, count) in Enumerable.Range(0, 8).SelectMany(at => Enumerable.Range(1, 8 - at).Select(count => (at, count))))
            {
                table.Overlaps(at * Unit, count * Unit)
                    .ShouldBe(places.Exists(i => i >= at && i < at + count), $"mask {mask}, {count} from {at} on");
            }
        }
    }

    [Fact]
    public async Task A_part_for_which_there_is_no_memory_is_refused_before_it_comes()
    {
        await using var node = await Start();
        var under = await Part(node, "u", 0).Opened();
        Fill(node, new("", "u"), PartsMax - 1);

        (await Part(node, "u", PartsMax).Refused()).ShouldBe(Rejection.NotStored);

        await under.Give(s_body);
        (await under.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>("room was set aside for it");
        node.Node.Parts.Uploads.MemoryOf("").Parts.ShouldBe(PartsMax);
    }

    [Fact]
    public async Task What_was_set_aside_for_a_part_that_breaks_off_is_given_back()
    {
        await using var node = await Start();
        var part = await Part(node, "u", 0).Opened();
        node.Node.Parts.Uploads.MemoryOf("").Parts.ShouldBe(1);

        await part.Break();

        await ResumedUploadTests.Eventually(() => node.Node.Parts.Uploads.MemoryOf("").Parts == 0);
    }

    [Fact]
    public async Task Where_there_is_no_memory_the_oldest_that_nobody_is_at_gives_way()
    {
        await using var node = await Start();
        foreach (var upload in (string[])["old", "young"])
        {
            await Put(node, upload);
            Fill(node, new("", upload), (PartsMax / 2) - 1);
        }

        await Put(node, "new");

        (await TestUpload.There(node, "old", "a.bin")).Parts.ShouldBeNull();
        (await TestUpload.There(node, "young", "a.bin")).Parts.ShouldNotBeNull().Count.ShouldBe(PartsMax / 2);
        await ResumedUploadTests.Eventually(() => node.Parts().Length == 4);
    }

    [Fact]
    public async Task Nobody_gives_way_to_who_has_more()
    {
        await using var node = await Start();
        await Put(node, "u", "small");
        Fill(node, new("small", "u"), 9);
        var under = await Part(node, "u", 0, "large").Opened();
        Fill(node, new("large", "u"), PartsMax - 11);

        (await Part(node, "u", PartsMax, "large").Refused()).ShouldBe(Rejection.NotStored);
        (await TestUpload.There(node, "u", "a.bin", client: "small")).Parts.ShouldNotBeNull().Count.ShouldBe(10);

        await under.Break();
        await ResumedUploadTests.Eventually(() => node.Node.Parts.Uploads.Entries[new("large", "u")].IsIdle);
        await Put(node, "v", "small");
        await Put(node, "w", "small");
        node.Node.Parts.Uploads.MemoryOf("large").Parts.ShouldBe(0, "it had most, and nobody was at it");
    }

    private static Task<TestNode> Start() => TestNode.Start("actorsock.memory.blocks-max=64KiB", "actorsock.memory.block-bytes=16KiB");

    private static TestUpload Part(TestNode node, string upload, int index, string client = "") =>
        TestUpload.Part(node, upload, "a.bin", 1000 * Unit, (long)index * Unit, Unit, client: client);

    private static async Task Put(TestNode node, string upload, string client = "")
    {
        var part = await Part(node, upload, 0, client).Opened();
        await part.Give(s_body);
        (await part.Finish()).ShouldBeOfType<Verdict.Outcome.Kept>();
        await part.Ended;
        await ResumedUploadTests.Eventually(() => node.Node.Parts.Uploads.Entries[new(client, upload)].IsIdle);
    }

    /// <summary>As if so many other parts were there.</summary>
    private static void Fill(TestNode node, UploadKey key, int parts) =>
        node.Node.Parts.Uploads.Entries[key].Parts!.Fill([.. Enumerable.Range(1, parts).Select(KeptAt)], parts + 1);

    private static KeptPart KeptAt(int index) =>
        new(new PartEntry((long)index * Unit, Unit, ContentDigest.FromBytes(DigestKind.Md5, new byte[16])), default);
}
