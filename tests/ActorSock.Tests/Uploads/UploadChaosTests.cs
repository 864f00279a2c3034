using System.Security.Cryptography;
using ActorSock.Events;
using ActorSock.Journal;
using ActorSock.Testing;
using ActorSock.Uploads;
using ActorSock.Wire.Native;
using Xunit.Abstractions;

namespace ActorSock.Tests.Uploads;

/// <summary>Sessions that come, take over, break off, crash and finish as chance has it, on a few uploads of one node.</summary>
public sealed class UploadChaosTests(ITestOutputHelper output)
{
    private const int KiB = 1024;

    private static readonly byte[][] s_bodies = [.. Enumerable.Range(0, 3).Select(i => Bodies.Of(600 * KiB + 1000 * i, seed: i))];

    [Theory, InlineData(1), InlineData(2), InlineData(3)]
    public async Task Whatever_happens_what_is_said_to_be_there_is_there(int seed)
    {
        output.WriteLine($"seed {seed}");
        var random = new Random(seed);
        await using var node = await TestNode.Start("actorsock.files.checkpoint-bytes=64KiB", "actorsock.files.direct-bytes-min=0B");
        var sessions = new TestUpload?[3];
        var sent = new long[3];
        var stored = 0;

        for (var step = 0; step < 150; step++)
        {
            var i = random.Next(3);
            var (upload, name, body) = ($"u{i}", $"{i}.bin", s_bodies[i]);
            switch (random.Next(8), sessions[i])
            {
                case (0, { } session):
                    session.Crash();
                    sessions[i] = null;
                    break;
                case (1, { } session):
                    await session.Break();
                    sessions[i] = null;
                    break;
                case (2, _):
                    node.Node.Parts.Uploads.Actor.Tell(new UploadsActor.Command.Kept(null!, 0, default), ActorRefs.NoSender); // it fails, and restarts
                    break;
                case (3, { } session) when sent[i] < body.Length:
                    await session.Give(body.AsMemory((int)sent[i]));
                    (await session.Finish(Md5(body))).ShouldBeOfType<Verdict.Outcome.Stored>();
                    (stored, sessions[i]) = (stored + 1, null);
                    break;
                case ( > 3, { } session) when sent[i] < body.Length:
                    var bytes = (int)Math.Min(random.Next(1, 100 * KiB), body.Length - sent[i]);
                    await session.Give(body.AsMemory((int)sent[i], bytes));
                    sent[i] += bytes;
                    break;
                default:
                    (sessions[i], sent[i]) = await GoOn(node, upload, name, body);
                    break;
            }
        }

        for (var i = 0; i < sessions.Length; i++)
        {
            var (session, offset) = await GoOn(node, $"u{i}", $"{i}.bin", s_bodies[i]);
            await session.Give(s_bodies[i].AsMemory((int)offset));
            (await session.Finish(Md5(s_bodies[i]))).ShouldBeOfType<Verdict.Outcome.Stored>();
            node.Stored()[$"{i}.bin"].ShouldBe(s_bodies[i]);
        }
        output.WriteLine($"{stored} stored on the way, {node.Events.Of<ServerEvent.Restarted>().Count()} restarts");
        stored.ShouldBeGreaterThan(0);
        await ResumedUploadTests.Eventually(() => node.Parts().Length == 3 && node.Node.Parts.Blocks.BlocksOut == 0);
    }

    /// <summary>Asks, checks the answer, and begins a session from there.</summary>
    private static async Task<(TestUpload Session, long Offset)> GoOn(TestNode node, string upload, string name, byte[] body)
    {
        var answer = await TestUpload.Ask(node, upload, name, body.Length);
        var offset = answer is UploadsActor.Answer.There there ? there.Offset : 0;
        if (answer is UploadsActor.Answer.There { Prefix: var prefix })
            prefix.ShouldBe(Md5(body.AsSpan(0, (int)offset)));
        else
            answer.ShouldBeOfType<UploadsActor.Answer.Stored>().Upload.Md5.ShouldBe(Md5(body).AsMd5);
        return (await TestUpload.Whole(node, upload, name, body.Length, offset).Opened(), offset);
    }

    private static ContentDigest Md5(ReadOnlySpan<byte> bytes) => ContentDigest.FromBytes(DigestKind.Md5, MD5.HashData(bytes));
}
