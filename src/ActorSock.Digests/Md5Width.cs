namespace ActorSock.Digests;

/// <summary>How many lanes one kernel digests together.</summary>
public enum Md5Width
{
    /// <summary>One lane; every processor has it.</summary>
    One = 1,

    /// <summary>Four lanes in vectors of 128 bits: SSE2 and later, Arm.</summary>
    Four = 4,

    /// <summary>Eight lanes in vectors of 256 bits: AVX2 and later.</summary>
    Eight = 8,

    /// <summary>Sixteen lanes in vectors of 512 bits: AVX-512.</summary>
    Sixteen = 16,
}
