namespace ActorSock.Wire;

/// <summary>Refuses one peer for one reason.</summary>
/// <param name="Rejection">Which of the ways to refuse.</param>
/// <param name="Detail">What exactly, in half a sentence, for the event, the log and the one line to the
/// peer. What a peer sent stands in it only as <see cref="Escaping"/> shows it.</param>
public readonly record struct Refusal(Rejection Rejection, string Detail)
{
    /// <summary>Code, sentence and detail, as a peer and a log read it.</summary>
    public override string ToString() => string.IsNullOrEmpty(Detail)
        ? $"{Rejection.Code} {Rejection.Sentence}"
        : $"{Rejection.Code} {Rejection.Sentence}: {Detail}";
}

/// <summary>Tells what a refused header had announced, so that a server can find the next one.</summary>
/// <param name="Dialect">The dialect that the header was in.</param>
/// <param name="BodyBytes">Bytes of the body that the client sends although it is refused: 0 in
/// <see cref="Dialect.BareAcknowledged"/>, where it waits first; null when they cannot be told.</param>
public readonly record struct Announced(Dialect Dialect, long? BodyBytes);
