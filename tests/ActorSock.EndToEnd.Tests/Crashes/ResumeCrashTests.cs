using System.Security.Cryptography;
using System.Text.Json;
using ActorSock.EndToEnd.Tests.Tracing;
using Xunit.Abstractions;

namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>The process dies in the middle of an upload, and another one goes on with it.</summary>
public sealed class ResumeCrashTests(ITestOutputHelper output) : IDisposable
{
    private const int MiB = 1 << 20;

    private static readonly string[] s_settings = ["--set", "actorsock.files.checkpoint-bytes=2MiB"];

    private readonly string _folder = Directory.CreateTempSubdirectory("as-crash-").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private string Inbox => Path.Combine(_folder, "inbox");

    private string Staging => Path.Combine(Inbox, ".actorsock", "staging");

    [Theory]
    [InlineData("after-upload-sync", 1)]
    [InlineData("after-upload-sync", 3)]
    [InlineData("after-upload-kept", 1)]
    [InlineData("after-upload-kept", 4)]
    [InlineData("after-upload-seal", 1)]
    [InlineData("after-log-write", 1)]
    [InlineData("after-log-flush", 1)]
    [InlineData("after-publish", 1)]
    [InlineData("after-journal-append", 1)]
    [InlineData("after-mark", 1)]
    public async Task Dead_at_any_step_of_an_upload_a_node_goes_on_with_it_or_knows_that_it_was_stored(string step, int count)
    {
        var seed = Seed.Of(61);
        var body = Body(20 * MiB + 12_345, seed);
        output.WriteLine($"{step}:{count}, seed {seed}");
        await using (var node = await RunningNode.StartToDieOn(_folder, step, count, s_settings))
        {
            using var first = await ResumingUploader.Connect(node.Port);
            (await first.Put("u", "big.bin", body, 0)).ShouldBeNull();
            (await node.UntilEnded()).ShouldBe(RootThatOutlives.Killed, node.Log);
        }

        await using (var again = await RunningNode.StartOn(_folder, s_settings))
        {
            using var second = await ResumingUploader.Connect(again.Port);
            var there = await second.Resume("u", "big.bin", body.Length);
            output.WriteLine($"{there}");
            if (there.GetProperty("status").GetInt32() == 200)
            {
                var offset = Offset(there);
                there.GetProperty("md5").GetString().ShouldBe(Md5(body.AsSpan(0, (int)offset)));
                var kept = step switch { "after-upload-sync" => count - 1, "after-upload-kept" => count, _ => 10 };
                offset.ShouldBeGreaterThanOrEqualTo(kept * 2 * MiB);
                File.Exists(Path.Combine(Inbox, "big.bin")).ShouldBeFalse();
                there = (await second.Put("u", "big.bin", body, offset)).ShouldNotBeNull(again.Log);
            }
            there.GetProperty("status").GetInt32().ShouldBe(201, $"{there}");
            there.GetProperty("md5").GetString().ShouldBe(Md5(body));
        }

        File.ReadAllBytes(Path.Combine(Inbox, "big.bin")).ShouldBe(body);
        Directory.GetFiles(Staging, "*.part").ShouldBeEmpty();
        var verified = await Executable.Run(_folder, "journal", "verify");
        verified.ExitCode.ShouldBe(0, verified.Output + verified.Error);
        Directory.GetFiles(Path.Combine(Inbox, ".actorsock", "journal")).SelectMany(File.ReadLines)
            .Count(line => line.Contains("\"big.bin\"", StringComparison.Ordinal)).ShouldBe(1, "it was stored once");
    }

    [Theory]
    [InlineData("after-upload-seal")]
    [InlineData("after-log-flush")]
    [InlineData("after-publish")]
    public async Task Parts_that_were_said_to_be_durable_outlive_the_node_also_while_it_joins_them(string step)
    {
        const int part = 2 * MiB;
        var body = Body(3 * part + 77, 63);
        await using (var node = await RunningNode.StartOn(_folder, s_settings))
        {
            using var one = await ResumingUploader.Connect(node.Port);
            using var other = await ResumingUploader.Connect(node.Port);
            var replies = await Task.WhenAll(one.PutPart("p", "big.bin", body, 2 * part, part), other.PutPart("p", "big.bin", body, 0, part));
            foreach (var reply in replies)
                reply.ShouldNotBeNull().GetProperty("status").GetInt32().ShouldBe(200, $"{reply}");
            await node.Kill();
        }

        await using (var node = await RunningNode.StartToDieOn(_folder, step, 1, s_settings))
        {
            using var client = await ResumingUploader.Connect(node.Port);
            var there = await client.Resume("p", "big.bin", body.Length);
            (there.GetProperty("parts").GetInt32(), Offset(there)).ShouldBe((2, part), $"{there}");
            foreach (var (offset, bytes) in ((int, int)[])[(part, part), (3 * part, 77)])
                (await client.PutPart("p", "big.bin", body, offset, bytes)).ShouldNotBeNull().GetProperty("status").GetInt32().ShouldBe(200);
            (await client.Join("p", "big.bin", body)).ShouldBeNull();
            (await node.UntilEnded()).ShouldBe(RootThatOutlives.Killed, node.Log);
        }

        await using (var again = await RunningNode.StartOn(_folder, s_settings))
        {
            using var client = await ResumingUploader.Connect(again.Port);
            var stored = (await client.Join("p", "big.bin", body)).ShouldNotBeNull(again.Log);
            (stored.GetProperty("status").GetInt32(), stored.GetProperty("md5").GetString()).ShouldBe((201, Md5(body)), $"{stored}");
        }
        File.ReadAllBytes(Path.Combine(Inbox, "big.bin")).ShouldBe(body);
        Directory.GetFiles(Staging, "*.part").ShouldBeEmpty();
    }

    [StraceFact]
    public async Task A_killed_node_reads_nothing_again_of_what_it_has()
    {
        var body = Body(96 * MiB, 62);
        await using (var node = await RunningNode.StartOn(_folder, s_settings))
        {
            using var first = await ResumingUploader.Connect(node.Port);
            var never = new TaskCompletionSource();
            var put = first.Put("u", "big.bin", body, 0, (64 * MiB, never.Task));
            await node.UntilStaged(64 * MiB);
            await node.Kill();
            never.SetResult();
            (await put).ShouldBeNull();
        }

        var part = Directory.GetFiles(Staging, "*.part").ShouldHaveSingleItem();
        var trace = Path.Combine(_folder, "reads.txt");
        await using (var again = await RunningNode.StartOnWatching(_folder, part, trace, s_settings))
        {
            using var second = await ResumingUploader.Connect(again.Port);
            var offset = Offset(await second.Resume("u", "big.bin", body.Length));
            offset.ShouldBeGreaterThan(32 * MiB);
            var stored = (await second.Put("u", "big.bin", body, offset)).ShouldNotBeNull(again.Log);
            stored.GetProperty("status").GetInt32().ShouldBe(201, $"{stored}");
            (await again.Terminate()).ShouldBe(0);
        }

        File.ReadAllBytes(Path.Combine(Inbox, "big.bin")).ShouldBe(body);
        var calls = SystemCall.Parse(await File.ReadAllLinesAsync(trace));
        calls.ShouldContain(call => call.Name == "pwrite64", "the trace is of the part file");
        var read = calls.Where(call => call.Name.Contains("read", StringComparison.Ordinal)).Sum(call => Math.Max(0, call.Result));
        output.WriteLine($"{read} bytes of the part file were read");
        read.ShouldBeLessThan(MiB);
    }

    private static long Offset(JsonElement reply) => reply.GetProperty("offset").GetInt64();

    private static string Md5(ReadOnlySpan<byte> bytes) => Convert.ToHexStringLower(MD5.HashData(bytes));

    private static byte[] Body(int bytes, int seed)
    {
        var body = new byte[bytes];
        new Random(seed).NextBytes(body);
        return body;
    }
}
