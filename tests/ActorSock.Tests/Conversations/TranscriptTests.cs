using ActorSock.Testing;

namespace ActorSock.Tests.Conversations;

/// <summary>Golden conversations: however the client's bytes are cut, the replies, events and files are the same.</summary>
public sealed class TranscriptTests
{
    public static TheoryData<string> Names => new(Directory.GetFiles(Folder, "*.txt").Select(p => Path.GetFileNameWithoutExtension(p)!).Order());

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Transcripts");

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Whole(string name) => await Play(name, left => left);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Byte_by_byte(string name) => await Play(name, left => left > 10_000 ? left - 5_000 : 1);

    [Theory]
    [MemberData(nameof(Names))]
    public async Task Cut_at_random(string name)
    {
        var seed = Random.Shared.Next();
        var random = new Random(seed);
        try
        {
            await Play(name, left => random.Next(1, left + 1));
        }
        catch (Exception e)
        {
            throw new InvalidOperationException($"seed {seed}: {e.Message}", e);
        }
    }

    private static async Task Play(string name, Func<int, int> cut)
    {
        await using var node = await TestNode.Start();
        await Transcript.Load(Path.Combine(Folder, name + ".txt")).Play(node, cut);
    }
}
