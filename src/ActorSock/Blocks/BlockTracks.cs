using System.Diagnostics;

namespace ActorSock.Blocks;

/// <summary>Remembers of each block that is out who rented it, when and where: finds who keeps one.</summary>
/// <remarks>
/// Not thread-safe, apart from <see cref="Begin"/>, which is too slow for a lock. A pool without it pays nothing.
/// </remarks>
/// <param name="clock">the node's</param>
internal sealed class BlockTracks(TimeProvider clock)
{
    /// <summary>More are of no help to who reads them.</summary>
    private const int MethodsMax = 6;

    private readonly Dictionary<Block, Track> _out = [];

    /// <summary>One wish for a block.</summary>
    /// <param name="Holder">whose</param>
    /// <param name="Timestamp">of the node's clock</param>
    /// <param name="Stack">where</param>
    internal sealed record Track(string Holder, long Timestamp, StackTrace Stack);

    /// <summary>A block that is out.</summary>
    /// <param name="Bytes">its capacity</param>
    /// <param name="Holder">who rented it</param>
    /// <param name="Age">how long ago</param>
    /// <param name="Place">the methods that led there, innermost first</param>
    public sealed record Rental(int Bytes, string Holder, TimeSpan Age, string Place)
    {
        public override string ToString() => $"{Bytes} bytes, rented by {Holder} {Age.TotalSeconds:0.000} s ago: {Place}";
    }

    /// <summary>Who asks for a block now, on this thread.</summary>
    public Track Begin(string holder) => new(holder, clock.GetTimestamp(), new StackTrace(fNeedFileInfo: false));

    public void Add(Block block, Track track) => _out.Add(block, track);

    public void Remove(Block block) => _out.Remove(block);

    /// <summary>Who has what now, the oldest first.</summary>
    public IReadOnlyList<Rental> All() => [.. _out
        .OrderBy(static one => one.Value.Timestamp)
        .Select(one => new Rental(
            one.Key.Capacity, one.Value.Holder, clock.GetElapsedTime(one.Value.Timestamp), Place(one.Value.Stack)))];

    /// <summary>The methods of the rooms above; blocks and the actor engine below are the same for everybody.</summary>
    private static string Place(StackTrace stack)
    {
        var methods = stack.GetFrames().Select(DiagnosticMethodInfo.Create).OfType<DiagnosticMethodInfo>()
            .Where(static method => method.DeclaringTypeName is { } type && type.StartsWith("ActorSock.", StringComparison.Ordinal)
                && !type.StartsWith("ActorSock.Blocks.", StringComparison.Ordinal)
                && !type.StartsWith("ActorSock.Actors.", StringComparison.Ordinal))
            .Select(static method => $"{Short(method.DeclaringTypeName!)}.{Plain(method.Name)}")
            .Take(MethodsMax).ToList();
        return methods.Count > 0 ? string.Join(" < ", methods) : "nowhere in the program's own methods";
    }

    private static string Short(string type) => type[(type.LastIndexOf('.') + 1)..].Split('+')[0];

    /// <summary>What the compiler named after the method that an anonymous one stands in.</summary>
    private static string Plain(string method) => method.StartsWith('<') && method.IndexOf('>') is var end and > 1
        ? method[1..end]
        : method;
}
