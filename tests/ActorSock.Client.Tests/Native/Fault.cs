using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Tests.Native;

/// <summary>What goes wrong with one request.</summary>
internal abstract record Fault
{
    private Fault() { }

    /// <summary>Nothing is wrong with it, but something happens before it is done.</summary>
    public sealed record Event(Action Happens) : Fault;

    /// <summary>It is refused; its body is read and thrown away.</summary>
    public sealed record Refuse(Rejection With) : Fault;

    /// <summary>The connection ends when so many bytes of its body have come.</summary>
    public sealed record CutInBody(long Bytes) : Fault;

    /// <summary>It is refused when so many bytes of its body have come, and no more is read.</summary>
    public sealed record RefuseInBody(long Bytes, Rejection With) : Fault;

    /// <summary>It is done, and the connection ends without a word of it.</summary>
    public sealed record CutBeforeReply : Fault;

    /// <summary>It is done, and all that is said is that the connection ends, and why.</summary>
    public sealed record CloseBeforeReply(Rejection With) : Fault;

    /// <summary>The connection ends when so many bytes of the body of the answer have gone.</summary>
    public sealed record CutInAnswer(int Bytes) : Fault;

    /// <summary>It is done, and something else is said.</summary>
    public sealed record Lie(Func<NativeReply, byte[], (NativeReply Reply, byte[] Body)> What) : Fault;

    /// <summary>So many bytes of the body of the answer go, and nothing behind them.</summary>
    public sealed record StallInAnswer(int Bytes) : Fault;

    /// <summary>It is not looked at before that is done; its connection ends then, or it is answered.</summary>
    public sealed record Hold(Task Until, bool Cuts) : Fault;

    /// <summary>It is never answered.</summary>
    public sealed record Silence : Fault;
}
