using System.Text;
using ActorSock.Wire.Text;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests.Text;

public sealed class CommandTextTests
{
    private readonly List<byte> unread = [];
    private readonly List<string?> commands = [];

    [Fact]
    public void What_one_read_delivers_is_a_command()
    {
        Take("ls -l");
        Take(" pwd \r\n");

        commands.ShouldBe(["ls -l", "pwd"]);
    }

    [Fact]
    public void Each_line_that_is_not_blank_is_a_command()
    {
        Take("ls\n\n  \npwd\r\nexit");

        commands.ShouldBe(["ls", "pwd", "exit"]);
    }

    [Theory]
    [InlineData("é")]
    [InlineData("数")]
    [InlineData("😀")]
    public void A_character_that_is_cut_waits_for_its_rest(string character)
    {
        var bytes = Encoding.UTF8.GetBytes($"echo {character}");
        for (var cut = 6; cut < bytes.Length; cut++)
        {
            Take(bytes.AsSpan(0, cut));
            commands.ShouldBeEmpty();
            Take(bytes.AsSpan(cut));
            commands.ShouldBe([$"echo {character}"]);
            commands.Clear();
        }
    }

    [Fact]
    public void A_command_goes_on_while_more_of_it_is_there()
    {
        Take("ls -", more: true);
        commands.ShouldBeEmpty();
        Take("l");

        commands.ShouldBe(["ls -l"]);
    }

    [Fact]
    public void What_is_no_UTF8_is_told_as_null_and_what_follows_is_read()
    {
        Take([0xD6, 0xD0, (byte)'\n', .. "pwd"u8]);

        commands.ShouldBe([null, "pwd"]);
    }

    [Fact]
    public void Nobody_waits_for_the_rest_of_what_is_no_character()
    {
        foreach (byte first in new byte[] { 0x80, 0xC0, 0xC1, 0xF5, 0xFF })
            Take([(byte)'a', first]);

        commands.ShouldBe([null, null, null, null, null]);
    }

    [Fact]
    public void The_end_releases_what_was_begun()
    {
        Take([.. "echo "u8, 0xE6]);
        commands.ShouldBeEmpty();

        Take([], ended: true);

        commands.ShouldBe([null]);
    }

    [Fact]
    public void A_command_that_is_too_long_is_told_however_it_arrives()
    {
        Take(new string('a', CommandText.LineBytesMax));
        commands.ShouldBe([new string('a', CommandText.LineBytesMax)]);

        var tooLong = new byte[CommandText.LineBytesMax + 1];
        CommandText.Next(tooLong, more: true, ended: false, out _, out _).ShouldBe(Outcome.Refused);
        CommandText.Next([.. tooLong, (byte)'\n'], more: false, ended: true, out _, out _).ShouldBe(Outcome.Refused);
        CommandText.Next(tooLong.AsSpan(1), more: true, ended: false, out _, out _).ShouldBe(Outcome.NotYet);
    }

    [Fact]
    public void Lines_are_the_same_however_they_are_cut_as_long_as_more_is_there()
    {
        var lines = Gen.ListOf(Gen.Elements("ls", "echo é", "echo 数据 😀", "", "pwd "));
        var cases = lines.SelectMany(_ => Gen.Choose(1, 7), (each, step) => (Lines: each, Step: step));

        Properties.Hold(cases, each =>
        {
            unread.Clear();
            commands.Clear();
            var bytes = Encoding.UTF8.GetBytes(string.Join('\n', each.Lines));
            for (var at = 0; at < bytes.Length; at += each.Step)
            {
                var end = Math.Min(bytes.Length, at + each.Step);
                Take(bytes.AsSpan(at..end), more: end < bytes.Length);
            }
            commands.ShouldBe(each.Lines.Select(line => line.Trim()).Where(line => line.Length > 0));
        });
    }

    private void Take(string read, bool more = false) => Take(Encoding.UTF8.GetBytes(read), more);

    private void Take(ReadOnlySpan<byte> read, bool more = false, bool ended = false)
    {
        unread.AddRange(read);
        while (CommandText.Next(unread.ToArray(), more, ended, out var consumed, out var command) is var outcome)
        {
            unread.RemoveRange(0, consumed);
            if (outcome != Outcome.Frame)
                return;
            commands.Add(command);
        }
    }
}
