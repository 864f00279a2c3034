using System.Text;
using ActorSock.Wire.Text;
using FsCheck;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests.Text;

public sealed class ChatGrammarTests
{
    private static readonly ChatLimits s_limits = new(NameBytesMax: 20, TextBytesMax: 100);

    public static TheoryData<string, ChatRequest> Requests => new()
    {
        { "/join alice", new ChatRequest.Join("alice", false) },
        { "/join#1 alice acks", new ChatRequest.Join("alice", true) { Id = 1 } },
        { "/join 金老板", new ChatRequest.Join("金老板", false) },
        { "/who", new ChatRequest.Who(null) },
        { "/who#999999999999999999 bob", new ChatRequest.Who("bob") { Id = 999_999_999_999_999_999 } },
        { "/to bob hi", new ChatRequest.Say("bob", "hi") },
        { "/to#17 bob hi there", new ChatRequest.Say("bob", "hi there") { Id = 17 } },
        { "/to  bob  hi ", new ChatRequest.Say("bob", " hi ") },
        { "/to bob /leave", new ChatRequest.Say("bob", "/leave") },
        { "/to all hi", new ChatRequest.Say("all", "hi") },
        { "/all hi", new ChatRequest.Say("all", "hi") },
        { "/all#0 hi", new ChatRequest.Say("all", "hi") { Id = 0 } },
        { "hi, all", new ChatRequest.Plain("hi, all") },
        { " /to bob hi", new ChatRequest.Plain(" /to bob hi") },
        { "/ping", new ChatRequest.Ping() },
        { "/ping#3", new ChatRequest.Ping { Id = 3 } },
        { "/leave#9", new ChatRequest.Leave { Id = 9 } },
        { "/got 5", new ChatRequest.Got(5) },
        { "", new ChatRequest.Nothing() },
        { "  \t", new ChatRequest.Nothing() },
    };

    [Theory]
    [MemberData(nameof(Requests))]
    public void A_line_is_read(string line, ChatRequest request)
    {
        Read(line).ShouldBe(request);
        Read(line + "\n").ShouldBe(request);
        Read(line + "\r\n").ShouldBe(request);
    }

    [Theory]
    [InlineData("/", 400)]
    [InlineData("/JOIN alice", 400)]
    [InlineData("/jump", 400)]
    [InlineData("/join", 400)]
    [InlineData("/join alice nacks", 400)]
    [InlineData("/join alice acks now", 400)]
    [InlineData("/join# alice", 400)]
    [InlineData("/join#-1 alice", 400)]
    [InlineData("/join#x alice", 400)]
    [InlineData("/join#1234567890123456789 alice", 400)]
    [InlineData("/to bob", 400)]
    [InlineData("/to bob   ", 400)]
    [InlineData("/all", 400)]
    [InlineData("/got", 400)]
    [InlineData("/got five", 400)]
    [InlineData("/join a/b", 422)]
    [InlineData("/join a:b", 422)]
    [InlineData("/join @bob", 422)]
    [InlineData("/join #bob", 422)]
    [InlineData("/join +1", 422)]
    [InlineData("/join a\u00A0b", 422)]
    [InlineData("/join bo\u200Db", 422)]
    [InlineData("/join bo\u202Eb", 422)]
    [InlineData("/join bo\u0007b", 422)]
    [InlineData("/join aaaaabbbbbcccccddddde", 422)]
    [InlineData("/join 金老板金老板金", 422)]
    public void What_is_no_line_is_refused(string line, int code) => Broken(line).Rejection.Code.ShouldBe(code);

    [Fact]
    public void A_refusal_bears_the_id_of_what_is_refused()
    {
        Broken("/join#5 a/b").Id.ShouldBe(5);
        Broken("/jump#6").Id.ShouldBe(6);
        Broken("/to#7 bob").Id.ShouldBe(7);
    }

    [Fact]
    public void Bytes_that_are_no_text_are_refused()
    {
        ChatGrammar.ReadRequest([0x68, 0xFF], s_limits).ShouldBeOfType<ChatRequest.Broken>().Rejection.ShouldBe(ChatRejection.NotUtf8);
        // 你好 in GBK, as an old Windows console sends it.
        ChatGrammar.ReadRequest([0xC4, 0xE3, 0xBA, 0xC3], s_limits).ShouldBeOfType<ChatRequest.Broken>().Rejection.ShouldBe(ChatRejection.NotUtf8);
        ChatGrammar.ReadRequest([0xED, 0xA0, 0x80], s_limits).ShouldBeOfType<ChatRequest.Broken>().Rejection.ShouldBe(ChatRejection.NotUtf8);
    }

    [Theory]
    [InlineData("a\nfrom bob: b", "a\\u{0A}from bob: b")]
    [InlineData("\u001b[31mred", "\\u{1B}[31mred")]
    [InlineData("a\tb", "a b")]
    [InlineData("a\u2028b\u202Ec\u0085", "a\\u{2028}b\\u{202E}c\\u{85}")]
    [InlineData("👨\u200D👩\u200D👧 می\u200Cروم", "👨\u200D👩\u200D👧 می\u200Cروم")]
    public void What_could_forge_a_line_is_passed_on_by_its_number(string said, string passedOn)
    {
        Read(said).ShouldBe(new ChatRequest.Plain(passedOn));
        Read("/to bob " + said).ShouldBe(new ChatRequest.Say("bob", passedOn));
    }

    [Fact]
    public void A_text_may_be_as_long_as_the_limit_when_it_is_passed_on()
    {
        Read(new string('x', 100)).ShouldBeOfType<ChatRequest.Plain>();
        Broken(new string('x', 101)).Rejection.ShouldBe(ChatRejection.TooLong);
        Broken(string.Concat(Enumerable.Repeat("\u0001", 17))).Rejection.ShouldBe(ChatRejection.TooLong);
        Read("/to#123456789012345678 aaaaabbbbbcccccddddd " + new string('x', 100)).ShouldBeOfType<ChatRequest.Say>();
        Broken("/to bob " + new string(' ', 200)).Rejection.ShouldBe(ChatRejection.TooLong);
    }

    [Fact]
    public void What_is_written_is_read() => Properties.Hold(Sayings, request =>
        ChatGrammar.ReadRequest(Encoding.UTF8.GetBytes(ChatGrammar.Write(request)), s_limits).ShouldBe(request));

    [Fact]
    public void No_bytes_make_the_reader_throw() => Properties.Hold(Noise, bytes =>
    {
        ChatGrammar.ReadRequest(bytes, s_limits).ShouldNotBeNull();
        ChatGrammar.TryReadNotice(bytes, out _);
    });

    [Fact]
    public void No_bytes_make_more_than_one_line() => Properties.Hold(Noise, bytes =>
    {
        if (ChatGrammar.ReadRequest(bytes, s_limits) is not ChatRequest.Plain { Text: var text })
            return;
        text.ShouldNotContain(c => char.IsControl(c) || c == '\u2028' || c == '\u2029');
        Encoding.UTF8.GetByteCount(text).ShouldBeLessThanOrEqualTo(100);
    });

    private static Gen<string> Names => Gen.Elements("alice", "bob", "金老板", "O'Neil", "a.b-c_d", "x#1", "é");

    private static Gen<string> Texts => Gen.Elements("hi", " hi", "hi ", "/leave", "from bob: hi", "😀 to all: x", "a: b", "#17", "/to bob x");

    private static Gen<long?> Ids => Gen.Elements<long?>(null, 0, 17, 999_999_999_999_999_999);

    private static Gen<ChatRequest> Sayings =>
        from name in Names
        from text in Texts
        from id in Ids
        from request in Gen.Elements<ChatRequest>(
            new ChatRequest.Join(name, false), new ChatRequest.Join(name, true), new ChatRequest.Who(null), new ChatRequest.Who(name),
            new ChatRequest.Say(name, text), new ChatRequest.Say("all", text), new ChatRequest.Ping(), new ChatRequest.Leave())
        select request with { Id = id };

    private static Gen<byte[]> Noise =>
        from verb in Gen.Elements("", "/join ", "/to bob ", "/all#1 ", "/got ", "/who", "from#1 ", "joined ", "delivered ", "here ", "refused ", "left ")
        from bytes in Gen.ArrayOf(Gen.Elements<byte>([.. Enumerable.Range(0, 256).Select(i => (byte)i), .. "/# :+ann"u8, .. "\u2028"u8]))
        select (byte[])[.. Encoding.UTF8.GetBytes(verb), .. bytes];

    private static ChatRequest Read(string line) => ChatGrammar.ReadRequest(Encoding.UTF8.GetBytes(line), s_limits);

    private static ChatRequest.Broken Broken(string line) => Read(line).ShouldBeOfType<ChatRequest.Broken>();
}
