using System.IO.Pipes;
using System.Text;
using ActorSock.Cli.Terminal;

namespace ActorSock.Cli.Tests;

public sealed class LineReaderTests
{
    [Theory]
    [InlineData("", "")]
    [InlineData("one\ntwo\n", "one|two|")]
    [InlineData("one\r\n\ntwo", "one||two|")]
    [InlineData("你好\n", "你好|")]
    public async Task A_stream_is_lines_however_it_is_cut(string sent, string lines)
    {
        (await Read(new MemoryStream(Encoding.UTF8.GetBytes(sent)))).ShouldBe(lines);
        (await Read(new OneByteAtATime(Encoding.UTF8.GetBytes(sent)))).ShouldBe(lines);
    }

    [Fact]
    public async Task Many_and_long_lines_are_read()
    {
        var lines = Enumerable.Range(0, 3000).Select(n => new string((char)('a' + n % 26), n)).ToArray();
        var reader = new LineReader(new MemoryStream(Encoding.UTF8.GetBytes(string.Join('\n', lines))));

        foreach (var line in lines) (await reader.ReadAsync(CancellationToken.None)).ShouldBe(line);
        (await reader.ReadAsync(CancellationToken.None)).ShouldBeNull();
    }

    [Fact]
    public async Task A_line_without_an_end_has_a_limit()
    {
        var reader = new LineReader(new MemoryStream(new byte[3 << 20]));

        (await Should.ThrowAsync<IOException>(reader.ReadAsync(CancellationToken.None).AsTask()))
            .Message.ShouldContain("break it up");
    }

    [Fact]
    public async Task Nothing_is_lost_when_waiting_is_given_up()
    {
        using var write = new AnonymousPipeServerStream(PipeDirection.Out);
        using var read = new AnonymousPipeClientStream(PipeDirection.In, write.ClientSafePipeHandle);
        var reader = new LineReader(read);
        using var given = new CancellationTokenSource();
        var line = reader.ReadAsync(given.Token).AsTask();
        await given.CancelAsync();
        await Should.ThrowAsync<OperationCanceledException>(line);

        write.Write("late\n"u8);

        (await reader.ReadAsync(CancellationToken.None)).ShouldBe("late");
    }

    private static async Task<string> Read(Stream stream)
    {
        var reader = new LineReader(stream);
        var lines = new StringBuilder();
        while (await reader.ReadAsync(CancellationToken.None) is { } line) lines.Append(line).Append('|');
        return lines.ToString();
    }

    private sealed class OneByteAtATime(byte[] bytes) : MemoryStream(bytes)
    {
        public override int Read(byte[] buffer, int offset, int count) => base.Read(buffer, offset, Math.Min(count, 1));
    }
}
