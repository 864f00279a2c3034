using System.Globalization;
using System.Text;

namespace ActorSock.Wire.Text;

/// <summary>Turns the lines of the chat into requests and notices, and back. CHAT.md says what they mean.</summary>
public static partial class ChatGrammar
{
    /// <summary>Digits of the longest id or number.</summary>
    private const int DigitsMax = 18;

    // Short: also strangers get it, who may have forged their address.
    private const string Verbs = "commands are /join /who /to /all /ping /leave /got";

    private static readonly UTF8Encoding s_utf8 = new(false, throwOnInvalidBytes: true);

    /// <summary>What a client says with a line; a line feed, or a return and a line feed, may end it.</summary>
    public static ChatRequest ReadRequest(ReadOnlySpan<byte> line, ChatLimits limits)
    {
        ArgumentNullException.ThrowIfNull(limits);
        line = WithoutEnd(line);
        if (line.Length > limits.LineBytesMax)
            return Broken(ChatRejection.TooLong, $"the line has {line.Length} bytes, {limits.LineBytesMax} are allowed");
        string text;
        try
        {
            text = s_utf8.GetString(line);
        }
        catch (DecoderFallbackException)
        {
            return Broken(ChatRejection.NotUtf8, "send text in UTF-8");
        }
        if (string.IsNullOrWhiteSpace(text))
            return new ChatRequest.Nothing();
        return text[0] == '/' ? Command(text, limits) : Text(text, limits, said => new ChatRequest.Plain(said));
    }

    /// <summary>The line of a request, without a line feed.</summary>
    public static string Write(ChatRequest request)
    {
        ArgumentNullException.ThrowIfNull(request);
        var id = Marked(request.Id);
        return request switch
        {
            ChatRequest.Join join => $"/join{id} {join.Name}{(join.Acks ? " acks" : "")}",
            ChatRequest.Who { After: { } after } => $"/who{id} {after}",
            ChatRequest.Who => $"/who{id}",
            ChatRequest.Say { IsForAll: true } say => $"/all{id} {say.Text}",
            ChatRequest.Say say => $"/to{id} {say.To} {say.Text}",
            ChatRequest.Plain plain => plain.Text,
            ChatRequest.Ping => $"/ping{id}",
            ChatRequest.Leave => $"/leave{id}",
            ChatRequest.Got got => string.Create(CultureInfo.InvariantCulture, $"/got {got.Number}"),
            _ => throw new ArgumentException($"{request.GetType().Name} is nothing to send", nameof(request)),
        };
    }

    private static ChatRequest Command(string line, ChatLimits limits)
    {
        var (verb, rest) = Cut(line);
        long? id = null;
        if (verb.IndexOf('#') is var mark and > 0)
        {
            if (!TryReadNumber(verb[(mark + 1)..], out var number))
                return Broken(ChatRejection.NotUnderstood, $"an id is a number of at most {DigitsMax} digits");
            (verb, id) = (verb[..mark], number);
        }
        return Command(verb, rest, limits) with { Id = id };
    }

    private static ChatRequest Command(string verb, string rest, ChatLimits limits)
    {
        switch (verb)
        {
            case "/join":
                var (name, options) = Cut(rest);
                if (options is not ("" or "acks"))
                    return Broken(ChatRejection.NotUnderstood, "write /join NAME, or /join NAME acks");
                return Named(name, limits, "/join NAME") ?? new ChatRequest.Join(name, options.Length > 0);
            case "/who":
                return rest.Length == 0 ? new ChatRequest.Who(null) : Named(rest, limits, "/who NAME") ?? new ChatRequest.Who(rest);
            case "/to":
                var (to, text) = Cut(rest);
                return Named(to, limits, "/to NAME TEXT") ?? Text(text, limits, said => new ChatRequest.Say(to, said));
            case "/all":
                return Text(rest, limits, said => new ChatRequest.Say(ChatRequest.Everybody, said));
            case "/ping":
                return new ChatRequest.Ping();
            case "/leave":
                return new ChatRequest.Leave();
            case "/got":
                return TryReadNumber(rest, out var number)
                    ? new ChatRequest.Got(number)
                    : Broken(ChatRejection.NotUnderstood, "write /got NUMBER");
            default:
                return Broken(ChatRejection.NotUnderstood, Verbs);
        }
    }

    private static ChatRequest? Named(string name, ChatLimits limits, string usage) =>
        name.Length == 0 ? Broken(ChatRejection.NotUnderstood, $"write {usage}")
        : ChatName.WrongWith(name, limits.NameBytesMax) is { } wrong ? Broken(ChatRejection.NameRefused, $"it {wrong}")
        : null;

    private static ChatRequest Text(string text, ChatLimits limits, Func<string, ChatRequest> said)
    {
        if (string.IsNullOrWhiteSpace(text))
            return Broken(ChatRejection.NotUnderstood, "there is no text");
        var shown = ChatText.Printable(text);
        var bytes = Encoding.UTF8.GetByteCount(shown);
        return bytes <= limits.TextBytesMax
            ? said(shown)
            : Broken(ChatRejection.TooLong, $"the text has {bytes} bytes, {limits.TextBytesMax} are allowed");
    }

    private static ChatRequest.Broken Broken(ChatRejection rejection, string detail) => new(rejection, detail);

    private static ReadOnlySpan<byte> WithoutEnd(ReadOnlySpan<byte> line)
    {
        if (line is [.. var before, (byte)'\n'])
            line = before;
        return line is [.. var inner, (byte)'\r'] ? inner : line;
    }

    /// <summary>The first word and what is behind the blank after it; blanks before the first word are none.</summary>
    private static (string Word, string Behind) Cut(string line)
    {
        line = line.TrimStart(' ');
        var blank = line.IndexOf(' ');
        return blank < 0 ? (line, "") : (line[..blank], line[(blank + 1)..]);
    }

    private static bool TryReadNumber(string digits, out long number)
    {
        number = 0;
        return digits.Length <= DigitsMax && long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }

    private static string Marked(long? id) => id is { } number ? string.Create(CultureInfo.InvariantCulture, $"#{number}") : "";
}
