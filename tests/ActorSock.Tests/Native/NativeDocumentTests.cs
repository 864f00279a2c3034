using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorSock.Testing;

namespace ActorSock.Tests.Native;

/// <summary>Holds the conversations of the native protocol in WIRE.md.</summary>
public sealed partial class NativeDocumentTests
{
    private static readonly string s_document = File.ReadAllText(Path.Combine(Repository.Root, "src", "ActorSock.Wire", "WIRE.md"));

    public static TheoryData<int, string> Conversations
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var (number, block) in s_document.Split("```").Where(block => block.StartsWith("native\n", StringComparison.Ordinal)).Index())
                data.Add(number + 1, block["native\n".Length..]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public Task An_example_is_what_is_said(int number, string conversation) => Replay(number, conversation, pieceBytes: int.MaxValue);

    /// <summary>Says what the client says, in pieces of so many bytes, and hears what the server is to say.</summary>
    internal static async Task Replay(int number, string conversation, int pieceBytes)
    {
        number.ShouldBePositive();
        await using var node = await TestNode.Start();
        using var peer = new NativePeer(await node.Connect());
        List<string> due = [];
        foreach (var line in conversation.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line[0] == 'S')
            {
                due.Add(line[2..]);
                continue;
            }
            await Hear(peer, due);
            foreach (var piece in Spelled(line[2..]).Chunk(pieceBytes))
                await peer.Wire.Send(piece);
        }
        await Hear(peer, due);
    }

    /// <summary>Replies come in any order, but each is one of those that are due.</summary>
    private static async Task Hear(NativePeer peer, List<string> due)
    {
        while (due.Count > 0)
        {
            if (due is ["EOF"])
            {
                (await peer.IsClosed()).ShouldBeTrue();
                due.Clear();
                return;
            }
            var said = await peer.Read();
            var text = (said.Header.ToJsonString(s_plain) + Shown(said.Body)).Trim();
            var fitting = due.FindIndex(wanted => Fits(wanted, text));
            fitting.ShouldBeGreaterThanOrEqualTo(0, $"{text}\nis none of\n{string.Join('\n', due)}");
            due.RemoveAt(fitting);
        }
    }

    private static readonly System.Text.Json.JsonSerializerOptions s_plain =
        new() { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private static string Shown(byte[] body) => body.Length == 0 ? "" : $" '{Encoding.UTF8.GetString(body).Replace("\n", "\\n", StringComparison.Ordinal)}'";

    /// <summary>White space outside of texts says nothing; ... is anything.</summary>
    private static bool Fits(string wanted, string said)
    {
        var pattern = Regex.Escape(Bare(wanted)).Replace("\\.\\.\\.", ".*", StringComparison.Ordinal).Replace(",.*}", ".*}", StringComparison.Ordinal);
        return Regex.IsMatch(Bare(said), $"^{pattern}$");
    }

    private static string Bare(string text)
    {
        var bare = new StringBuilder();
        var isText = false;
        foreach (var c in text)
        {
            isText ^= c == '"';
            if (isText || c != ' ')
                bare.Append(c);
        }
        return bare.ToString();
    }

    /// <summary>A header, and behind it 'text' and [int32].</summary>
    private static byte[] Spelled(string line)
    {
        var headerEnd = line.LastIndexOf('}') + 1;
        var bytes = NativePeer.Frame(line[..headerEnd]).ToList();
        JsonNode.Parse(line[..headerEnd]).ShouldNotBeNull();
        foreach (Match piece in Behind().Matches(line[headerEnd..]))
        {
            bytes.AddRange(piece.Groups["number"].Success
                ? NativePeer.Length(int.Parse(piece.Groups["number"].ValueSpan))
                : Encoding.UTF8.GetBytes(piece.Groups["text"].Value));
        }
        return [.. bytes];
    }

    [GeneratedRegex(@"\[(?<number>-?\d+)\]|'(?<text>[^']*)'")]
    private static partial Regex Behind();
}
