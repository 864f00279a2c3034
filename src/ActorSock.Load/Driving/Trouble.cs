using System.Globalization;
using System.Net.Sockets;
using ActorSock.Wire;
using ActorSock.Wire.Native;

namespace ActorSock.Load.Driving;

/// <summary>Names the kinds of errors, as reports count them.</summary>
internal static class Trouble
{
    public const string Closed = "closed by the node";
    public const string Reset = "connection reset";
    public const string Late = "no answer in time";
    public const string Descriptors = "no more descriptors";

    public static string Of(SocketError? error) => error switch
    {
        null => Closed,
        SocketError.ConnectionReset or SocketError.Shutdown or SocketError.ConnectionAborted => Reset,
        _ => $"connection broken: {error}",
    };

    public static string NotConnected(SocketError error) => error switch
    {
        SocketError.TooManyOpenSockets => Descriptors,
        _ => $"cannot connect: {error}",
    };

    /// <summary>A refusal that is three digits alone.</summary>
    public static string Of(int code)
    {
        var names = Rejection.All.Where(each => each.Code == code && !each.IsNative).ToList();
        return names.Count == 1 ? $"refused: {names[0]}" : $"refused: {code}";
    }

    /// <summary>A refusal in the native dialect.</summary>
    public static string Of(NativeReply reply) => $"refused: {reply.Status} {Escaping.Printable(reply.Error ?? "", 40)}";

    /// <summary>A closing line, or what came in its place.</summary>
    public static string OfLine(string line)
    {
        if (line.Length < 3 || !int.TryParse(line.AsSpan(0, 3), NumberStyles.None, CultureInfo.InvariantCulture, out var code))
            return "not understood: " + Escaping.Printable(line, 40);
        var named = Rejection.All.FirstOrDefault(each => each.Code == code
            && line.AsSpan(3).TrimStart().StartsWith(each.Sentence, StringComparison.Ordinal));
        return named is null ? Of(code) : $"refused: {named}";
    }
}
