using System.Text;
using Xunit.Abstractions;

namespace ActorSock.Wire.Tests;

/// <summary>Replays conversations that were written down, in Transcripts and in WIRE.md.</summary>
public sealed class TranscriptTests(ITestOutputHelper output)
{
    private const int RandomReplays = 40;

    public static TheoryData<string> Names =>
        [.. Directory.EnumerateFiles(Folder, "*.txt").Select(Path.GetFileNameWithoutExtension)
            .Where(name => name != "README").Order().Cast<string>(),
            .. ExamplesOfTheDocument.Select(example => example.Name)];

    private static string Folder => Path.Combine(AppContext.BaseDirectory, "Transcripts");

    internal static IEnumerable<Transcript> ExamplesOfTheDocument
    {
        get
        {
            var blocks = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "WIRE.md")).Split("```");
            var number = 0;
            foreach (var lines in blocks.Select(block => block.Split('\n')))
                if (lines[0] == "conversation")
                    yield return Transcript.Parse($"WIRE.md example {++number}", lines.Skip(1));
        }
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Each_side_says_its_part_when_it_is_due(string name)
    {
        var transcript = Read(name);
        var server = NewServer();
        List<byte> said = [], expected = [];
        foreach (var turn in transcript.Turns)
        {
            if (!turn.IsClient)
            {
                expected.AddRange(turn.Bytes);
                if (turn.Ends) server.IsClosed.ShouldBeTrue();
                continue;
            }
            ShouldSay(said, expected);
            said.AddRange(server.Take(turn.Bytes));
            if (turn.Ends) server.TakeEnd();
        }

        ShouldSay(said, expected);
        server.Facts.ShouldBe(transcript.Facts);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_is_said_when_all_comes_at_once(string name) =>
        Replay(Read(name), () => int.MaxValue);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_is_said_when_it_comes_byte_by_byte(string name) => Replay(Read(name), () => 1);

    [Theory]
    [MemberData(nameof(Names))]
    public void The_same_is_said_when_it_is_cut_anywhere(string name)
    {
        var transcript = Read(name);
        for (var seed = 0; seed < RandomReplays; seed++)
        {
            output.WriteLine($"seed {seed}");
            var random = new Random(seed);
            Replay(transcript, () => random.Next(1, 1 << random.Next(1, 16)));
        }
    }

    private static void Replay(Transcript transcript, Func<int> nextCut)
    {
        var server = NewServer();
        var sent = transcript.ClientBytes;
        List<byte> said = [];
        for (var at = 0; at < sent.Length;)
        {
            var taken = Math.Min(sent.Length - at, nextCut());
            said.AddRange(server.Take(sent.AsSpan(at, taken)));
            at += taken;
        }
        if (transcript.Turns.Any(turn => turn.IsClient && turn.Ends)) server.TakeEnd();

        ShouldSay(said, [.. transcript.ServerBytes]);
        server.Facts.ShouldBe(transcript.Facts);
    }

    private static void ShouldSay(List<byte> said, List<byte> expected) =>
        Encoding.Latin1.GetString([.. said]).ShouldBe(Encoding.Latin1.GetString([.. expected]));

    private static PaperServer NewServer() =>
        new(new WireLimits { HeaderBytesMax = 65_536, FileBytesMax = 1L << 44 }, skipBytesMax: 16 << 20);

    private static Transcript Read(string name) => name.StartsWith("WIRE.md", StringComparison.Ordinal)
        ? ExamplesOfTheDocument.Single(example => example.Name == name)
        : Transcript.Parse(name, File.ReadAllLines(Path.Combine(Folder, name + ".txt")));
}
