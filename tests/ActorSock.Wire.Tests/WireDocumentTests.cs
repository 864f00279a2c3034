using System.Buffers.Binary;
using System.Text;

namespace ActorSock.Wire.Tests;

/// <summary>Compares WIRE.md with what the code does.</summary>
public sealed class WireDocumentTests
{
    private static readonly string Document =
        File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "WIRE.md"));

    [Fact]
    public void The_table_of_rejections_is_the_one_that_is_in_force()
    {
        var written = Document.Split('\n')
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 7 && int.TryParse(cells[1], out _))
            .Select(cells => string.Join(" | ", cells[1..5]));

        var inForce = Rejection.All.Select(rejection =>
            $"{rejection.Code} | {rejection.Name} | {rejection.Sentence} | "
            + (rejection.Goes == Aftermath.GoesOn ? "goes on" : "closes"));

        written.ShouldBe(inForce);
    }

    [Fact]
    public void The_first_example_in_hex_is_the_first_conversation()
    {
        var conversation = TranscriptTests.ExamplesOfTheDocument.First();

        var hex = string.Concat(Document.Split('\n')
            .Where(line => line.StartsWith("    ", StringComparison.Ordinal))
            .Select(line => line.Replace(" ", "", StringComparison.Ordinal))
            .Where(line => line.All(char.IsAsciiHexDigitUpper)));

        hex.ShouldBe(Convert.ToHexString(conversation.ClientBytes));
    }

    [Fact]
    public void The_frame_in_hex_is_the_one_beside_it()
    {
        var hex = Document.Split("```hex\n")[1].Split("\n```")[0];

        var frame = Convert.FromHexString(hex.Replace(" ", "", StringComparison.Ordinal));

        BinaryPrimitives.ReadInt32LittleEndian(frame).ShouldBe(frame.Length - sizeof(int));
        Document.Split("```hex\n")[0].TrimEnd().ShouldEndWith($"So `C {Encoding.UTF8.GetString(frame, 4, frame.Length - 4)}` is, byte by byte,");
    }
}
