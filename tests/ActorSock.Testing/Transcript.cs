using System.Buffers.Binary;
using System.Net;
using System.Text;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using ActorSock.Events;

namespace ActorSock.Testing;

/// <summary>One conversation on the wire, readable without the code, and replayed against a node.</summary>
/// <remarks>
/// A line is a step: <c>client header JSON</c> (the length, then the JSON), <c>client text T</c>, <c>client hex 00 FF</c>,
/// <c>client md5 T</c> (32 digits), <c>client bytes N</c> (N times x), <c>client ends</c> (half-close), <c>client resets</c>; <c>server T</c> or
/// <c>server bytes 00 FF</c> (exactly these), <c>server line T</c> (a line that begins so), <c>server closes</c>; <c>stored NAME T</c> (or <c>xN</c>), <c>nothing stored</c>, <c>refused NAME</c>
/// (an event with this rejection). <c>service NAME</c> says what is spoken to, when it is not the transfer, <c>set KEY=VALUE</c> with which settings; <c>streams</c> and
/// <c>datagrams</c> where it can be had. In T, <c>\n</c> and <c>\u1234</c> are what they are in JSON. # begins a comment.<br/>
/// Where lines are spoken, <c>client says T</c> and <c>server says T</c> are a line, or a datagram; <c>{A}</c> in it is a number that the server chose, the same wherever it
/// stands. <c>server reply JSON</c> is a frame: its length, then this JSON, and how long it took. <c>as NAME</c>, or <c>as NAME from ADDRESS</c>, says who the client is from there on.
/// </remarks>
internal sealed partial class Transcript
{
    private readonly List<(string Verb, string Text)> _steps = [];

    private Transcript(string name) => Name = name;

    public string Name { get; }

    /// <summary>What is spoken to.</summary>
    public string Service => _steps.FirstOrDefault(step => step.Verb == "service").Text ?? "transfer";

    /// <summary>Settings of the node, each <c>key=value</c>.</summary>
    public IEnumerable<string> Settings => _steps.Where(step => step.Verb == "set").Select(step => step.Text);

    public static Transcript Load(string path)
    {
        var transcript = new Transcript(Path.GetFileNameWithoutExtension(path));
        foreach (var line in File.ReadLines(path).Select(l => l.Trim()).Where(l => l.Length > 0 && l[0] != '#'))
        {
            var verb = s_verbs.FirstOrDefault(v => line == v || line.StartsWith(v + " ", StringComparison.Ordinal))
                ?? throw new FormatException($"{path}: no step of a transcript: {line}");
            transcript._steps.Add((verb, line[verb.Length..].TrimStart()));
        }
        return transcript;
    }

    /// <summary>Whether it cannot be had in datagrams.</summary>
    public bool OnlyStreams => _steps.Exists(step => step.Verb == "streams");

    /// <summary>Whether it cannot be had in anything else.</summary>
    public bool OnlyDatagrams => _steps.Exists(step => step.Verb == "datagrams");

    /// <summary>Plays the conversation. What the client says between two words of the server goes out in pieces as <paramref name="cut"/> says.</summary>
    /// <param name="node">a fresh node</param>
    /// <param name="cut">how many of the remaining bytes go into the next segment</param>
    public async Task Play(TestNode node, Func<int, int> cut)
    {
        await Play(node, _ => node.Connect(), cut);
    }

    /// <summary>The same over connections, or sockets for datagrams; each client has its own, from the given address where it needs a certain one.</summary>
    public async Task Play(TestNode node, Func<IPAddress?, Task<WireClient>> connect, Func<int, int> cut)
    {
        Dictionary<string, WireClient> clients = [];
        try
        {
            await Play(node, clients, connect, cut);
        }
        finally
        {
            foreach (var client in clients.Values)
                client.Dispose();
        }
    }

    private async Task Play(TestNode node, Dictionary<string, WireClient> clients, Func<IPAddress?, Task<WireClient>> connect, Func<int, int> cut)
    {
        var said = new MemoryStream();
        Dictionary<string, string> numbers = [];
        WireClient? client = null;
        foreach (var (verb, rest) in _steps)
        {
            if (verb is "service" or "streams" or "datagrams" or "set")
                continue;
            if (verb == "as")
            {
                if (client is not null)
                    await Flush(client, said, cut);
                var (name, from) = rest.Split(" from ") is [var n, var address] ? (n, IPAddress.Parse(address)) : (rest, null);
                if (!clients.TryGetValue(name, out client))
                    client = clients[name] = await connect(from);
                continue;
            }
            client ??= clients[""] = await connect(null);
            if (verb == "client says")
            {
                await client.SayLine(Number().Replace(rest, number => numbers[number.Value]));
                continue;
            }
            if (verb == "server says")
            {
                Expect(rest, WithNames(rest, await client.ReadLine(), numbers));
                continue;
            }
            if (Bytes(verb, rest) is { } bytes)
            {
                if (OnlyStreams)
                    await Flush(client, said, cut); // the cut is the point
                said.Write(bytes);
                continue;
            }
            await Flush(client, said, cut);
            await Check(node, client, verb, rest);
        }
        if (client is not null)
            await Flush(client, said, cut);
    }

    /// <summary>What was heard, with the names of the numbers in it: those that were not known are now.</summary>
    private static string WithNames(string wanted, string heard, Dictionary<string, string> numbers)
    {
        var names = Number().Matches(wanted).Select(match => match.Value).ToList();
        var pattern = string.Join(@"(\d+)", Number().Split(wanted).Select(Regex.Escape));
        if (Regex.Match(heard, $@"\A{pattern}\z") is not { Success: true } match)
            return heard;
        var isSame = names.Index().All(each => numbers.TryAdd(each.Item, match.Groups[each.Index + 1].Value)
            || numbers[each.Item] == match.Groups[each.Index + 1].Value);
        return isSame ? wanted : heard;
    }

    [GeneratedRegex(@"\{[A-Z]\}")]
    private static partial Regex Number();

    private static readonly string[] s_verbs =
    [
        "service", "streams", "datagrams", "set", "as", "client says", "server says", "server reply", "client header", "client text", "client hex", "client md5", "client bytes", "client ends", "client resets", "client closes",
        "server line", "server closes", "server bytes", "server", "stored", "nothing stored", "refused",
    ];

    private static byte[]? Bytes(string verb, string rest) => verb switch
    {
        "client header" => WireClient.Prefixed(rest),
        "client text" => Text(rest),
        "client hex" => Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal)),
        "client md5" => WireClient.Digits(Text(rest)),
        "client bytes" => Enumerable.Repeat((byte)'x', int.Parse(rest)).ToArray(),
        _ => null,
    };

    private static byte[] Text(string text) => text.Length > 1 && text[0] == 'x' && int.TryParse(text[1..], out var count)
        ? Enumerable.Repeat((byte)'x', count).ToArray()
        : Encoding.UTF8.GetBytes(Regex.Unescape(text));

    private static async Task Flush(WireClient client, MemoryStream said, Func<int, int> cut)
    {
        var all = said.ToArray();
        said.SetLength(0);
        for (var sent = 0; sent < all.Length;)
        {
            var piece = Math.Clamp(cut(all.Length - sent), 1, all.Length - sent);
            await client.Send(all[sent..(sent + piece)]);
            sent += piece;
        }
    }

    private async Task Check(TestNode node, WireClient client, string verb, string rest)
    {
        switch (verb)
        {
            case "client ends": client.EndSending(); break;
            case "client resets": client.Reset(); break;
            case "client closes": client.Dispose(); break;
            case "server":
                var wanted = Encoding.UTF8.GetString(Text(rest));
                Expect(wanted, await client.Read(Encoding.UTF8.GetByteCount(wanted)));
                break;
            case "server bytes":
                var bytes = Convert.FromHexString(rest.Replace(" ", "", StringComparison.Ordinal));
                Expect(Convert.ToHexString(bytes), Convert.ToHexString(await client.ReadBytes(bytes.Length)));
                break;
            case "server line":
                var line = await client.ReadToEnd();
                if (!line.StartsWith(rest, StringComparison.Ordinal) || !line.EndsWith('\n'))
                    Expect(rest + "...\\n", line);
                break;
            case "server reply":
                var length = BinaryPrimitives.ReadInt32LittleEndian(await client.ReadBytes(sizeof(int)));
                var reply = JsonNode.Parse(await client.ReadBytes(length))!.AsObject();
                Expect("True", $"{reply["duration"]!.GetValue<double>() >= 0}");
                reply.Remove("duration");
                Expect(JsonNode.Parse(rest)!.ToJsonString(), reply.ToJsonString());
                break;
            case "server closes":
                Expect("", await client.ReadToEnd());
                break;
            case "stored":
                var (name, content) = rest.Split(' ', 2) is [var n, var c] ? (n, c) : (rest, "");
                var text = Text(content);
                await node.Events.Until<ServerEvent.Stored>(e => e.File == name && e.Bytes == text.Length);
                Expect(Encoding.UTF8.GetString(text), Encoding.UTF8.GetString(node.Stored()[name]));
                break;
            case "nothing stored":
                Expect("", string.Join(' ', node.Stored().Keys));
                Expect("", string.Join(' ', node.Parts()));
                break;
            case "refused":
                await node.Events.Until<ServerEvent.Refused>(e => e.Rejection == rest);
                break;
        }
    }

    private void Expect(string wanted, string got)
    {
        if (wanted != got)
            throw new InvalidOperationException($"{Name}: expected '{wanted}' but got '{got}'");
    }
}
