using System.Text;
using ActorSock.Wire.Text;

namespace ActorSock.Wire.Tests.Text;

public sealed class ChatNoticeTests
{
    public static TheoryData<string, ChatNotice> Notices => new()
    {
        { "joined alice silence 60", new ChatNotice.Joined("alice", TimeSpan.FromSeconds(60), null) },
        { "joined#1 alice silence 0.25 acks 7", new ChatNotice.Joined("alice", TimeSpan.FromMilliseconds(250), 7) { Id = 1 } },
        { "here#3 alice bob", new ChatNotice.Here(["alice", "bob"], 0) { Id = 3 } },
        { "here alice +37", new ChatNotice.Here(["alice"], 37) },
        { "here", new ChatNotice.Here([], 0) },
        { "delivered#17 bob", new ChatNotice.Delivered("bob") { Id = 17 } },
        { "delivered all 3 of 3", new ChatNotice.DeliveredToAll(3, 3, [], 0) },
        { "delivered#2 all 0 of 9 missing bob carol +7", new ChatNotice.DeliveredToAll(0, 9, ["bob", "carol"], 7) { Id = 2 } },
        { "undelivered#17 bob: no answer", new ChatNotice.Undelivered("bob", "no answer") { Id = 17 } },
        { "unknown#17 carol", new ChatNotice.Unknown("carol") { Id = 17 } },
        { "pending#17 bob", new ChatNotice.Pending("bob") { Id = 17 } },
        { "from bob: hi", new ChatNotice.From(null, "bob", "hi", false) },
        { "from#5 bob: hi: there", new ChatNotice.From(5, "bob", "hi: there", false) },
        { "from bob to all: to all: x", new ChatNotice.From(null, "bob", "to all: x", true) },
        { "from bob:   x ", new ChatNotice.From(null, "bob", "  x ", false) },
        { "came carol", new ChatNotice.Came("carol") },
        { "left bob", new ChatNotice.Left("bob", null) },
        { "left#9 bob", new ChatNotice.Left("bob", null) { Id = 9 } },
        { "left bob: silent for 60 s", new ChatNotice.Left("bob", "silent for 60 s") },
        { "renamed bob robert", new ChatNotice.Renamed("bob", "robert") },
        { "pong#4", new ChatNotice.Pong { Id = 4 } },
        { "pong", new ChatNotice.Pong() },
        { "refused#3 409 name taken: bob is here", new ChatNotice.Refused(409, "name taken: bob is here") { Id = 3 } },
    };

    [Theory]
    [MemberData(nameof(Notices))]
    public void A_line_of_the_server_is_written_and_read(string line, ChatNotice notice)
    {
        ChatGrammar.Write(notice).ShouldBe(line);
        ChatGrammar.TryReadNotice(Encoding.UTF8.GetBytes(line), out var read).ShouldBeTrue();
        read.ShouldBe(notice);
    }

    [Theory]
    [InlineData("joined alice silence 60 colour green", "joined alice silence 60")]
    [InlineData("delivered all 1 of 1 ", "delivered all 1 of 1")]
    public void What_a_later_version_adds_does_no_harm(string line, string known)
    {
        ChatGrammar.TryReadNotice(Encoding.UTF8.GetBytes(line), out var read).ShouldBeTrue();
        ChatGrammar.Write(read).ShouldBe(known);
    }

    [Theory]
    [InlineData("hello")]
    [InlineData("")]
    [InlineData("from bob")]
    [InlineData("delivered")]
    [InlineData("delivered#x bob")]
    [InlineData("refused now")]
    public void What_is_unknown_is_told_apart(string line) =>
        ChatGrammar.TryReadNotice(Encoding.UTF8.GetBytes(line), out _).ShouldBeFalse();

    [Fact]
    public void The_table_of_rejections_is_the_one_that_is_in_force()
    {
        var written = File.ReadLines(Path.Combine(AppContext.BaseDirectory, "CHAT.md"))
            .Select(line => line.Split('|', StringSplitOptions.TrimEntries))
            .Where(cells => cells.Length == 6 && int.TryParse(cells[1], out _))
            .Select(cells => string.Join(" | ", cells[1..4]));

        written.ShouldBe(ChatRejection.All.Select(each => $"{each.Code} | {each.Name} | {each.Sentence}"));
    }
}
