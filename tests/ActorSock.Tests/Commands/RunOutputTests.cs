using ActorSock.Commands;

namespace ActorSock.Tests.Commands;

public sealed class RunOutputTests
{
    [Fact]
    public void Both_outputs_are_kept_apart_and_share_one_limit()
    {
        var output = new RunOutput(bytesMax: 10);

        output.Append("out"u8, isError: false);
        output.Append("err"u8, isError: true);
        output.Append("put"u8, isError: false);
        output.IsCut.ShouldBeFalse();
        output.Append("or!"u8, isError: true);

        output.IsCut.ShouldBeTrue();
        (output.OutputBytes, output.ErrorBytes).ShouldBe((6, 4));
        Whole(output).ShouldBe("outputerro"u8.ToArray());
    }

    [Fact]
    public void Exactly_the_limit_is_not_too_much()
    {
        var output = new RunOutput(bytesMax: 3);

        output.Append("abc"u8, isError: true);

        output.IsCut.ShouldBeFalse();
    }

    [Fact]
    public void Much_is_kept_in_pieces_and_comes_whole()
    {
        var bytes = new byte[1_000_000];
        new Random(20_240_229).NextBytes(bytes);
        var output = new RunOutput(bytes.Length);

        for (var at = 0; at < bytes.Length; at += 7_777)
            output.Append(bytes.AsSpan(at, Math.Min(7_777, bytes.Length - at)), isError: false);

        Whole(output).ShouldBe(bytes);
        output.Pieces.Count().ShouldBeLessThan(20);
    }

    private static byte[] Whole(RunOutput output) => [.. output.Pieces.SelectMany(piece => piece.ToArray())];
}
