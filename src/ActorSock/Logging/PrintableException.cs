using ActorSock.Wire;

namespace ActorSock.Logging;

/// <summary>Shows an exception in a log so that no line of it can be taken for a line of the log: each is
/// indented, and its text printable.</summary>
internal sealed class PrintableException : Exception
{
    public PrintableException(Exception cause) : base(Escaping.Printable(cause.Message), cause) { }

    public override string ToString() => string.Join(Environment.NewLine,
        InnerException!.ToString().Split('\n')
            .Select(line => "    " + Escaping.Printable(line.TrimEnd('\r'))));
}
