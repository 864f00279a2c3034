using Microsoft.Win32.SafeHandles;
using Spectre.Console;

namespace ActorSock.Cli.Terminal;

/// <summary>Where a person's lines come from and where messages to them go, at the same time: a terminal, or a pipe
/// with a program behind it.</summary>
/// <remarks>Lines are read by one caller at a time; all else any thread may call.</remarks>
internal abstract class Dialogue : IDisposable
{
    /// <summary>A terminal where both input and output are one, else a pipe.</summary>
    /// <param name="error">Where remarks go that no terminal shows.</param>
    /// <param name="history">What Up brings back; without it a new one that is not kept.</param>
    public static Dialogue Open(TextWriter error, History? history = null)
    {
        if (Console.IsInputRedirected || Console.IsOutputRedirected || !IsAbleToDraw)
            return new PipeDialogue(StandardInput(), new Results(), error);
        IKeyboard keyboard = OperatingSystem.IsWindows() ? new PortableKeyboard() : new UnixKeyboard();
        var screen = new Screen(Console.OpenStandardOutput(), ColumnsOfTerminal);
        return new TerminalDialogue(keyboard, screen, history ?? new History())
        {
            HasColours = AreColoursWanted,
            Log = Console.IsErrorRedirected ? error : null,
        };
    }

    /// <summary>Whether a person sits there.</summary>
    public abstract bool IsOnTerminal { get; }

    /// <summary>Whether nobody reads any more what is printed.</summary>
    public abstract bool IsClosed { get; }

    /// <summary>What stands before the line that is being typed, on a terminal. It may change at any time.</summary>
    public abstract string Prompt { get; set; }

    /// <summary>The next line, without its end; null at the end of the input.</summary>
    /// <exception cref="OperationCanceledException">It was cancelled, by Ctrl-C for one.</exception>
    public abstract ValueTask<string?> ReadLineAsync(CancellationToken cancel);

    /// <summary>Prints a result: on standard output, or above the line that is being typed. What others chose
    /// must have been escaped.</summary>
    public abstract void Print(string line);

    /// <summary>Prints <c>[from] text</c>, the text escaped, in a line of its own.</summary>
    public abstract void PrintMessage(string from, string text);

    /// <summary>Prints what a service has answered: through a pipe every byte as it is, and a line feed where it
    /// has none at the end; on a terminal escaped but for its lines.</summary>
    public abstract void PrintAnswer(ReadOnlySpan<byte> utf8);

    /// <summary>Tells what is no result: on standard error, or above the line that is being typed.</summary>
    public abstract void Remark(string sentence);

    public abstract void Dispose();

    // Of a terminal .NET's own stream would edit the line in its own way, with sequences that not every terminal knows;
    // the system's way knows them all.
    private static Stream StandardInput() => Console.IsInputRedirected || OperatingSystem.IsWindows()
        ? Console.OpenStandardInput()
        : new FileStream(new SafeFileHandle(RawMode.StandardInput, ownsHandle: false), FileAccess.Read, bufferSize: 0);

    private static bool AreColoursWanted => string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NO_COLOR")); // no-color.org

    /// <summary>Whether standard output is a terminal that shows colours, and somebody wants to see them.</summary>
    public static bool HasColouredOutput => !Console.IsOutputRedirected && IsAbleToDraw && AreColoursWanted;

    private static bool IsAbleToDraw => OperatingSystem.IsWindows()
        ? AnsiConsole.Profile.Capabilities.Ansi
        : Environment.GetEnvironmentVariable("TERM") is not (null or "" or "dumb");

    private static int ColumnsOfTerminal() => Console.WindowWidth is > 0 and var columns ? columns : 80;
}
