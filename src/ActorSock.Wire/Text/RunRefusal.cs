using System.Globalization;

namespace ActorSock.Wire.Text;

/// <summary>Says why a command is not run. Every way to refuse one stands here; COMMANDS.md has the table.</summary>
/// <param name="Code">Three digits in the manner of HTTP.</param>
/// <param name="Why">A sentence for the person who typed it; what that person sent stands in it printable.</param>
/// <param name="Closes">Whether the conversation ends, because nobody knows where the next request begins.</param>
public sealed record RunRefusal(int Code, string Why, bool Closes = false)
{
    private const int EchoCharsMax = 64;

    /// <summary>The line, or the request, cannot be read.</summary>
    public static RunRefusal Unreadable(string why) => new(400, $"cannot be read: {why}");

    /// <summary>Where the request ends cannot be known.</summary>
    public static RunRefusal Endless(string why) => new(400, $"cannot be read: {why}", Closes: true);

    /// <summary>An argument is none of those that the operator allows.</summary>
    public static RunRefusal Argument(string command, string why) => new(403, $"{Echo(command)}: {why}");

    /// <summary>There is no command of this name.</summary>
    /// <param name="command">What was asked for.</param>
    /// <param name="known">What there is.</param>
    public static RunRefusal Unknown(string command, IReadOnlyCollection<string> known)
    {
        ArgumentNullException.ThrowIfNull(known);
        var others = known.Count == 0 ? "this node runs nothing" : $"this node runs: {string.Join(", ", known)}";
        return new(404, $"{Echo(command)}: not found: {others}");
    }

    /// <summary>The program could not be started.</summary>
    public static RunRefusal NotStarted(string command, string why) =>
        new(500, $"{Echo(command)}: not started: {Escaping.Printable(why)}");

    /// <summary>As many programs run, and as many requests wait, as the operator allows.</summary>
    public static RunRefusal Busy(string command, int running, int waiting) => new(503,
        $"{Echo(command)}: not run: {running} programs run and {waiting} wait: try again later");

    /// <summary>Requests of others that are not all there take up the memory for long ones.</summary>
    public static RunRefusal NoRoom(int bytes) => new(503,
        $"cannot be read: the server has no room for a request of {bytes} bytes now: try again later");

    /// <summary>It has begun and is not all there in time.</summary>
    public static RunRefusal Late(double seconds) => new(408,
        $"cannot be read: it was not all there within {seconds.ToString("0.###", CultureInfo.InvariantCulture)} s", Closes: true);

    /// <summary>The node is about to end.</summary>
    public static RunRefusal Draining(string command) =>
        new(503, $"{Echo(command)}: not run: the server is stopping: ask another one, or later");

    /// <summary>What a peer sent, for a sentence: printable, and cut when it is long.</summary>
    public static string Echo(string said) => Escaping.Printable(said, EchoCharsMax);
}
