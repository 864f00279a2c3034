namespace ActorSock.Wire.Native;

/// <summary>Says how far an upload has come when the client is told of it.</summary>
public enum AckLevel
{
    /// <summary>All bytes have arrived. Nothing is promised yet.</summary>
    Received,

    /// <summary>They have the digest that was promised.</summary>
    Verified,

    /// <summary>They are on stable storage under their name.</summary>
    Durable,
}
