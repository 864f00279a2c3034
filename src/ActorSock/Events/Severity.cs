namespace ActorSock.Events;

/// <summary>How much something matters.</summary>
public enum Severity
{
    /// <summary>To those who look for a fault in the program.</summary>
    Debug,

    /// <summary>To those who want to know what happens.</summary>
    Information,

    /// <summary>To the operator, some time.</summary>
    Warning,

    /// <summary>To the operator, now.</summary>
    Error,
}
