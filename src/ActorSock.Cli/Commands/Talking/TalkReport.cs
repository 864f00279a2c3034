using ActorSock.Cli.Terminal;
using ActorSock.Client.Chat;
using ActorSock.Wire;
using ActorSock.Wire.Text;

namespace ActorSock.Cli.Commands.Talking;

/// <summary>Tells what was said and what became of it: texts are results, all else are remarks; with JSON all are results.</summary>
internal sealed class TalkReport(Dialogue dialogue, bool json)
{
    public void Tell(ChatNews news)
    {
        switch (news)
        {
            case ChatNews.Text text when json:
                Write("text", ("from", text.From), ("to", text.ToAll ? ChatRequest.Everybody : "you"), ("text", text.Said));
                break;
            case ChatNews.Text text:
                dialogue.PrintMessage(text.ToAll ? $"{text.From} to all" : text.From, text.Said);
                break;
            case ChatNews.Came came:
                Remark("came", $"{came.Name} has come", ("name", came.Name));
                break;
            case ChatNews.Left left:
                Remark("left", $"{left.Name} has left{(left.Why is null ? "" : $": {left.Why}")}", ("name", left.Name), ("why", left.Why ?? ""));
                break;
            case ChatNews.Renamed renamed:
                Remark("renamed", $"{renamed.Name} is {renamed.Now} now", ("name", renamed.Name), ("now", renamed.Now));
                break;
            case ChatNews.Lost lost:
                Remark("lost", $"not in the chat any more: {lost.Why}: trying to come back", ("why", lost.Why));
                break;
            case ChatNews.Back:
                Remark("back", "back in the chat");
                break;
        }
    }

    /// <summary>What became of a text.</summary>
    /// <returns>Whether everybody has it for whom it was.</returns>
    public bool Tell(ChatNotice answer)
    {
        switch (answer)
        {
            case ChatNotice.Delivered to:
                Remark("delivered", $"delivered to {to.To}", ("to", to.To));
                return true;
            case ChatNotice.DeliveredToAll all:
                Remark("delivered", ToAll(all), ("to", ChatRequest.Everybody), ("got", all.Got), ("of", all.Of));
                return all.Got == all.Of;
            case ChatNotice.Undelivered un:
                Remark("undelivered", $"not delivered to {un.To}: {un.Why}", ("to", un.To), ("why", un.Why));
                return false;
            case ChatNotice.Unknown unknown:
                Remark("unknown", $"nobody here is called {unknown.To}: /who tells who is here", ("to", unknown.To));
                return false;
            case ChatNotice.Refused refused:
                Remark("refused", $"refused: {refused.Code} {refused.Reason}", ("code", refused.Code), ("why", refused.Reason));
                return false;
            default:
                throw new ArgumentException($"{answer.GetType().Name} is no answer to a text", nameof(answer));
        }
    }

    public void TellWho(IReadOnlyList<string> names)
    {
        if (json)
            Write("here", ("names", names));
        else
            dialogue.Print(Escaping.Printable(string.Join(' ', names)));
    }

    public void Remark(string sentence) => dialogue.Remark(Escaping.Printable(sentence));

    private void Remark(string what, string sentence, params (string Name, object Value)[] fields)
    {
        if (json)
            Write(what, fields);
        else
            Remark(sentence);
    }

    private static string ToAll(ChatNotice.DeliveredToAll all)
    {
        if (all.Of == 0)
            return "nobody else is here";
        var missing = all.More > 0 ? [.. all.Missing, $"{all.More} more"] : all.Missing;
        return all.Got == all.Of
            ? $"delivered to all {all.Of}"
            : $"delivered to {all.Got} of {all.Of}, not to {string.Join(", ", missing)}";
    }

    private void Write(string what, params (string Name, object Value)[] fields) => dialogue.Print(JsonLine.Of(writer =>
    {
        writer.WriteString("what", what);
        foreach (var (name, value) in fields)
        {
            switch (value)
            {
                case int number:
                    writer.WriteNumber(name, number);
                    break;
                case IReadOnlyList<string> texts:
                    writer.WriteStartArray(name);
                    foreach (var text in texts) writer.WriteStringValue(text);
                    writer.WriteEndArray();
                    break;
                default:
                    writer.WriteString(name, (string)value);
                    break;
            }
        }
    }));
}
