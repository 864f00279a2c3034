using ActorSock.Wire.Text;

namespace ActorSock.Tests.Chat;

/// <summary>A client as CHAT.md tells to write one, over any way to send lines; one command at a time.</summary>
internal sealed class PaperTalker(int index, Action<string> send, HandClock clock)
{
    private long _id = 1000;
    private long? _joined;
    private long _last;
    private string? _line, _verb;
    private TimeSpan _repeatAt, _wait;

    public int Index => index;

    /// <summary>Texts that arrived, each with the name that it came under.</summary>
    public List<(string From, string Text)> Texts { get; } = [];

    /// <summary>Texts that it was told to be delivered.</summary>
    public List<string> Delivered { get; } = [];

    /// <summary>Its name, as far as it knows.</summary>
    public string? Name { get; private set; }

    public bool IsWaiting => _line is not null;

    private TimeSpan Now => TimeSpan.FromTicks(clock.GetTimestamp());

    public void Ask(string verb, string rest)
    {
        (_verb, _line) = (verb, $"{verb}#{++_id} {rest}");
        _wait = TimeSpan.FromMilliseconds(250);
        _repeatAt = Now + _wait;
        send(_line);
    }

    public void Tick()
    {
        if (_line is null || Now < _repeatAt)
            return;
        _wait = TimeSpan.FromSeconds(Math.Min(2, _wait.TotalSeconds * 2));
        _repeatAt = Now + _wait;
        send(_line);
    }

    public void Hear(string line)
    {
        ChatGrammar.TryReadNotice(System.Text.Encoding.UTF8.GetBytes(line), out var notice).ShouldBeTrue(line);
        switch (notice)
        {
            case ChatNotice.From when IsWaiting && _verb == "/join":
                return; // it comes again, and by then it is known what its number means
            case ChatNotice.From from:
                send($"/got {from.Number}");
                if (from.Number <= _last)
                    return;
                _last = from.Number!.Value;
                Texts.Add((from.Name, from.Text));
                return;
            case ChatNotice.Left left when left.Id is null && left.Name == Name:
                Name = null;
                _line = null;
                return;
        }
        if (notice!.Id is null || notice.Id != _id || _line is null || notice is ChatNotice.Pending)
            return;
        var line2 = _line;
        _line = null;
        switch (notice)
        {
            case ChatNotice.Joined joined:
                Name = joined.Name;
                if (_joined != joined.Acks)
                    (_joined, _last) = (joined.Acks, joined.Acks!.Value);
                break;
            case ChatNotice.Left:
                Name = null;
                break;
            case ChatNotice.Refused { Code: 401 }:
                Name = null;
                break;
            case ChatNotice.Delivered when _verb == "/to":
                Delivered.Add(line2.Split(' ', 3)[2]);
                break;
        }
    }
}
