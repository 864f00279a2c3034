using ActorSock.Wire.Text;

namespace ActorSock.Chat;

/// <summary>One text on its way to one member or to all, until it is known who has it.</summary>
/// <param name="sender">who said it</param>
/// <param name="id">the id of the command</param>
/// <param name="to">for whom, as the answer writes it; <see cref="ChatRequest.Everybody"/> for all</param>
/// <param name="text">what was said</param>
/// <param name="of">how many are to have it</param>
internal sealed class Delivery(ChatMember sender, long? id, string to, string text, int of)
{
    private readonly List<(string Name, string Why)> _missing = [];
    private int _got;

    public ChatMember Sender => sender;

    /// <summary>Who said it, under the name of that time.</summary>
    public string From { get; } = sender.Name;

    public long? Id => id;

    public string Text => text;

    public bool ToAll { get; } = to == ChatRequest.Everybody;

    public bool IsSettled => _got + _missing.Count == of;

    /// <summary>Whether nobody has it.</summary>
    public bool HasFailed => _got == 0;

    public void Arrived() => _got++;

    public void Failed(string name, string why) => _missing.Add((name, why));

    /// <summary>The answer for the sender.</summary>
    /// <param name="namesBytesMax">bytes that names may take on the line</param>
    public ChatNotice Answer(int namesBytesMax)
    {
        if (!ToAll)
            return _missing is [var (_, why)] ? new ChatNotice.Undelivered(to, why) { Id = id } : new ChatNotice.Delivered(to) { Id = id };
        var (names, more) = NameList.Fit([.. _missing.Select(each => each.Name)], namesBytesMax);
        return new ChatNotice.DeliveredToAll(_got, of, names, more) { Id = id };
    }
}
