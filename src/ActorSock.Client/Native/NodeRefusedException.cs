using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Client.Native;

/// <summary>The node refused a request.</summary>
public sealed class NodeRefusedException : IOException
{
    internal NodeRefusedException(NativeReply reply)
        : base(Sentence(reply)) => Reply = reply;

    /// <summary>Three digits, see the table in WIRE.md.</summary>
    public int Status => Reply.Status;

    /// <summary>The name in the same table, such as <c>NameRefused</c>; null when the node did not say.</summary>
    public string? Error => Reply.Error;

    /// <summary>Whether the same request may be taken later.</summary>
    public bool IsWorthRetrying => Status is 408 or 500 or 503 or 507;

    /// <summary>All that the node said.</summary>
    internal NativeReply Reply { get; }

    /// <summary>Whether what was asked may be done all the same: the node refused to go on with the connection.</summary>
    internal bool LeavesUnsaid { get; init; }

    internal bool Is(Rejection rejection) => Error == rejection.Name;

    private static string Sentence(NativeReply reply) =>
        Escaping.Printable($"{reply.Status} {reply.Message ?? reply.Error ?? "the node did not say why"}");
}
