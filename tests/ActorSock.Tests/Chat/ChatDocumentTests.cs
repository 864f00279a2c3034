using System.Globalization;
using ActorSock.Settings;

namespace ActorSock.Tests.Chat;

/// <summary>Holds the conversations of CHAT.md.</summary>
public class ChatDocumentTests
{
    private static readonly string s_document = File.ReadAllText(Path.Combine(Repository.Root, "src", "ActorSock.Wire", "CHAT.md"));

    public static TheoryData<int, string> Conversations
    {
        get
        {
            var data = new TheoryData<int, string>();
            foreach (var (number, block) in s_document.Split("```").Where(block => block.StartsWith("chat\n", StringComparison.Ordinal)).Index())
                data.Add(number + 1, block["chat\n".Length..]);
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(Conversations))]
    public void An_example_is_what_is_said(int number, string conversation)
    {
        number.ShouldBePositive();
        var room = new TalkingRoom(TalkingRoom.Rules with
        {
            Bound = new Dictionary<string, BoundMember> { ["egg"] = new() { Address = "127.0.0.1:9005", To = "all" } },
        });
        if (!conversation.Contains("egg", StringComparison.Ordinal))
            room = new TalkingRoom();
        foreach (var line in conversation.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            // WHO > LINE, WHO < LINE, or = TIME
            var signAt = line.IndexOfAny(['>', '<', '=']);
            var (who, sign, what) = (line[..signAt].Trim(), line[signAt], line[(signAt + 1)..].TrimStart());
            if (sign == '>')
                room.Say(who, what);
            else if (sign == '=')
                room.Passes(TimeSpan.FromMilliseconds(double.Parse(what.Split(' ')[0], CultureInfo.InvariantCulture)));
            else
                room.Heard.Remove($"{who} < {what}").ShouldBeTrue($"{line}, in {string.Join('\n', room.Heard)}");
        }
        room.Heard.ShouldBeEmpty();
    }
}
