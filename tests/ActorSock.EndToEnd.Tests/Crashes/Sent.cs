namespace ActorSock.EndToEnd.Tests.Crashes;

/// <summary>One upload that a client began, and what became of it as far as the client knows.</summary>
internal sealed record Sent(string Name, long Bytes, string Digest, bool IsRight, long Begun)
{
    /// <summary>When the client heard of it, or when a restarted node had decided about it; never otherwise.</summary>
    public long Ended { get; set; } = long.MaxValue;

    /// <summary>What the client was told; empty while it was told nothing.</summary>
    public string Verdict { get; set; } = "";

    /// <summary>False once it cannot come any more: its digest was wrong, or a recovery has left it out.</summary>
    public bool MayAppear { get; set; } = IsRight;

    public bool IsAcknowledged => Verdict == "203";

    public override string ToString() => $"{Name} ({Bytes} bytes, {Digest}, told '{Verdict}')";
}
