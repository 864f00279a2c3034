namespace ActorSock.Chat;

/// <summary>Somebody who is here: a name, the door to it, and the texts that wait before that door.</summary>
internal sealed class ChatMember(string name, string key, ChatDoor door, AnswerMemory answers, LineRate rate, TimeSpan now)
{
    private LineRate _rate = rate;
    private LineRate _complaints = new(1, 1, now);

    /// <summary>As its bearer writes it, in normal form C.</summary>
    public string Name { get; set; } = name;

    /// <summary>The name for comparing.</summary>
    public string Key { get; set; } = key;

    public ChatDoor Door { get; set; } = door;

    /// <summary>Whether it acknowledges texts.</summary>
    public bool Acks { get; set; }

    /// <summary>The operator has bound it: it sends and gets bare texts.</summary>
    public Binding? Binding { get; init; }

    /// <summary>Texts for it have higher numbers.</summary>
    public long FirstNumber { get; init; }

    public AnswerMemory Answers => answers;

    public TimeSpan Came { get; } = now;

    /// <summary>When it was heard last.</summary>
    public TimeSpan Heard { get; set; } = now;

    /// <summary>How long it may be silent; null for ever.</summary>
    public TimeSpan? SilenceLimit { get; init; }

    /// <summary>False when it has left.</summary>
    public bool IsHere { get; set; } = true;

    /// <summary>Texts that wait until the one before them has arrived.</summary>
    public Queue<Delivery> Waiting { get; } = [];

    /// <summary>The one that is on its way.</summary>
    public Parcel? OnItsWay { get; set; }

    /// <summary>When the room will look after it; far away when it need not.</summary>
    public TimeSpan LookedAfterAt { get; set; } = TimeSpan.MaxValue;

    public long Sent { get; set; }

    public long Received { get; set; }

    public long Refused { get; set; }

    /// <summary>When the room must look after it.</summary>
    public TimeSpan Due
    {
        get
        {
            var gone = SilenceLimit is { } limit ? Heard + limit : TimeSpan.MaxValue;
            return OnItsWay?.RepeatAt is { } repeat && repeat < gone ? repeat : gone;
        }
    }

    public bool MaySpeak(TimeSpan now) => _rate.TryTake(now);

    /// <summary>Whether it is told, too: a flood is not answered by a flood.</summary>
    public bool MayBeToldOfHaste(TimeSpan now) => _complaints.TryTake(now);

    /// <summary>A text that was sent and not yet acknowledged.</summary>
    /// <param name="Delivery">the text</param>
    /// <param name="Number">its number for this member</param>
    /// <param name="Line">what was sent</param>
    internal sealed record Parcel(Delivery Delivery, long Number, string Line)
    {
        public int Repeats { get; set; }

        /// <summary>When it is sent again; null over a connection, which does that by itself.</summary>
        public TimeSpan? RepeatAt { get; set; }
    }
}
