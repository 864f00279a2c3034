using System.Text;
using ActorSock.Wire.Text;
using FsCheck.Fluent;

namespace ActorSock.Wire.Tests.Text;

/// <summary>Requests and replies of the framed dialect.</summary>
public sealed class RunFramesTests
{
    [Theory]
    [InlineData("""{"action":"run","line":"ls -l 'a b'"}""", new[] { "ls", "-l", "a b" })]
    [InlineData("""{"action":"run","command":"ls","arguments":["-l","a b",""]}""", new[] { "ls", "-l", "a b", "" })]
    [InlineData("""{"action":"run","command":"pwd"}""", new[] { "pwd" })]
    [InlineData("""{ "x": [{}], "arguments": [], "command": "a", "command": "pwd", "action": "run" }""", new[] { "pwd" })]
    [InlineData("""{"action":"run","command":"$(id)","arguments":["; rm","\n"]}""", new[] { "$(id)", "; rm", "\n" })]
    public void A_request_has_words_or_a_line_of_them(string json, string[] words)
    {
        var request = RunRequest.Decode(Encoding.UTF8.GetBytes(json), out var refusal);

        refusal.ShouldBeNull();
        request!.Words.ShouldBe(words);
    }

    [Theory]
    [InlineData("", "no JSON object")]
    [InlineData("[]", "it is no JSON object")]
    [InlineData("{", "no JSON object")]
    [InlineData("{} {}", "no JSON object")]
    [InlineData("{}", "it has no action")]
    [InlineData("""{"action":"put"}""", "its action is put, known is run")]
    [InlineData("""{"action":1}""", "no JSON object with the text")]
    [InlineData("""{"action":"run"}""", "it must have either line or command")]
    [InlineData("""{"action":"run","line":"ls","command":"ls"}""", "it must have either line or command")]
    [InlineData("""{"action":"run","line":"ls","arguments":[]}""", "arguments go with command, and not with line")]
    [InlineData("""{"action":"run","line":" "}""", "its line is blank")]
    [InlineData("""{"action":"run","line":"ls '"}""", "a quote (') is not closed")]
    [InlineData("""{"action":"run","command":""}""", "its command is empty")]
    [InlineData("""{"action":"run","command":"ls","arguments":["a\u0000b"]}""", "zero character")]
    [InlineData("""{"action":"run","command":"ls","arguments":[1]}""", "no JSON object with the text")]
    [InlineData("""{"action":"run","command":"ls","arguments":[null]}""", "no JSON object with the text")]
    [InlineData("""{"action":"run","command":"ls","arguments":"-l"}""", "no JSON object with the text")]
    [InlineData("""{"action":"run","command":"\ud800"}""", "no JSON object with the text")]
    public void A_request_that_is_none_is_refused(string json, string why)
    {
        RunRequest.Decode(Encoding.UTF8.GetBytes(json), out var refusal).ShouldBeNull();

        refusal!.Code.ShouldBe(400);
        refusal.Why.ShouldContain(why);
        refusal.Closes.ShouldBeFalse();
    }

    [Fact]
    public void A_request_that_is_no_UTF8_is_refused()
    {
        RunRequest.Decode([.. "{\"action\":\"run\",\"line\":\""u8, 0xD6, 0xD0, .. "\"}"u8], out var refusal).ShouldBeNull();

        refusal!.Why.ShouldContain("no UTF-8");
    }

    [Fact]
    public void Whatever_is_asked_arrives_as_it_was_asked()
    {
        var word = Gen.ListOf(Gen.Elements([.. " '\"\\;$\nab-é数"])).Select(letters => string.Concat(letters));
        var words = Gen.ListOf(word).Select(each => (string[])["ls", .. each]);

        Properties.Hold(words, each =>
        {
            var bytes = new RunRequest(each).Encode();
            RunRequest.IsFramed(bytes).ShouldBeTrue();
            RunRequest.TryReadLength(bytes, out var length).ShouldBeTrue();
            length.ShouldBe(bytes.Length - RunRequest.PrefixBytes);
            RunRequest.Decode(bytes.AsSpan(RunRequest.PrefixBytes), out _)!.Words.ShouldBe(each);
        });
    }

    [Fact]
    public void No_bytes_make_the_decoder_throw()
    {
        var pieces = Gen.Elements("{", "}", "\"action\":", "\"run\"", ",", "\"line\":", "\"command\":", "[", "]", "1", "null", "\\u");

        Properties.Hold(Gen.ListOf(pieces).Select(each => string.Concat(each)), json =>
            (RunRequest.Decode(Encoding.UTF8.GetBytes(json), out var refusal) is null).ShouldBe(refusal is not null));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(-1, false)]
    [InlineData(1, true)]
    [InlineData(65_536, true)]
    [InlineData(65_537, false)]
    public void A_length_is_from_one_to_64_KiB(int length, bool valid) =>
        RunRequest.TryReadLength(BitConverter.GetBytes(length), out _).ShouldBe(valid);

    [Fact]
    public void No_length_looks_like_text_and_no_text_like_a_length()
    {
        for (var length = 1; length <= RunRequest.JsonBytesMax; length++)
            RunRequest.IsFramed(BitConverter.GetBytes(length)).ShouldBeTrue();
        foreach (var text in new[] { "l", "ls", "pwd", "ls -l", "数据" })
            RunRequest.IsFramed(Encoding.UTF8.GetBytes(text)).ShouldBeFalse();
    }

    [Fact]
    public void A_request_that_is_too_long_is_not_made() =>
        Should.Throw<ArgumentException>(() => new RunRequest(["ls", new string('a', 70_000)]).Encode());

    public static TheoryData<RunReply, string> Replies => new()
    {
        { new RunReply.Exited(0) { OutputBytes = 5 }, """{"exit":0,"stdout":5,"stderr":0,"cut":false,"duration":1.5}""" },
        {
            new RunReply.Killed(9, "time limit of 10 s") { ErrorBytes = 7, IsCut = true },
            """{"signal":9,"why":"time limit of 10 s","stdout":0,"stderr":7,"cut":true,"duration":1.5}"""
        },
        {
            new RunReply.Refused(404, "x: not found"),
            """{"refused":404,"why":"x: not found","stdout":0,"stderr":0,"cut":false,"duration":1.5}"""
        },
    };

    [Theory, MemberData(nameof(Replies))]
    public void A_reply_says_how_it_ended_and_what_follows(RunReply said, string json)
    {
        ArgumentNullException.ThrowIfNull(said);
        var reply = said with { Duration = TimeSpan.FromSeconds(1.5) };

        var bytes = reply.Encode();

        BitConverter.ToInt32(bytes).ShouldBe(bytes.Length - 4);
        Encoding.UTF8.GetString(bytes, 4, bytes.Length - 4).ShouldBe(json);
        RunReply.Decode(bytes.AsMemory(4)).ShouldBe(reply);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"exit":"0","stdout":0,"stderr":0,"cut":false,"duration":0}""")]
    [InlineData("""{"exit":0,"stdout":-1,"stderr":0,"cut":false,"duration":0}""")]
    [InlineData("""{"exit":0,"stdout":0,"stderr":0,"cut":false,"duration":1e300}""")]
    [InlineData("""{"exit":0,"stdout":0}""")]
    public void A_reply_that_is_none_is_told(string json) =>
        Should.Throw<FormatException>(() => RunReply.Decode(Encoding.UTF8.GetBytes(json)));
}
