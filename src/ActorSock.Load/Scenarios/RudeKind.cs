namespace ActorSock.Load.Scenarios;

/// <summary>How clients can be rude.</summary>
internal enum RudeKind
{
    /// <summary>Sends half a body, and then nothing.</summary>
    Stall,

    /// <summary>Resets the connection in the middle of a body.</summary>
    Reset,

    /// <summary>Sends random bytes in the place of a header.</summary>
    Garbage,

    /// <summary>Closes its sending side in the middle of a body.</summary>
    HalfClose,

    /// <summary>Sends a header, one byte at a time, for ever.</summary>
    SlowLoris,
}
