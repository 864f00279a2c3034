using System.Reflection;
using System.Text;

namespace ActorSock.Wire.Tests;

public sealed class RepliesTests
{
    [Fact]
    public void The_words_of_the_dialects_are_these()
    {
        Encoding.ASCII.GetString(Replies.Ok.Span).ShouldBe("OK");
        Encoding.ASCII.GetString(Replies.Ready.Span).ShouldBe("200");
        Encoding.ASCII.GetString(Replies.Stored.Span).ShouldBe("203");
        Encoding.ASCII.GetString(Replies.Differs.Span).ShouldBe("204");
        Encoding.ASCII.GetString(Replies.Code(Rejection.NameTaken).Span).ShouldBe("409");
    }

    [Fact]
    public void A_closing_line_says_code_sentence_and_detail()
    {
        var line = Replies.OneLine(new Refusal(Rejection.SizeTooLarge, "filesize is 9, allowed is 8"));

        Encoding.UTF8.GetString(line).ShouldBe("413 the file is too large: filesize is 9, allowed is 8\n");
    }

    [Fact]
    public void A_closing_line_without_detail_ends_with_its_sentence() =>
        Encoding.UTF8.GetString(Replies.OneLine(new Refusal(Rejection.Draining, "")))
            .ShouldBe("503 the server is stopping\n");

    [Fact]
    public void A_closing_line_is_one_line_however_long_and_wild_its_detail()
    {
        var wild = string.Concat(Enumerable.Repeat("报\r\n\u001b[31m\u2028\u202E\ud800", 100));

        var line = Replies.OneLine(new Refusal(Rejection.NameRefused, wild));

        line.Length.ShouldBeInRange(500, Replies.LineBytesMax);
        Array.IndexOf(line, (byte)'\n').ShouldBe(line.Length - 1);
        var text = new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(line);
        Escaping.Printable(text[..^1]).ShouldBe(text[..^1]);
    }

    [Theory]
    [MemberData(nameof(LengthsAroundTheLimit))]
    public void A_closing_line_is_never_cut_inside_a_character(int lengthOfAscii)
    {
        var detail = new string('a', lengthOfAscii) + new string('报', 200);

        var line = Replies.OneLine(new Refusal(Rejection.NameRefused, detail));

        line.Length.ShouldBeInRange(Replies.LineBytesMax - 3, Replies.LineBytesMax);
        new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(line).ShouldEndWith("报\n");
    }

    public static TheoryData<int> LengthsAroundTheLimit => [100, 101, 102];

    [Fact]
    public void Every_other_knocker_is_answered_in_its_own_language()
    {
        Replies.Closing(new Refusal(Rejection.TlsHello, "")).ShouldBe(new byte[] { 0x15, 3, 1, 0, 2, 2, 40 });
        Replies.Closing(new Refusal(Rejection.PeerVanished, "")).ShouldBeEmpty();
        Encoding.UTF8.GetString(Replies.Closing(new Refusal(Rejection.Draining, ""))).ShouldStartWith("503 ");
        var response = Encoding.ASCII.GetString(Replies.Closing(new Refusal(Rejection.HttpRequest, "")));
        response.ShouldStartWith("HTTP/1.1 400 Bad Request\r\n");
        var (head, body) = (response.Split("\r\n\r\n")[0], response.Split("\r\n\r\n")[1]);
        head.ShouldContain($"Content-Length: {body.Length}\r\n");
        head.ShouldContain("Connection: close");
    }

    [Fact]
    public void All_rejections_are_in_the_table_with_names_of_their_own()
    {
        var declared = typeof(Rejection).GetFields(BindingFlags.Public | BindingFlags.Static)
            .ToDictionary(field => field.Name, field => (Rejection)field.GetValue(null)!);

        Rejection.All.ShouldBe(declared.Values, ignoreOrder: true);
        foreach (var (name, rejection) in declared) rejection.Name.ShouldBe(name);
        Rejection.All.Select(rejection => rejection.Code).ShouldBeInOrder();
    }

    [Fact]
    public void Only_a_digest_that_differs_is_204_and_no_refusal_looks_like_success()
    {
        Rejection.All.Where(rejection => rejection.Code < 400).ShouldBe([Rejection.DigestDiffers]);
        Rejection.All.ShouldAllBe(rejection => rejection.CodeDigits.Length == 3);
    }
}
