using System.Net.Sockets;
using ActorSock.Listening;

namespace ActorSock;

/// <summary>A node cannot listen where it was told to.</summary>
public sealed class BindException : IOException
{
    private BindException(string message, Exception cause) : base(message, cause)
    {
    }

    /// <summary>Of all that cannot, in one line.</summary>
    internal static BindException Of(IReadOnlyList<(ListenerPlan Plan, Exception Cause)> listeners) =>
        new(string.Join("; ", listeners.Select(each => Sentence(each.Plan, each.Cause))), listeners[0].Cause);

    private static string Sentence(ListenerPlan plan, Exception cause)
    {
        var (why, what) = (cause as SocketException)?.SocketErrorCode switch
        {
            SocketError.AddressAlreadyInUse => ("the address is in use", $"stop the other server or set {plan.Key}"),
            SocketError.AccessDenied => ("access is denied", $"ports below 1024 need a privilege, a socket file a writable folder: set {plan.Key}"),
            SocketError.AddressNotAvailable => ("this machine does not have that address", $"set {plan.Key}"),
            SocketError.HostNotFound or SocketError.NoData or SocketError.TryAgain => ("the host name has no address", $"set {plan.Key}"),
            _ => (cause.Message, $"set {plan.Key}"),
        };
        return $"cannot listen on {plan.Name} {plan.Endpoint}: {why}: {what}";
    }
}
