namespace ActorSock.Wire.Native;

/// <summary>Says what becomes of a file whose name another one has already.</summary>
public enum ExistsRule
{
    /// <summary>It takes the place of the other.</summary>
    Replace,

    /// <summary>It is refused with <see cref="Rejection.Exists"/>.</summary>
    Refuse,

    /// <summary>It becomes <c>name (2).ext</c>, or whichever number is free.</summary>
    KeepBoth,
}
