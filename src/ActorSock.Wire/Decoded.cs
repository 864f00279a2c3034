namespace ActorSock.Wire;

/// <summary>Says what a decoder made of the unread bytes.</summary>
public enum Outcome
{
    /// <summary>More bytes are needed before anything can be said.</summary>
    NotYet,

    /// <summary>A frame is complete.</summary>
    Frame,

    /// <summary>The bytes are refused, whatever may follow them.</summary>
    Refused,
}

/// <summary>Holds a decoder's answer: a frame, not yet, or a refusal.</summary>
/// <typeparam name="T">What a complete frame is.</typeparam>
public readonly struct Decoded<T>
{
    private readonly T? _frame;
    private readonly Refusal _refusal;

    internal Decoded(T frame, int consumed)
    {
        Outcome = Outcome.Frame;
        Consumed = consumed;
        _frame = frame;
    }

    internal Decoded(Refusal refusal, int consumed = 0, Announced? announced = null)
    {
        Outcome = Outcome.Refused;
        Consumed = consumed;
        Announced = announced;
        _refusal = refusal;
    }

    /// <summary>Which of the three it is.</summary>
    public Outcome Outcome { get; }

    /// <summary>How many of the unread bytes the frame, or the refused header that was read to its end, took;
    /// else 0.</summary>
    public int Consumed { get; }

    /// <summary>What a refused header had announced; null unless it is a refusal of a header that was read to
    /// its end and whose dialect is plain. Without it the next header cannot be found: the conversation
    /// ends.</summary>
    public Announced? Announced { get; }

    /// <summary>The frame.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public T Frame => Outcome == Outcome.Frame
        ? _frame!
        : throw new InvalidOperationException($"there is no frame: the outcome is {Outcome}");

    /// <summary>The refusal.</summary>
    /// <exception cref="InvalidOperationException">There is none.</exception>
    public Refusal Refusal => Outcome == Outcome.Refused
        ? _refusal
        : throw new InvalidOperationException($"there is no refusal: the outcome is {Outcome}");
}
